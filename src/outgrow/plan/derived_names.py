"""Names that PostgreSQL makes itself for what has none, so that no object of ours takes them.

PostgreSQL steps aside for a name that exists already, but not for one that comes later: an index
``album_pkey`` can't be made once the unnamed primary key of ``album`` is there. The forms are
those of ``makeObjectName`` and ``ChooseIndexName``:
https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/commands/indexcmds.c
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outgrow.model.names import fold
from outgrow.model.source import SourceKey, SourceTable
from outgrow.postgres.identifiers import MAX_NAME_BYTES
from outgrow.postgres.naming import clip


def derived(table: str, columns: str, label: str) -> str:
    """Join table, columns and label as PostgreSQL does: the longer of the two is cut first."""
    first, second = len(table.encode()), len(columns.encode())
    room = MAX_NAME_BYTES - len(label) - 1 - (1 if columns else 0)
    while first + second > room:
        if first > second:
            first -= 1
        else:
            second -= 1
    parts = (clip(table, first), clip(columns, second), label)
    return "_".join(part for part in parts if part)


def sequence_of(table: str, column: str) -> str:
    """Name the sequence of a BIGSERIAL or identity column."""
    return derived(table, column, "seq")


def relations_of(
    source: SourceTable, table: str, columns: dict[str, str], more: Sequence[tuple[str, ...]]
) -> Iterator[str]:
    """Name the indexes of unnamed keys. ``columns`` maps folded names to the target's."""
    keys = (*([source.primary_key] if source.primary_key else ()), *source.unique)
    if source.primary_key:
        yield derived(table, "", "pkey")
    for key in keys:
        yield derived(table, _joined(key.columns, columns), "key")
        if _compares_by_expression(key):
            parts = [
                "lower" if part.collation.upper() != "BINARY" else columns[fold(part.column)]
                for part in key.parts
            ]
            yield derived(table, clip("_".join(parts), MAX_NAME_BYTES), "idx")
    for added in more:
        yield derived(table, _joined(added, columns), "key")


def constraints_of(source: SourceTable, table: str, columns: dict[str, str]) -> Iterator[str]:
    """Name the unnamed constraints that share a table with named ones."""
    for column in columns.values():
        yield derived(table, column, "not_null")
    if any(not check.name for check in source.checks):
        yield derived(table, "", "check")
        yield from (derived(table, column, "check") for column in columns.values())
    for key in source.foreign_keys:
        if not key.name:
            yield derived(table, _joined(key.columns, columns), "fkey")


def _joined(names: tuple[str, ...], columns: dict[str, str]) -> str:
    return clip("_".join(columns.get(fold(name), fold(name)) for name in names), MAX_NAME_BYTES)


def _compares_by_expression(key: SourceKey) -> bool:
    return any(part.collation.upper() != "BINARY" for part in key.parts)
