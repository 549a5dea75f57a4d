"""The types that a random table's columns have in PostgreSQL, as a plan would give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw
import translate_sides

from generator.schemas import Column, Table, ddl_of, indexes_of, quoted
from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import Kind, TargetType


def for_sides(table: Table) -> translate_sides.Table:
    """The table as the harness takes it, each column with its type in PostgreSQL."""
    stored = _stored(table)
    kinds = {
        column.name: column.promoted or faithful(column, [row[place] for row in stored])
        for place, column in enumerate(table.columns)
    }
    return translate_sides.Table(
        table.name,
        ddl_of(table),
        table.rows,
        kinds,
        table.rowid_alias,
        declared=True,
        indexes=indexes_of(table),
    )


def _stored(table: Table) -> list[tuple[Any, ...]]:
    """The rows as SQLite keeps them."""
    sqlite = apsw.Connection(":memory:")
    sqlite.execute(ddl_of(table))
    marks = ", ".join("?" for _ in table.columns)
    sqlite.executemany(f"INSERT INTO {quoted(table.name)} VALUES ({marks})", table.rows)
    return [tuple(row) for row in sqlite.execute(f"SELECT * FROM {quoted(table.name)}")]


def faithful(column: Column, values: Sequence[Any]) -> TargetType:
    """The type that a plan gives a column which it does not promote."""
    classes = {type(value) for value in values if value is not None}
    whole = fold(column.declared) in ("boolean", "bool", "datetime", "timestamp", "date")
    if not classes:
        return TargetType(_without_values(column, whole=whole))
    if classes == {str}:
        return TargetType(Kind.TEXT)
    if classes == {bytes}:
        return TargetType(Kind.BYTEA)
    if not classes <= {int, float} or (float in classes and not column.declared):
        return TargetType(Kind.JSONB, tagged=True)
    if float not in classes:
        open_to_fractions = column.affinity in (Affinity.NUMERIC, Affinity.REAL) and not whole
        return TargetType(Kind.NUMERIC if open_to_fractions else Kind.BIGINT)
    beyond = any(isinstance(value, int) and abs(value) > 2**53 for value in values)
    return TargetType(Kind.NUMERIC if int in classes and beyond else Kind.DOUBLE)


def _without_values(column: Column, *, whole: bool) -> Kind:
    match column.affinity:
        case Affinity.INTEGER:
            return Kind.BIGINT
        case Affinity.REAL:
            return Kind.DOUBLE
        case Affinity.TEXT:
            return Kind.TEXT
        case Affinity.BLOB:
            return Kind.BYTEA if column.declared else Kind.TEXT
    if fold(column.declared) in ("datetime", "timestamp", "date", "json"):
        return Kind.TEXT
    return Kind.BIGINT if whole else Kind.NUMERIC
