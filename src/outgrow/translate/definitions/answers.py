"""Rows that are known when a statement is translated: what SQLite itself answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, TargetType
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.definitions.twin import Answer
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.queries.query import Column, Query
from outgrow.translate.queries.results import free_name

#: Columns of numbers, for answers without rows.
_NUMBERS = frozenset(
    "cid desc fkid hidden id key ncol notnull partial pk rootpage rowid seq seqno strict unique wr"
    " busy log checkpointed timeout".split()
)
_INTEGER = TargetType(Kind.BIGINT)
_TEXT = TargetType(Kind.TEXT)


def column(name: str, kind: TargetType, affinity: Affinity, taken: set[str]) -> Column:
    """Describe a column of a table that SQLite makes up."""
    target = free_name(name, taken)
    rep = Rep.INTEGER if kind == _INTEGER else Rep.TEXT
    value = Value(
        quote(target),
        rep,
        affinity,
        atom=True,
        stored=kind,
        c_collated=rep is Rep.TEXT,
        column=True,
    )
    return Column(name, target, value, kind)


def query_of(answer: Answer, affinities: Mapping[str, Affinity] | None = None) -> Query:
    """Write an answer as a query that gives its rows.

    ``affinities`` are those of declared columns; SQLite declares none for what a PRAGMA gives.
    """
    taken: set[str] = set()
    columns = [
        column(
            name,
            _kind(name, [row[position] for row in answer.rows]),
            (affinities or {}).get(name, Affinity.BLOB),
            taken,
        )
        for position, name in enumerate(answer.names)
    ]
    listed = ", ".join(
        f'{quote(c.name)} COLLATE "C" AS {quote(c.name)}' if c.type == _TEXT else quote(c.name)
        for c in columns
    )
    rows = answer.rows or ((None,) * len(columns),)
    kinds = [column.type for column in columns]
    written = ", ".join(f"({_row(row, kinds)})" for row in rows)
    names = ", ".join(quote(c.name) for c in columns)
    nothing = "" if answer.rows else " WHERE false"
    sql = f"SELECT {listed} FROM (VALUES {written}) AS answer ({names}){nothing}"
    return Query(sql, tuple(columns))


def _kind(name: str, values: Sequence[Any]) -> TargetType:
    present = [value for value in values if value is not None]
    is_number = all(isinstance(v, int) for v in present) if present else name in _NUMBERS
    return _INTEGER if is_number else _TEXT


def _row(row: Sequence[Any], kinds: Sequence[TargetType]) -> str:
    return ", ".join(_cell(value, kind) for value, kind in zip(row, kinds, strict=True))


def _cell(value: Any, kind: TargetType) -> str:
    if value is None:
        return f"NULL::{kind}"
    return f"{literal(str(value))}::{kind}"
