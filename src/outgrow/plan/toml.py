"""The pieces of a plan file as TOML text, with keys and comments that hold any name and text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: What marks a comment that outgrow wrote and may write again.
MARK = "#|"

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NOT_IN_COMMENTS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A column: its comments above, and its values (as TOML) in one inline table."""

    key: str
    comments: tuple[str, ...]
    values: tuple[tuple[str, str], ...]

    def inline(self) -> str:
        """Write the values."""
        return "{ " + ", ".join(f"{name} = {value}" for name, value in self.values) + " }"


@dataclass(frozen=True, slots=True)
class Section:
    """A table: its own values, and its columns under a header of their own.

    ``own_comments`` stand right under the table's header, ``comments`` under that of its columns.
    """

    key: str
    values: tuple[tuple[str, str], ...]
    comments: tuple[str, ...] = ()
    columns: tuple[Entry, ...] = ()
    own_comments: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the whole section, with its last line ended."""
        path = f"tables.{key(self.key)}"
        lines = [f"[{path}]", *map(comment, self.own_comments)]
        lines += [f"{name} = {value}" for name, value in self.values]
        if self.columns:
            lines += [f"[{path}.columns]", *map(comment, self.comments)]
        for column in self.columns:
            lines += map(comment, column.comments)
            lines.append(f"{key(column.key)} = {column.inline()}")
        return "\n".join([*lines, ""])


def string(text: str) -> str:
    """Write a basic string (https://toml.io/en/v1.0.0#string)."""
    return '"' + "".join(map(_escaped, text)) + '"'


def lists(groups: Iterable[tuple[str, ...]]) -> str:
    """Write an array of arrays of strings."""
    return "[" + ", ".join(f"[{', '.join(map(string, group))}]" for group in groups) + "]"


def strings(texts: Iterable[str]) -> str:
    """Write an array of strings."""
    return "[" + ", ".join(map(string, texts)) + "]"


def key(name: str) -> str:
    """Write a key, with quotes only where they are needed."""
    return name if _BARE.fullmatch(name) else string(name)


def comment(text: str) -> str:
    """Write a comment of ours on one line."""
    return f"{MARK} {_NOT_IN_COMMENTS.sub(' ', text)}".rstrip()


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04x}"
    return character
