"""A default that is an empty object or array: ``tags TEXT DEFAULT '[]'``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See JSON in the default."""
    default = column.default.sql.strip("() \t\r\n") if column.default else ""
    if default in ("'{}'", "'[]'"):
        return Evidence(Kind.JSONB, f"the default is {default}", Strength.HINT)
    return None


CASES = (
    Case("a TEXT DEFAULT '{}'", Kind.JSONB, ('{"a": 1}',)),
    Case("a TEXT DEFAULT ('[]')", Kind.JSONB),
    Case("a TEXT DEFAULT ''", None, ("{}",)),
)
