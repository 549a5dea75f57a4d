"""What a random schema is: tables with their rows, indexes and views, and smaller ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from translate_sides import affinity_of

from outgrow.model.source import Affinity
from outgrow.model.types import TargetType


@dataclass(frozen=True)
class Recipe:
    """A sort of column.

    Args:
        sort: what expressions take it for.
        declared: types it may be declared with.
        pool: where its values come from.
        promoted: types that a plan may promote it to.
        weight: how often it is chosen.

    """

    sort: str
    declared: tuple[str, ...]
    pool: str
    promoted: tuple[TargetType, ...] = ()
    weight: int = 1


@dataclass(frozen=True)
class Column:
    """A column of a random table."""

    name: str
    declared: str
    recipe: Recipe
    not_null: bool = False
    collation: str = ""
    default: str = ""
    promoted: TargetType | None = None

    @property
    def affinity(self) -> Affinity:
        return affinity_of(self.declared)

    @property
    def is_mild(self) -> bool:
        """Whether sums of its values are exact, whatever the order."""
        return self.recipe.pool in ("small", "flag", "real", "number", "decimal")


@dataclass(frozen=True)
class Table:
    """A random table with its rows."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rowid_alias: str
    unique: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Any, ...], ...]
    indexes: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class View:
    """A view whose columns are named c1, c2 …; the flags are those of ``sources.Query``."""

    name: str
    sql: str
    sorts: tuple[str, ...]
    loose: bool
    tolerant: bool


@dataclass(frozen=True)
class Schema:
    """Tables and the views over them."""

    tables: tuple[Table, ...]
    views: tuple[View, ...] = ()


def quoted(name: str) -> str:
    return f'"{name}"'


def ddl_of(table: Table) -> str:
    """SQLite's CREATE TABLE."""
    lines = []
    for column in table.columns:
        words = [quoted(column.name), column.declared]
        if column.name == table.rowid_alias:
            words.append("PRIMARY KEY")
        elif column.not_null:
            words.append("NOT NULL")
        if column.collation:
            words.append(f"COLLATE {column.collation}")
        if column.default:
            words.append(f"DEFAULT {column.default}")
        lines.append(" ".join(word for word in words if word))
    if not table.rowid_alias and table.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, table.key))})")
    lines += [f"UNIQUE ({', '.join(map(quoted, names))})" for names in table.unique]
    return f"CREATE TABLE {quoted(table.name)} ({', '.join(lines)})"


def indexes_of(table: Table) -> list[str]:
    """CREATE INDEX for each index, which changes how SQLite visits the rows."""
    prefix = f"index_{table.name.encode().hex()}"
    return [
        f"CREATE INDEX {prefix}_{number} ON {quoted(table.name)} ({', '.join(map(quoted, names))})"
        for number, names in enumerate(table.indexes, 1)
    ]


def smaller_schemas(schema: Schema) -> Iterator[Schema]:
    """The schema with one thing less: a view, a table, an index, a row, a column."""
    for view in schema.views:
        yield replace(schema, views=tuple(v for v in schema.views if v is not view))
    for table in schema.tables:
        if len(schema.tables) > 1:
            yield replace(schema, tables=tuple(t for t in schema.tables if t is not table))
    for place, table in enumerate(schema.tables):
        for smaller in _smaller(table):
            tables = list(schema.tables)
            tables[place] = smaller
            yield replace(schema, tables=tuple(tables))


def _smaller(table: Table) -> Iterator[Table]:
    for place in range(len(table.indexes)):
        yield replace(table, indexes=table.indexes[:place] + table.indexes[place + 1 :])
    for place in range(len(table.rows)):
        yield replace(table, rows=table.rows[:place] + table.rows[place + 1 :])
    for column in table.columns:
        if column.name not in table.key and len(table.columns) > 1:
            yield without_column(table, column.name)


def without_column(table: Table, column: str) -> Table:
    """The table without one of its columns."""
    place = [c.name for c in table.columns].index(column)
    return replace(
        table,
        columns=table.columns[:place] + table.columns[place + 1 :],
        rows=tuple(row[:place] + row[place + 1 :] for row in table.rows),
        unique=tuple(names for names in table.unique if column not in names),
        indexes=tuple(names for names in table.indexes if column not in names),
    )
