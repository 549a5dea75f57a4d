"""Tables and views that can't be moved at all, each listed with its reason."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.model.steps import ObjectKind

_DAMAGED = "SQLite itself can't load its definition"
_UNKNOWN = "the table's definition could not be parsed, so that its CHECKs are not known"


def draft_unmoved(draft: Draft) -> None:
    """List virtual tables, what is damaged in the file, and what could not be understood."""
    for table in draft.tables():
        if not table.parsed:
            draft.miss(ObjectKind.CHECKS, table.name, table.name, _UNKNOWN)
    for virtual in draft.source.virtual_tables:
        reason = f"PostgreSQL has no module {virtual.module}: the finding says what to use instead"
        draft.miss(ObjectKind.TABLES, virtual.name, virtual.name, reason)
    for name in draft.source.damaged_tables:
        draft.miss(ObjectKind.TABLES, name, name, _DAMAGED)
    for name in draft.source.damaged_views:
        draft.miss(ObjectKind.VIEWS, name, name, _DAMAGED)
    for owner, name in draft.source.damaged_indexes:
        draft.miss(ObjectKind.INDEXES, owner, name, _DAMAGED)
