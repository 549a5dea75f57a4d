"""The project that is outfitted: its root, its name, its SQLite files, and where code goes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path, PurePosixPath

from outgrow.errors import UsageError, define
from outgrow.postgres.identifiers import MAX_NAME_BYTES, quote
from outgrow.sqlite.header import is_database
from outgrow.sqlite.labels import file_labels

NO_FILES = define("OG-740", "No SQLite file was found in the project")
OUTSIDE = define("OG-741", "The database package would be outside of the project")
NOT_A_PACKAGE = define("OG-744", "Python could not import the database package by its name")

#: Folders that hold what others wrote, or what tools made.
OTHERS = frozenset(
    "node_modules bower_components vendor vendored third_party site-packages venv env virtualenv "
    "__pycache__ build dist htmlcov migration".split()
)
_PATTERNS = ("*.db", "*.sqlite*")

#: Where the package goes, by what stands there; below the first that exists.
_HOMES = ("app/server", "server", "backend", "app", "api")

#: What the package itself imports; a package of that name would stand in the way.
_IMPORTED = sys.stdlib_module_names | {"outgrow", "psycopg", "psycopg_pool", "psycopg2", "dotenv"}

#: Names of roles and databases that are PostgreSQL's own, all of which look like plain names
#: (https://www.postgresql.org/docs/current/predefined-roles.html; none is a keyword of GRANT).
_TAKEN = re.compile(r"pg_.*|template[01]|public|none")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A SQLite file; ``path`` is relative to the root where it is below it.

    ``label`` is what the files made for it are called.
    """

    path: PurePosixPath
    label: str


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of the project before a file is read."""

    root: Path
    name: str
    package: PurePosixPath
    driver: str
    sources: tuple[SourceFile, ...]

    def absolute(self, path: PurePosixPath | str) -> Path:
        """Give the place of a path of the project."""
        return self.root / path

    @property
    def database(self) -> str:
        """What its database and its role are called: a name that PostgreSQL takes as it is."""
        name = self.name.replace("-", "_")
        if quote(name) != name or _TAKEN.fullmatch(name):
            name = f"app_{name}"
        return name[:MAX_NAME_BYTES]

    @property
    def paths(self) -> list[Path]:
        """The SQLite files, where they are."""
        return [self.absolute(source.path) for source in self.sources]


def project_at(
    root: Path,
    sources: Sequence[Path],
    *,
    package: str | None = None,
    driver: str = "psycopg",
    name: str | None = None,
) -> Project:
    """Look around in a project.

    Args:
        root: where the files go.
        sources: SQLite files; without any, those below the root.
        package: the folder of the database package, relative to the root.
        driver: ``psycopg`` or ``psycopg2``.
        name: what containers are called; the folder's name without it.

    Raises:
        UsageError: there is no SQLite file, one is named twice, the package would be outside, or
            can't be imported.

    """
    root = root.resolve()
    # What is given on the command line is meant from the current folder.
    found = [Path(os.path.abspath(source)) for source in sources] or _each_once(sqlite_files(root))  # noqa: PTH100 (links stay links)
    if not found:
        raise UsageError(
            NO_FILES,
            "there is no SQLite file (*.db, *.sqlite*) outside of hidden and vendored folders",
            where=str(root),
            fix="Name the files: outgrow init path/to/app.db",
        )
    files = tuple(
        SourceFile(_from_root(path, root), label)
        for path, label in zip(found, file_labels(found), strict=True)
    )
    package = package or _home(root)
    home = root / package
    if not home.resolve().is_relative_to(root) or home.resolve() == root:
        raise UsageError(
            OUTSIDE,
            "the database package has to be a folder below the project's root",
            where=package,
            fix="Give a path relative to the root: --package app/database",
        )
    if not home.name.isidentifier() or iskeyword(home.name) or home.name in _IMPORTED:
        raise UsageError(
            NOT_A_PACKAGE,
            f"Python can't import a package of the name {home.name!r}, or imports another one",
            where=package,
            fix="Take a plain name that is not Python's: --package app/database",
        )
    for folder in (root, root / "src"):
        if (folder / "outgrow" / "__init__.py").exists():
            raise UsageError(
                NOT_A_PACKAGE,
                "the project has a package called outgrow, which Python imports instead of ours",
                where=str((folder / "outgrow").relative_to(root)),
                fix="Give it another name",
            )
    relative = PurePosixPath(home.resolve().relative_to(root).as_posix())
    return Project(root, safe_name(name or root.name), relative, driver, files)


def sqlite_files(folder: Path) -> Iterator[Path]:
    """Find SQLite files by name and by their first bytes, outside of hidden and vendored folders.

    What cannot be read is passed by.
    """
    for path, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not is_of_others(Path(path) / each)]
        for name in names:
            file = Path(path) / name
            if any(file.match(pattern) for pattern in _PATTERNS) and is_database(file):
                yield file


def _each_once(found: Iterable[Path]) -> list[Path]:
    """Sort files, each once: by its own name where links lead to it as well."""
    kept: dict[tuple[int, int], Path] = {}
    for path in sorted(found, key=lambda path: (path.is_symlink(), path)):
        status = path.stat()
        kept.setdefault((status.st_dev, status.st_ino), path)
    return sorted(kept.values())


def is_of_others(folder: Path) -> bool:
    """Whether a folder is hidden, vendored, made by a tool, or a virtual environment."""
    name = folder.name
    return name.startswith(".") or name.lower() in OTHERS or (folder / "pyvenv.cfg").exists()


def safe_name(text: str) -> str:
    """Make a name that compose takes for a project and Docker for a container.

    https://docs.docker.com/reference/compose-file/version-and-name/
    """
    name = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")
    return name or "app"


def _home(root: Path) -> str:
    """Where the database package goes when nobody says so."""
    for home in _HOMES:
        if (root / home).is_dir():
            return f"{home}/database"
    sources = root / "src" if (root / "src").is_dir() else root
    packages = sorted(
        init.parent
        for init in sources.glob("*/__init__.py")
        if not is_of_others(init.parent) and init.parent.name not in ("tests", "test", "database")
    )
    home_folder = packages[0] if len(packages) == 1 else sources if sources != root else root
    return (home_folder / "database").relative_to(root).as_posix()


def _from_root(path: Path, root: Path) -> PurePosixPath:
    real = path.parent.resolve() / path.name
    return PurePosixPath((real.relative_to(root) if real.is_relative_to(root) else real).as_posix())
