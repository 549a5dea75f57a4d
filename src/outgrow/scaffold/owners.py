"""Files that say what a project depends on, and how a dependency is added to each kind."""

from __future__ import annotations

import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from outgrow.errors import UsageError, define
from outgrow.scaffold.reference import Reference, named
from outgrow.scaffold.writing import existing

NOT_TOML = define("OG-746", "A pyproject.toml is not TOML, or not of the shape that is agreed")

#: The older driver, beside an outgrow that is there already; as in our own extra.
PSYCOPG2 = "psycopg2-binary>=2.9.11,<3"

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?")
#: What may follow a name in a requirement; anything else is a path.
_AFTER_NAME = re.compile(r"\s*(?:$|[@=<>!~;(#\s\\])")
#: A folder, repository or archive of ours, which stands without a name.
_UNNAMED = re.compile(r"(?:#egg=|[/\\])outgrow(?:\.git)?(?=[@\[#&/\\\s]|$)|[/\\]outgrow-\d[^/\\]*$")
_FOR_DEVELOPERS = re.compile(r"dev|test|lint|doc|\bci\b|constraint", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"[\w./+-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be added: outgrow, with an extra perhaps, or without a reference psycopg2."""

    reference: Reference | None
    extra: str = ""

    @property
    def requirement(self) -> str:
        """As a dependency specifier."""
        return self.reference.requirement(self.extra) if self.reference else PSYCOPG2


class Owner(ABC):
    """A file that says what is installed for the code beside and below it.

    Args:
        root: of the project.
        path: the file.
        text: what it holds.

    """

    def __init__(self, root: Path, path: Path, text: str) -> None:
        self.root = root
        self.path = path
        self.text = text

    @property
    @abstractmethod
    def remaining(self) -> str:
        """What a person does after the file has changed."""

    @abstractmethod
    def requirements(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Give the names that are required always, each with its extras."""

    @abstractmethod
    def added(self, wanted: Wanted) -> str:
        """Give the text with one more dependency; empty where that can't be."""

    def command(self, wanted: Wanted) -> tuple[str, ...]:
        """Give the command that adds it; empty where the file is edited."""
        del wanted
        return ()


def owner_in(root: Path, folder: Path) -> Owner | None:
    """Find what owns the code of a folder, in that folder.

    Raises:
        UsageError: a file can't be read, or a ``pyproject.toml`` is none.

    """
    path = folder / "pyproject.toml"
    text = existing(path)
    document: Any = _parsed(path, text) if text is not None else {}
    _check_shape(path, document)
    project, tool = document.get("project"), document.get("tool", {})
    if (
        text is not None
        and project is not None
        and "dependencies" not in project.get("dynamic", ())
    ):
        if _is_of_uv(root, folder, tool) and shutil.which("uv"):
            return _Uv(root, path, text)
        if "dependencies" in project or "dependencies" not in tool.get("poetry", {}):
            return _Standard(root, path, text)
    if text is not None and "dependencies" in tool.get("poetry", {}):
        return _Poetry(root, path, text)
    return _requirements_in(root, folder, tool)


# --- pyproject.toml ------------------------------------------------------------------------------


#: What stands where in a file that its own tools take.
_SHAPES = {
    "project": dict,
    "project.dependencies": list,
    "project.dynamic": list,
    "project.optional-dependencies": dict,
    "tool": dict,
    "tool.poetry": dict,
    "tool.poetry.dependencies": dict,
}


class _Standard(Owner):
    """``[project]`` (https://packaging.python.org/en/latest/specifications/pyproject-toml/)."""

    remaining = "Install the project again, as with pip install -e ."

    def requirements(self) -> Iterator[tuple[str, frozenset[str]]]:
        project = _parsed(self.path, self.text)["project"]
        for requirement in project.get("dependencies", ()):
            yield from _named(requirement)
        # A driver may be left to whoever installs it.
        for extra in project.get("optional-dependencies", {}).values():
            for requirement in extra:
                yield from (each for each in _named(requirement) if each[0] != "outgrow")

    def added(self, wanted: Wanted) -> str:
        document = _parsed(self.path, self.text)
        if "dependencies" not in document["project"]:
            document["project"]["dependencies"] = tomlkit.array().multiline(True)
        document["project"]["dependencies"].append(wanted.requirement)
        if document.get("build-system", {}).get("build-backend") == "hatchling.build":
            _allow_references(document)
        return _dumped(document, self.text)


class _Uv(_Standard):
    """uv, which keeps a lock file beside it (https://docs.astral.sh/uv/concepts/projects/)."""

    remaining = "Then run: uv sync"

    def command(self, wanted: Wanted) -> tuple[str, ...]:
        if wanted.reference is None or wanted.reference.folder is None:
            given = [wanted.requirement]
        else:
            editable = ["--editable"] if wanted.reference.is_editable else []
            extra = ["--extra", wanted.extra] if wanted.extra else []
            given = [*editable, wanted.reference.path_from(self.path.parent, self.root), *extra]
        return ("uv", "add", "--no-sync", *given)


class _Poetry(Owner):
    """Poetry's own table (https://python-poetry.org/docs/dependency-specification/)."""

    remaining = "Then run: poetry lock && poetry install"

    def requirements(self) -> Iterator[tuple[str, frozenset[str]]]:
        for name, value in self._table(_parsed(self.path, self.text)).items():
            extras = value.get("extras", ()) if isinstance(value, dict) else ()
            yield _normal(name), frozenset(map(str, extras))

    def added(self, wanted: Wanted) -> str:
        document = _parsed(self.path, self.text)
        reference = wanted.reference
        if reference is None:
            self._table(document)["psycopg2-binary"] = PSYCOPG2.removeprefix("psycopg2-binary")
            return _dumped(document, self.text)
        value = tomlkit.inline_table()
        if reference.folder is not None:
            value["path"] = reference.path_from(self.path.parent, self.root)
            value["develop"] = reference.is_editable
        elif reference.repository:
            value["git"] = reference.repository
            value["rev"] = reference.commit
        elif "+" in reference.url.partition(":")[0]:
            return ""
        else:
            value["url"] = reference.url
        if wanted.extra:
            value["extras"] = [wanted.extra]
        self._table(document)["outgrow"] = value
        return _dumped(document, self.text)

    @staticmethod
    def _table(document: Any) -> Any:
        return document["tool"]["poetry"]["dependencies"]


def _is_of_uv(root: Path, folder: Path, tool: Any) -> bool:
    above = [folder, *(each for each in folder.parents if each.is_relative_to(root))]
    return "uv" in tool or any((each / "uv.lock").exists() for each in above)


def _allow_references(document: Any) -> None:
    """Have hatchling take a dependency with a place of its own.

    https://hatch.pypa.io/latest/config/metadata/#allowing-direct-references
    """
    table = document.setdefault("tool", tomlkit.table(is_super_table=True))
    table = table.setdefault("hatch", tomlkit.table(is_super_table=True))
    if "metadata" in table:
        table["metadata"]["allow-direct-references"] = True
        return
    new = tomlkit.table()
    new["allow-direct-references"] = True
    new.add(tomlkit.nl())
    table["metadata"] = new


def _dumped(document: Any, before: str) -> str:
    """Write it with the ends of lines that were there before."""
    return re.sub(r"\r?\n", _end(before), f"{tomlkit.dumps(document).rstrip()}\n")


def _end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _parsed(path: Path, text: str) -> Any:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise UsageError(NOT_TOML, f"it is not TOML: {error}", where=str(path)) from None


def _check_shape(path: Path, document: Any) -> None:
    """See that what is read or changed are tables and arrays, as the pages above say."""
    for place, kind in _SHAPES.items():
        value = document
        for key in place.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None and not isinstance(value, kind):
            shape = "a table" if kind is dict else "an array"
            raise UsageError(NOT_TOML, f"{place} is not {shape}", where=str(path))


# --- requirements files --------------------------------------------------------------------------


class _Requirements(Owner):
    """What pip reads (https://pip.pypa.io/en/stable/reference/requirements-file-format/)."""

    @property
    def remaining(self) -> str:
        name = self.path.relative_to(self.root).as_posix()
        if self.path.suffix == ".in":
            return f"Then run: pip-compile {name}, and install what it gives"
        return f"Then run: pip install -r {name}"

    def requirements(self) -> Iterator[tuple[str, frozenset[str]]]:
        for line in _lines(self.path, self.text, set()):
            yield from _named(line)

    def added(self, wanted: Wanted) -> str:
        if "--hash" in self.text or "--require-hashes" in self.text:
            return ""  # every line would need one, and a repository has none
        end = _end(self.text)
        before = self.text if not self.text or self.text.endswith("\n") else self.text + end
        return before + self._line(wanted) + end

    def _line(self, wanted: Wanted) -> str:
        reference = wanted.reference
        if reference is None or reference.folder is None:
            return wanted.requirement
        path = reference.path_from(self.path.parent, self.root)
        if Path(path).is_absolute() or not _PLAIN_PATH.fullmatch(path):
            return wanted.requirement
        extra = named(wanted.extra).removeprefix("outgrow")
        editable = "-e " if reference.is_editable else ""
        return f"{editable}{path if path.startswith('.') else f'./{path}'}{extra}"


def _requirements_in(root: Path, folder: Path, tool: Any) -> Owner | None:
    named_by_setuptools = (
        tool.get("setuptools", {}).get("dynamic", {}).get("dependencies", {}).get("file", ())
    )
    files = [named_by_setuptools] if isinstance(named_by_setuptools, str) else named_by_setuptools
    for name in (*map(str, files), "requirements.in", "requirements.txt"):
        text = existing(folder / name)
        if text is not None:
            return _Requirements(root, folder / name, text)
    others = [
        path
        for pattern in ("requirements*.txt", "requirements/*.in", "requirements/*.txt")
        for path in sorted(folder.glob(pattern))
        if not _FOR_DEVELOPERS.search(path.stem)
    ]
    # pip-compile makes base.txt of base.in.
    mains = [each for each in others if each.suffix == ".in"] or others
    if len(mains) == 1:
        return _Requirements(root, mains[0], existing(mains[0]) or "")
    return None


def _lines(path: Path, text: str, seen: set[Path]) -> Iterator[str]:
    """Give the requirements of a file and of those that it includes."""
    seen.add(path)
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#(?!egg=).*$", "", raw.removeprefix("\ufeff")).strip()
        included = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line)
        if included:
            other = path.parent / included[1]
            if other not in seen:
                yield from _lines(other, existing(other) or "", seen)
        elif line:
            yield line


def _named(requirement: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Give the name in a requirement, and its extras; nothing where it has none that we know."""
    plain = re.sub(r"^(?:-e|--editable)[\s=]+", "", requirement.strip())
    found = _NAME.match(plain)
    if found and _AFTER_NAME.match(plain, found.end()):
        yield _normal(found[1]), _extras(found[2])
    elif not plain.startswith("-") and _UNNAMED.search(plain):
        extras = re.search(r"\[([^\]]*)\]", plain)
        yield "outgrow", _extras(extras[1] if extras else "")


def _extras(written: str | None) -> frozenset[str]:
    return frozenset(each.strip() for each in (written or "").split(",") if each.strip())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
