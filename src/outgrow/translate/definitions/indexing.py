"""The parts of an index or key: order, collation and expressions."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.source import IndexPart, SourceIndex, SourceKey, SourceTable
from outgrow.model.types import Kind, TargetType
from outgrow.postgres.identifiers import quote
from outgrow.translate.engine import translate_condition, translate_expression
from outgrow.translate.schema import ColumnInfo, Schema, TableInfo


class CannotIndex(Exception):
    """A part that PostgreSQL can't index as SQLite does; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of SQL and the helper functions that it calls."""

    sql: str
    helpers: frozenset[str] = frozenset()


def type_sql(kind: TargetType) -> str:
    """Write a column's type; text sorts by bytes, as SQLite's BINARY does."""
    return f'{kind} COLLATE "C"' if kind.kind is Kind.TEXT else str(kind)


def column_of(schema: Schema, table: SourceTable, name: str) -> ColumnInfo:
    """What the target has of a column; raises CannotIndex."""
    known = schema.table(table.name)
    column = known.column(name) if known else None
    if column is None:
        raise CannotIndex(f"{name} is no column of {table.name} in PostgreSQL")
    return column


def index_parts(schema: Schema, table: SourceTable, parts: tuple[IndexPart, ...]) -> Written:
    """Write the list of an index or key; raises CannotIndex and UntranslatableSQL."""
    written = [_index_part(schema, table, part) for part in parts]
    return Written(
        ", ".join(part.sql for part in written),
        frozenset().union(*(part.helpers for part in written)),
    )


def index_where(schema: Schema, table: SourceTable, index: SourceIndex) -> Written:
    """Write the WHERE of a partial index, '' without one; raises UntranslatableSQL."""
    if index.where is None:
        return Written("")
    translation = translate_condition(index.where, schema, table.name, immutable=True)
    # PostgreSQL forgets a condition that is the constant true: the index would be another one.
    sql = "1 = 1" if translation.sql == "true" else translation.sql
    return Written(f" WHERE {sql}", translation.helpers)


def _index_part(schema: Schema, table: SourceTable, part: IndexPart) -> Written:
    """Write one part, in SQLite's order: NULL is the smallest value.

    PostgreSQL sorts NULL last when ascending; the order is written only where a NULL can stand,
    so that plain queries still match (https://www.postgresql.org/docs/current/indexes-ordering.html).
    """
    helpers: frozenset[str] = frozenset()
    if part.expression is None:
        column = column_of(schema, table, part.column)
        sql = collated(quote(column.name), part.collation, column.type.kind)
        declared = table.column(part.column)
        is_rowid = bool(table.rowid_alias) and declared.name == table.rowid_alias
        nullable = not declared.not_null and not is_rowid
    else:
        translation = translate_expression(part.expression, schema, table.name, indexed=True)
        assert translation.type is not None
        helpers = translation.helpers
        sql = f"({collated(f'({translation.sql})', part.collation, translation.type.kind)})"
        nullable = True
    if part.descending:
        return Written(f"{sql} DESC NULLS LAST" if nullable else f"{sql} DESC", helpers)
    return Written(f"{sql} NULLS FIRST" if nullable else sql, helpers)


def collated(sql: str, collation: str, kind: Kind) -> str:
    """Write a value as SQLite's collation compares it; raises CannotIndex for an unknown one.

    NOCASE folds ASCII letters only, which is what ``lower`` does under "C"
    (https://www.sqlite.org/datatype3.html#collating_sequences).
    """
    if kind in (Kind.JSON,):
        raise CannotIndex("json values have no order in PostgreSQL")
    if kind is Kind.JSONB and collation.upper() in ("NOCASE", "RTRIM"):
        raise CannotIndex(f"the collation {collation} over values of any class")
    if kind is not Kind.TEXT:
        return sql
    match collation.upper():
        case "BINARY":
            return sql
        case "NOCASE":
            return f'lower({sql} COLLATE "C")'
        case "RTRIM":
            return f"rtrim({sql}, ' ')"
    raise CannotIndex(f"the application's own collation {collation} does not exist in PostgreSQL")


def is_plain(table: TableInfo, key: SourceKey) -> bool:
    """Whether a constraint can hold the key: every text in it compares by bytes."""
    return all(
        part.collation.upper() == "BINARY"
        or (column := table.column(part.column)) is None
        or column.type.kind is not Kind.TEXT
        for part in key.parts
    )


def key_columns(table: TableInfo, columns: tuple[str, ...]) -> str:
    """Write the columns of a key."""
    known = [table.column(name) for name in columns]
    return ", ".join(quote(column.name) for column in known if column)
