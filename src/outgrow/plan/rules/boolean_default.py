"""A default of TRUE or FALSE, keywords that SQLite reads as 1 and 0."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a keyword in the default."""
    default = column.default.sql.strip("() \t\r\n") if column.default else ""
    if default.upper() in ("TRUE", "FALSE") and column.affinity is not Affinity.TEXT:
        return Evidence(Kind.BOOLEAN, f"the default is {default}", Strength.HINT)
    return None


CASES = (
    Case("a INTEGER DEFAULT TRUE", Kind.BOOLEAN, (0, 1)),
    Case("a INTEGER DEFAULT (false)", Kind.BOOLEAN),
    Case("a INTEGER DEFAULT 0", None, (0, 1)),
    Case("a TEXT DEFAULT 'true'", None),
)
