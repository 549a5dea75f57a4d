"""What a project's own Python code says to its database, counted with file and line.

Only the files are read: nothing is imported or run, and git need not be there.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from outgrow.scaffold.code_calls import OPENERS, Call, Function, Module, read_module
from outgrow.scaffold.project import is_of_others


class Kind(StrEnum):
    """What is counted."""

    #: A connection is asked of the project's helper.
    CONNECTION = "connection calls"
    #: A SQLite file is opened.
    OPENING = "files opened"
    PLACEHOLDER = "placeholders"
    DATE = "date functions"
    CATALOG = "PRAGMA and sqlite_master"
    #: A statement is put together when the program runs.
    BUILT = "built statements"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One of those; a text of several lines is told at its first.

    Args:
        kind: what it is.
        path: the file, relative to the root.
        line: the line.
        what: as it is written: ``sqlite3.connect``, ``?``, ``datetime(``, ``PRAGMA table_info``.
        function: the function that it stands in, where it is a call.
        bare: a connection that is not taken in a ``with``.

    """

    kind: Kind
    path: PurePosixPath
    line: int
    what: str
    function: str = ""
    bare: bool = False

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Helper:
    """A function of the project that opens a SQLite file for others."""

    path: PurePosixPath
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be read, and why."""

    path: PurePosixPath
    reason: str


@dataclass(frozen=True, slots=True)
class Code:
    """All that was found; ``files`` counts what was read."""

    files: int
    sightings: tuple[Sighting, ...]
    helpers: tuple[Helper, ...]
    skipped: tuple[Skipped, ...]

    def of(self, *kinds: Kind) -> tuple[Sighting, ...]:
        """Give what was found of some kinds, by file and line."""
        return tuple(each for each in self.sightings if each.kind in kinds)

    @property
    def by_file(self) -> dict[PurePosixPath, Counter[Kind]]:
        """Count for each file that has anything."""
        counts: dict[PurePosixPath, Counter[Kind]] = {}
        for each in self.sightings:
            counts.setdefault(each.path, Counter())[each.kind] += 1
        return counts

    @property
    def direct(self) -> tuple[Sighting, ...]:
        """What opens a file elsewhere than in a helper."""
        helpers = {(each.path, each.name) for each in self.helpers}
        openings = self.of(Kind.OPENING)
        return tuple(each for each in openings if (each.path, each.function) not in helpers)

    @property
    def bare(self) -> tuple[Sighting, ...]:
        """Connections that a helper gives and no ``with`` closes."""
        return tuple(each for each in self.of(Kind.CONNECTION) if each.bare)


def read_code(root: Path, without: Iterable[PurePosixPath] = ()) -> Code:
    """Count what the project's own code says to its database.

    Args:
        root: of the project.
        without: folders of it that are left out, such as the generated package.

    """
    modules, skipped = [], []
    for path in python_files(root, without):
        relative = PurePosixPath(path.relative_to(root).as_posix())
        try:
            modules.append(read_module(relative, _parsed(path)))
        except OSError as error:
            skipped.append(Skipped(relative, error.strerror or "it can't be read"))
        except SyntaxError as error:
            line = f"line {error.lineno}: " if error.lineno else ""
            skipped.append(Skipped(relative, f"{line}{error.msg}"))
        except (RecursionError, MemoryError):
            skipped.append(Skipped(relative, "it is nested too deeply"))
    makers = _Makers(modules)
    sightings = [each for module in modules for each in _sightings(module, makers)]
    return Code(len(modules), tuple(sightings), tuple(makers.helpers()), tuple(skipped))


def python_files(root: Path, without: Iterable[PurePosixPath] = ()) -> Iterator[Path]:
    """Give the project's own Python files in the order of their paths; links are not followed."""
    left_out = {root / each for each in without}
    found = []
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = [
            each
            for each in folders
            if not is_of_others(here / each) and here / each not in left_out
        ]
        found += [here / name for name in names if name.endswith(".py")]
    yield from sorted(path for path in found if path.is_file() and not path.is_symlink())


