"""A declared type that means a date or a moment: ``DATE``, ``DATETIME``, ``TIMESTAMP``.

Example: ``updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP``.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.declared import type_words
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind, Shape
from outgrow.plan.evidence import Case, Evidence, Strength

_TIMES = frozenset(
    "date datetime datetime2 datetimeoffset smalldatetime timestamp timestamptz".split()
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a date or time in the declared type."""
    declared = type_words(column.declared)
    if not _TIMES.intersection(declared):
        return None
    says = f"the declared type is {column.declared}"
    shape = Shape("YYYY-MM-DD") if declared == ("date",) else None
    return Evidence(Kind.TIMESTAMP, says, Strength.STATED, shape)


CASES = (
    Case("a DATETIME", Kind.TIMESTAMP, ("2024-01-31 10:00:00",)),
    Case("a date", Kind.TIMESTAMP),
    Case("a TIMESTAMP WITH TIME ZONE", Kind.TIMESTAMP),
    Case("a DATETIME(6)", Kind.TIMESTAMP),
    Case("a TIME", None),
    Case("a TEXT", None, ("2024-01-31",)),
)
