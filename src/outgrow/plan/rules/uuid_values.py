"""Texts that are all UUIDs as PostgreSQL prints them: ``0191d2f0-7b5c-7a31-8f00-0123456789ab``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See UUIDs in the values."""
    if not facts.uuids or facts.uuids != facts.values:
        return None
    return Evidence(Kind.UUID, "all values are UUIDs", Strength.NOTE)


CASES = (
    Case("uuid TEXT", Kind.UUID, ("0191d2f0-7b5c-7a31-8f00-0123456789ab",)),
    Case("uuid TEXT", None, ("0191D2F0-7B5C-7A31-8F00-0123456789AB",)),
    Case("uuid TEXT", None, ("0191d2f0-7b5c-7a31-8f00-0123456789ab", "none")),
)
