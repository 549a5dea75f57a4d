"""Values that are objects or arrays are evidence by themselves: ``{"a": 1}``, ``[]``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength

_MOST = 0.95


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See objects and arrays in the values."""
    if facts.json is None or not facts.values:
        return None
    found = facts.json.containers
    if found < _MOST * facts.values:
        return None
    share = "all" if found == facts.values else f"{found:,} of {facts.values:,}"
    return Evidence(Kind.JSONB, f"{share} values are JSON objects or arrays", Strength.HINT)


CASES = (
    Case("a TEXT", Kind.JSONB, ('{"a": 1}', "[]", None)),
    Case("a TEXT", None, ('{"a": 1}', "")),
    Case("a TEXT", None, ("1", "2")),
)
