"""Foreign keys: whether PostgreSQL can hold one, and how it is written."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import quote
from outgrow.translate.definitions.indexing import is_plain, key_columns
from outgrow.translate.schema import TableInfo

#: Besides equal types, PostgreSQL takes a column that its parent's type can hold by itself
#: (https://www.postgresql.org/docs/current/typeconv-oper.html): (own type, parent's).
_HOLDS = frozenset(
    [
        (Kind.BIGINT, Kind.NUMERIC),
        (Kind.BIGINT, Kind.DOUBLE),
        (Kind.NUMERIC, Kind.DOUBLE),
    ]
)


def parent_columns(key: SourceForeignKey, parent: SourceTable) -> tuple[str, ...]:
    """The columns that a foreign key names, or else the parent's primary key."""
    return key.parent_columns or (parent.primary_key.columns if parent.primary_key else ())


def unlike(key: SourceForeignKey, columns: tuple[str, ...], parent: SourceTable) -> str:
    """Say why the columns do not fit together, or nothing."""
    if len(columns) != len(key.columns):
        return f"it names {len(key.columns)} columns and its parent key has {len(columns)}"
    known = {fold(column.name) for column in parent.columns}
    absent = [column for column in columns if fold(column) not in known]
    if absent:
        return f"{parent.name} has no column {absent[0]}"
    if len({fold(column) for column in columns}) < len(columns):
        return f"it names a column of {parent.name} twice, which PostgreSQL does not allow"
    return ""


def incomparable(
    child: TableInfo, key: SourceForeignKey, parent: TableInfo, columns: tuple[str, ...]
) -> str:
    """Say which columns PostgreSQL does not compare, or nothing."""
    for own, other in zip(key.columns, columns, strict=True):
        ours, theirs = child.column(own), parent.column(other)
        if ours is None or theirs is None:
            continue
        kinds = ours.type.kind, theirs.type.kind
        if kinds[0] != kinds[1] and kinds not in _HOLDS:
            return f"PostgreSQL does not compare {own} ({kinds[0]}) with {other} ({kinds[1]})"
    return ""


def is_unique(
    parent: SourceTable,
    info: TableInfo,
    columns: tuple[str, ...],
    more: tuple[tuple[str, ...], ...] = (),
) -> bool:
    """Whether a key, an index or one of ``more`` column sets makes the columns unique."""
    wanted = {fold(column) for column in columns}
    keys = [key for key in (parent.primary_key, *parent.unique) if key is not None]
    candidates = [key.columns for key in keys if is_plain(info, key)]
    candidates += [
        tuple(part.column for part in index.parts)
        for index in parent.indexes
        if index.unique
        and index.where is None
        and all(part.column and part.collation.upper() == "BINARY" for part in index.parts)
    ]
    candidates += more
    return any({fold(column) for column in candidate} == wanted for candidate in candidates)


def foreign_key_sql(
    child: TableInfo,
    key: SourceForeignKey,
    parent: TableInfo,
    relation: str,
    columns: tuple[str, ...],
    on_delete: str = "",
) -> str:
    """Write FOREIGN KEY … REFERENCES ``relation``; ``on_delete`` overrides what is declared."""
    known = [(column, parent.column(column)) for column in columns]
    other = ", ".join(quote(found.name if found else fold(column)) for column, found in known)
    sql = f"FOREIGN KEY ({key_columns(child, key.columns)}) REFERENCES {relation} ({other})"
    deleting = on_delete or key.on_delete
    if deleting != "NO ACTION":
        sql += f" ON DELETE {deleting}"
    if key.on_update != "NO ACTION":
        sql += f" ON UPDATE {key.on_update}"
    if key.deferrable:
        sql += " DEFERRABLE"
        sql += " INITIALLY DEFERRED" if key.initially_deferred else " INITIALLY IMMEDIATE"
    return sql
