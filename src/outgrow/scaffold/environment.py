"""The project's settings: ``.env.sample``, ``.env``, and what git is not to keep.

These files are shared with others. Lines are only added, and a password is put where none is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import PurePosixPath

from dotenv.parser import Binding, parse_stream

from outgrow.scaffold import writing
from outgrow.scaffold.project import Project
from outgrow.scaffold.rendering import render

#: What git is not to keep: the password, the embedded server, copies of the SQLite files.
IGNORED = (".env", ".outgrow/", "migration/backups/")

_PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105 - its name
_COMMENTED = re.compile(r"\s*#[#\s]*(?:export\s+)?([A-Za-z_]\w*)\s*=")
_EMPTY_PASSWORD = re.compile(rf"(\s*(?:export\s+)?){_PASSWORD}[^\S\r\n]*=?[^\S\r\n]*(?:''|\"\")?")
_PLAIN = re.compile(r"[\w./@%+,:-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Setting:
    """An assignment, which may be commented out, with the comment right above it."""

    name: str
    text: str
    is_apart: bool


def settings_files(project: Project) -> list[writing.Written]:
    """Decide what becomes of ``.env.sample``, ``.env`` and ``.gitignore``; nothing is written.

    Raises:
        UsageError: one of them can't be read.

    """
    wanted = sample(project)
    shown = merged(writing.existing(project.root / ".env.sample"), wanted)
    private = private_settings(writing.existing(project.root / ".env"), shown, wanted)
    ignored = ignoring(writing.existing(project.root / ".gitignore"))
    return [
        writing.merged(project.root, ".env.sample", shown),
        writing.merged(project.root, ".env", private, mode=0o600),
        writing.merged(project.root, ".gitignore", ignored),
    ]


def sample(project: Project) -> str:
    """Write the ``.env.sample`` of a project that has none."""
    path = quoted(str(project.sources[0].path))
    return render("env.sample", project=project, sqlite_path=path)


def merged(existing: str | None, wanted: str) -> str:
    """Add the settings that a file does not name yet; all its other lines stay as they are.

    A setting that stands there as a comment is named, too: somebody switched it off.

    Args:
        existing: the file, None where there is none.
        wanted: a file with all settings.

    """
    if not existing or existing.isspace():
        return wanted
    named = {setting.name for setting in _settings(existing)}
    missing = [setting for setting in _settings(wanted) if setting.name not in named]
    return _appended(existing, missing)


def private_settings(
    existing: str | None, sample: str, wanted: str, password: str | None = None
) -> str:
    """Write ``.env``: as it is, with what it lacks, and with a password.

    A value that stands there is never changed. What is missing comes from the project's own
    ``.env.sample``, but never a password.

    Args:
        existing: the file, None where there is none.
        sample: the project's ``.env.sample``.
        wanted: a sample with the settings that are ours, and no others.
        password: the one to use where there is none; generated without it.

    """
    secret = password or secrets.token_hex(24)
    own = _Setting(_PASSWORD, f"{_PASSWORD}={secret}\n", is_apart=False)
    by_name = {setting.name: setting for setting in _settings(sample)} | {_PASSWORD: own}
    lines = _joined(by_name.get(each.name, each) for each in _settings(wanted))
    # The sample may have other ends of lines than the file.
    text = merged(existing, lines.replace("\r\n", "\n"))
    bindings = _bindings(text)
    passwords = [at for at, binding in enumerate(bindings) if binding.key == _PASSWORD]
    if passwords and bindings[passwords[-1]].value:
        return text
    written = [binding.original.string for binding in bindings]
    empty = _EMPTY_PASSWORD.match(written[passwords[-1]]) if passwords else None
    if empty is None:
        return _appended(text, [own])
    rest = empty.string[empty.end() :]
    apart = " " if rest.startswith("#") else ""
    written[passwords[-1]] = f"{empty[1]}{_PASSWORD}={secret}{apart}{rest}"
    return "".join(written)


def ignoring(existing: str | None, lines: Sequence[str] = IGNORED) -> str:
    """Add lines to a ``.gitignore`` that lacks them; a later ``!line`` takes one back.

    https://git-scm.com/docs/gitignore
    """
    written = [line.rstrip() for line in (existing or "").splitlines()]
    missing = [line for line in lines if not _ignores(written, line)]
    end = _line_end(existing or "")
    return _ended(existing or "") + "".join(line + end for line in missing)


def quoted(value: str) -> str:
    """Write a value so that python-dotenv and compose read it back.

    https://saurabh-kumar.com/python-dotenv/reference/
    """
    if _PLAIN.fullmatch(value):
        return value
    if not set(value) & set("'\\\r\n"):
        return f"'{value}'"
    if "${" in value:
        # In double quotes it would be a variable.
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'


def _ignores(written: Iterable[str], wanted: str) -> bool:
    """Whether the lines name a path, and no later one takes it back, by a pattern or a folder."""
    ignored = False
    path = wanted.rstrip("/")
    for line in written:
        pattern = line.removeprefix("!").removeprefix("**/").strip("/")
        if pattern == path and line.endswith("/") and not wanted.endswith("/"):
            continue  # a folder of that name, and not the file
        if pattern == path:
            ignored = not line.startswith("!")
        elif line.startswith("!"):
            places = [path, *map(str, PurePosixPath(path).parents), PurePosixPath(path).name]
            ignored = ignored and not any(fnmatchcase(place, pattern) for place in places)
    return ignored


def _bindings(text: str) -> list[Binding]:
    return list(parse_stream(StringIO(text, newline="")))


def _settings(text: str) -> Iterator[_Setting]:
    comment = ""
    is_apart = False
    for binding in _bindings(text):
        written = binding.original.string
        line = written.lstrip("\r\n")
        if line != written:
            comment, is_apart = "", True
        off = _COMMENTED.match(line) if binding.key is None else None
        name = off[1] if off else binding.key
        comment += line
        if name:
            yield _Setting(name, comment, is_apart)
            comment, is_apart = "", False


def _appended(text: str, settings: Sequence[_Setting]) -> str:
    if not settings:
        return text
    end = _line_end(text)
    return _ended(text) + end + _joined(settings).replace("\n", end)


def _joined(settings: Iterable[_Setting]) -> str:
    text = ""
    for setting in settings:
        text += ("\n" if text and setting.is_apart else "") + _ended(setting.text)
    return text


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + _line_end(text)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
