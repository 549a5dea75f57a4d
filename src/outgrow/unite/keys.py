"""The keys of a united table: what no two of its rows may share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.model.source import IndexPart, SourceIndex, SourceKey, SourceTable
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.writing import normal

Signature = tuple[tuple[tuple[tuple[str, ...], str], ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Key:
    """A PRIMARY KEY, a UNIQUE or a unique index.

    Args:
        name: the columns as a person knows them, comma-separated, or the index.
        parts: an SQL expression over the row and its collation, each.
        where: the condition of a partial index, '' for none.
        columns: the folded columns of a key of plain columns, empty for any other.
        signature: equal for keys that forbid the same.
        is_primary: it is the PRIMARY KEY.
        index: the index's name where CREATE INDEX made it.

    """

    name: str
    parts: tuple[tuple[str, str], ...]
    where: str
    columns: frozenset[str]
    signature: Signature
    is_primary: bool = False
    index: str = ""

    def may_hold(self, columns: Collection[str]) -> bool:
        """Whether one of the folded columns may be in it: its expressions are not looked into."""
        return bool(columns) and (not self.columns or not self.columns.isdisjoint(columns))


def keys_of(table: SourceTable) -> list[Key]:
    """Give all keys of a table, the primary key first."""
    found = []
    if table.primary_key is not None:
        found.append(_constraint(table.primary_key, is_primary=True))
    found += [_constraint(key) for key in table.unique]
    found += [_index(index) for index in table.indexes if index.unique and index.parsed]
    return found


def same_primary_key(tables: Sequence[SourceTable]) -> bool:
    """Whether all tables have the same primary key, or none has one."""
    signatures = {
        _constraint(table.primary_key, is_primary=True).signature if table.primary_key else None
        for table in tables
    }
    return len(signatures) == 1


def _constraint(key: SourceKey, *, is_primary: bool = False) -> Key:
    name = ", ".join(key.columns)
    return _key(name, key.parts, is_primary=is_primary)


def _index(index: SourceIndex) -> Key:
    plain = all(part.expression is None or part.column for part in index.parts)
    columns = ", ".join(part.column for part in index.parts)
    name = columns if plain and index.where is None else index.name
    return _key(name, index.parts, index.where.sql if index.where else "", index=index.name)


def _key(
    name: str,
    parts: tuple[IndexPart, ...],
    where: str = "",
    *,
    is_primary: bool = False,
    index: str = "",
) -> Key:
    written = tuple((_written(part), part.collation) for part in parts)
    plain = not where and all(part.column for part in parts)
    return Key(
        name=name,
        parts=written,
        where=where,
        columns=frozenset(fold(part.column) for part in parts) if plain else frozenset(),
        signature=(
            tuple(sorted((normal(sql), fold(collation)) for sql, collation in written)),
            normal(where),
        ),
        is_primary=is_primary,
        index=index,
    )


def _written(part: IndexPart) -> str:
    if part.column or part.expression is None:
        return quote_identifier(part.column)
    return f"({part.expression.sql})"
