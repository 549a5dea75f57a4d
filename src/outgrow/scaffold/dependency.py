"""What makes the project depend on outgrow: shown first, then done.

The file that owns the database package is the nearest ``pyproject.toml`` or requirements file at
or above it.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from outgrow.errors import OutgrowError, define
from outgrow.scaffold.owners import Owner, Wanted, owner_in
from outgrow.scaffold.project import Project
from outgrow.scaffold.reference import Reference, named
from outgrow.scaffold.writing import Written, merged, write

UV_FAILED = define("OG-745", "uv could not add a dependency to the project")

_UV_SECONDS = 600
_DRIVERS = frozenset({"psycopg2", "psycopg2-binary"})
_EXTRAS_WITH_DRIVER = frozenset({"psycopg2", "all"})


@dataclass(frozen=True, slots=True)
class DependencyChange:
    """What is to be done; nothing is done yet.

    Args:
        file: that owns the package, relative to the root; None where there is none.
        shown: what a person sees before it is done: a command, or lines that come and go.
        remaining: what a person does afterwards, or instead; empty where all is there.
        command: that does it, run in ``folder``.
        folder: of the file.
        written: the file, where it is edited.

    """

    file: PurePosixPath | None
    shown: tuple[str, ...] = ()
    remaining: str = ""
    command: tuple[str, ...] = ()
    folder: Path | None = None
    written: Written | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do for `apply`."""
        return bool(self.command) or self.written is not None

    def files(self, root: Path) -> tuple[PurePosixPath, ...]:
        """Give what `apply` changes: the file, and uv's lock file, which a workspace has above."""
        if self.file is None or not self.is_needed:
            return ()
        above = [root / parent / "uv.lock" for parent in self.file.parents]
        locked = next((each for each in above if self.command and each.exists()), None)
        found = [self.file]
        if locked is not None:
            found.append(PurePosixPath(locked.relative_to(root).as_posix()))
        return tuple(found)


def planned(project: Project, reference: Reference | None) -> DependencyChange:
    """Decide how the project comes to depend on outgrow, and on its driver; changes nothing.

    Args:
        project: whose database package imports outgrow.
        reference: where outgrow is from; None where that is not known.

    Raises:
        UsageError: a file can't be read.

    """
    extra = "psycopg2" if project.driver == "psycopg2" else ""
    for folder in (project.package, *project.package.parents):
        owner = owner_in(project.root, project.absolute(folder))
        if owner is not None:
            return _change(owner, reference, extra)
    said = reference.requirement(extra) if reference else named(extra)
    return DependencyChange(
        None,
        remaining=f"No pyproject.toml and no requirements file at or above {project.package} says "
        f"what is installed: install {said} where the application runs",
    )


def apply(change: DependencyChange) -> None:
    """Do what was planned.

    Raises:
        UsageError: the file can't be written.
        OutgrowError: uv fails; it leaves the project as it was.

    """
    if change.written is not None:
        write([change.written])
    if change.command:
        _run(change)


def _change(owner: Owner, reference: Reference | None, extra: str) -> DependencyChange:
    file = PurePosixPath(owner.path.relative_to(owner.root).as_posix())
    known: dict[str, frozenset[str]] = {}
    for name, extras in owner.requirements():
        known[name] = known.get(name, frozenset()) | extras
    ours = known.get("outgrow")
    if _DRIVERS & known.keys() or _EXTRAS_WITH_DRIVER & (ours or frozenset()):
        extra = ""
    if ours is not None and not extra:
        return DependencyChange(file)
    if ours is None and reference is None:
        return DependencyChange(
            file,
            remaining=f"Add {named(extra)} to {file} from where you have it: how this one was "
            "installed is not recorded, and its bare name may be somebody else's",
        )
    wanted = Wanted(reference, extra) if ours is None else Wanted(None)
    folder = owner.path.parent
    command = owner.command(wanted)
    if command:
        line = shlex.join(command)
        remaining = owner.remaining + _only_here(wanted, [line])
        return DependencyChange(file, (line,), remaining, command, folder)
    text = owner.added(wanted)
    if not text:
        return DependencyChange(file, remaining=f"Add to {file} yourself: {wanted.requirement}")
    written = merged(owner.root, str(file), text)
    lines = written.diff().splitlines()[2:]
    shown = tuple(line for line in lines if line.startswith(("+", "-")))
    remaining = owner.remaining + _only_here(wanted, shown)
    return DependencyChange(file, shown, remaining, folder=folder, written=written)


def _only_here(wanted: Wanted, shown: Iterable[str]) -> str:
    """Say so where what is written names a file of this machine."""
    if wanted.reference is None or not wanted.reference.url.startswith("file:"):
        return ""
    places = (wanted.reference.url, str(wanted.reference.folder))
    names_it = any(place in line for place in places for line in shown)
    return " (it names a folder of this machine: nobody else can install that)" if names_it else ""


def _run(change: DependencyChange) -> None:
    try:
        done = subprocess.run(
            change.command,
            cwd=change.folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_UV_SECONDS,
            check=False,
        )
        said = "" if done.returncode == 0 else done.stderr or f"status {done.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    if said:
        raise OutgrowError(
            UV_FAILED,
            f"uv says: {_in_one_line(said)}",
            where=str(change.file),
            fix=f"Then run in {change.folder}: {shlex.join(change.command)}",
        )


def _in_one_line(said: str) -> str:
    """Take uv's frames and arrows away, and its advice to go on regardless."""
    words = " ".join(re.sub(r"[\u2500-\u257f\u25b6\xd7]+", " ", said).split())
    return words.partition(" hint: If you want to add the package regardless")[0][-400:]
