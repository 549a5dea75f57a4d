"""CREATE INDEX: order, uniqueness, collation, expressions and the WHERE of partial indexes."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.model.source import SourceIndex, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.postgres.identifiers import quote
from outgrow.translate.definitions.indexing import CannotIndex, index_parts, index_where
from outgrow.translate.errors import UntranslatableSQL


def draft_indexes(draft: Draft) -> None:
    """Draft every index made by CREATE INDEX."""
    for table in draft.tables():
        for index in table.indexes:
            _draft_index(draft, table, index)


def _draft_index(draft: Draft, table: SourceTable, index: SourceIndex) -> None:
    target = draft.target_name("index", index.name)
    if not index.parsed:
        reason = "its definition could not be parsed"
        draft.miss(ObjectKind.INDEXES, table.name, index.name, reason)
        return
    try:
        parts = index_parts(draft.names, table, index.parts)
        where = index_where(draft.names, table, index)
    except (CannotIndex, UntranslatableSQL) as error:
        draft.miss(ObjectKind.INDEXES, table.name, index.name, str(error))
        return
    draft.helpers.update(parts.helpers | where.helpers)
    unique = "UNIQUE " if index.unique else ""
    draft.add(
        Phase.AFTER_DATA,
        ObjectKind.INDEXES,
        table.name,
        index.name,
        f"CREATE {unique}INDEX {quote(target)} ON {draft.qualified(table)} "
        f"({parts.sql}){where.sql}",
    )
    draft.made(ObjectKind.INDEXES, table.name, index.name, target)