def _parsed(path: Path) -> ast.Module:
    text = path.read_bytes()
    if b"\0" in text:  # a ValueError on Python 3.11
        raise SyntaxError("source code cannot contain null bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes in somebody's strings
        return ast.parse(text, str(path))


def _sightings(module: Module, makers: _Makers) -> Iterator[Sighting]:
    """Give what a module has, by line."""
    path = module.path
    found = [
        Sighting(Kind.OPENING, path, each.line, each.name, each.function, each.bare)
        for each in module.openings
    ]
    found += [
        Sighting(
            Kind.CONNECTION,
            path,
            each.line,
            each.name.rpartition(".")[2],
            each.function,
            each.bare,
        )
        for each in module.calls
        if makers.makes(module, each)
    ]
    for text in module.sql:
        for kind, whats in (
            (Kind.PLACEHOLDER, text.parameters),
            (Kind.DATE, text.dates),
            (Kind.CATALOG, text.catalogs),
            (Kind.BUILT, (text.built,) if text.built else ()),
        ):
            found += [Sighting(kind, path, text.line, what) for what in whats]
    yield from sorted(found, key=lambda each: each.line)


#: A function of this name gives a connection, wherever it comes from.
_BY_NAME = "get_connection"
#: Words of which a name, or that of the object it is called on, has one if it is about a database.
_TELLING = ("conn", "db", "database", "sqlite", "session", "transaction", "cursor")


class _Makers:
    """The functions and classes of a project that give a connection to whoever calls them."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = list(modules)
        #: By what is called, without a class: the whole name and the module.
        self._known: dict[str, set[tuple[str, PurePosixPath]]] = {}
        pending = [(module, each) for module in self._modules for each in module.functions]
        while True:  # a helper may stand on another one
            left = [each for each in pending if not self._learn(*each)]
            if len(left) == len(pending):
                break
            pending = left

    def helpers(self) -> Iterator[Helper]:
        """Give the functions that open a file themselves and hand it on."""
        for module in self._modules:
            opening = {each.function for each in module.openings}
            for function in sorted(module.functions, key=lambda each: each.line):
                if function.name in opening and not function.gives.isdisjoint(OPENERS):
                    yield Helper(module.path, function.line, function.name)

    def makes(self, module: Module, call: Call) -> bool:
        """Whether a call gives a connection."""
        return self._is_made(module, call.name, call.function)

    def _learn(self, module: Module, function: Function) -> bool:
        """Remember a function if it gives a connection, and say whether it does."""
        opens = any(each.function == function.name for each in module.openings)
        gives = any(
            (opens and each in OPENERS) or self._is_made(module, each, function.name)
            for each in function.gives
        )
        if gives:
            name = _public(function)
            self._known.setdefault(name.rpartition(".")[2], set()).add((name, module.path))
        return gives

    def _is_made(self, module: Module, called: str, function: str) -> bool:
        owner, _, name = called.rpartition(".")
        if name == _BY_NAME:
            return True
        known = self._known.get(name, ())
        if owner in ("self", "cls"):
            return (f"{function.partition('.')[0]}.{name}", module.path) in known
        if not owner:
            return (name, module.path) in known
        return any(
            _is_part_of(owner, path) if whole == name else _tells(owner, name)
            for whole, path in known
        )


def _public(function: Function) -> str:
    """Give what others call: a class for what it does when it is made or entered."""
    owner, _, name = function.name.rpartition(".")
    return owner if owner and name.startswith("__") else function.name


def _is_part_of(dotted: str, path: PurePosixPath) -> bool:
    """Whether what is imported from a module may be from a file, maybe by way of its package."""
    return dotted.rpartition(".")[2] in ("", *path.with_suffix("").parts)


def _tells(owner: str, name: str) -> bool:
    told = owner.rpartition(".")[2] if name == "connect" else f"{owner}.{name}"
    return any(word in told.lower() for word in _TELLING)
