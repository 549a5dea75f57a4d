"""Statements as psycopg's connection sends them: text, types and values below its cursors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

#: Numbers of types (https://www.postgresql.org/docs/current/catalog-pg-type.html). The type of a
#: text is left to the server, which finds a CAST around it.
_BIGINT, _DOUBLE, _BYTEA, _UNKNOWN = 20, 701, 17, 0
_TYPES: dict[type, int] = {
    int: _BIGINT,
    float: _DOUBLE,
    str: _UNKNOWN,
    bytes: _BYTEA,
    type(None): _UNKNOWN,
}

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")
_INT64 = 2**63


class Sendable:
    """A statement with ``$1``, ``$2`` …, and what its values are.

    Attributes:
        text: the statement in UTF-8.
        names: of its parameters, in their order.
        types: the number of each parameter's type.
        formats: 1 for those that are sent as bytes.

    """

    __slots__ = ("formats", "names", "text", "types")

    def __init__(self, sql: str, names: Sequence[str], types: Sequence[int]) -> None:
        numbers: dict[str, int] = {}

        def numbered(found: re.Match[str]) -> str:
            name = found[1]
            return "%" if name is None else f"${numbers.setdefault(name, len(numbers) + 1)}"

        self.text = (_PARAMETER.sub(numbered, sql) if names else sql).encode()
        self.names = tuple(numbers)
        by_name = dict(zip(names, types, strict=True))
        self.types = [by_name[name] for name in self.names]
        self.formats = [1 if kind == _BYTEA else 0 for kind in self.types]


@lru_cache(maxsize=4096)
def sendable(sql: str, names: tuple[str, ...] = (), types: tuple[type, ...] = ()) -> Sendable:
    """Make a statement with ``%(name)s`` ready for values of these types, once."""
    return Sendable(sql, names, tuple(map(_number, types)))


def _number(kind: type) -> int:
    known = _TYPES.get(kind)
    if known is None:
        known = next((number for base, number in _TYPES.items() if issubclass(kind, base)), _BYTEA)
    return known


def dumped(value: Any) -> bytes | None:
    """Write a value as PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(value, str):
        return str.encode(value)
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, float):
        return float.__repr__(value).encode()
    return bytes(value)


def is_plain(types: Sequence[type]) -> bool:
    """Whether values of these types are what they seem, apart from what `dumped_plain` refuses."""
    return all(kind in _TYPES for kind in types)


def dumped_plain(values: Sequence[Any]) -> list[bytes | None] | None:
    """Write values of plain types; ``None`` where one of them needs a closer look."""
    given: list[bytes | None] = []
    for value in values:
        kind = type(value)
        if kind is int:
            if not -_INT64 <= value < _INT64:
                return None
            given.append(b"%d" % value)
        elif kind is str:
            if "\0" in value:
                return None
            given.append(value.encode())
        elif value is None:
            given.append(None)
        elif kind is float:
            if value != value:  # noqa: PLR0124 - NaN, which SQLite stores as NULL
                return None
            given.append(repr(value).encode())
        else:
            given.append(value)
    return given
