"""A name that tells when: ``created_at``, ``InvoiceDate``, ``start_time``, ``birthday``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import words

_LAST = frozenset(
    """
    at birthday created date dates datetime day deadline dob due expires expiry
    invoked modified on seen since stamp time timestamp ts until update updated utc
    """.split()
)
_FIRST = frozenset("date datetime timestamp".split())


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a moment in the name."""
    parts = words(column.name)
    if not parts:
        return None
    part_of_something = parts[-2:-1] == ("of",)
    if parts[-1] in _LAST and not part_of_something:
        return Evidence(Kind.TIMESTAMP, f"the name ends in {parts[-1]}", Strength.HINT)
    if parts[0] in _FIRST:
        return Evidence(Kind.TIMESTAMP, f"the name begins with {parts[0]}", Strength.HINT)
    return None


CASES = (
    Case("created_at TEXT", Kind.TIMESTAMP, ("2024-01-31",)),
    Case("InvoiceDate TEXT", Kind.TIMESTAMP),
    Case("createdAt TEXT", Kind.TIMESTAMP),
    Case("timestamp TEXT", Kind.TIMESTAMP),
    Case("date_added TEXT", Kind.TIMESTAMP),
    Case("update_count INTEGER", None),
    Case("hour_of_day INTEGER", None),
    Case("format TEXT", None, ("2024-01-31",)),
)
