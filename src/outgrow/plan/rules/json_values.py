"""Values that are all objects or arrays are evidence by themselves: ``{"a": 1}``, ``[]``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See objects and arrays in the values."""
    if facts.json is None or not facts.values or facts.json.containers != facts.values:
        return None
    return Evidence(Kind.JSONB, "all values are JSON objects or arrays", Strength.HINT)


CASES = (
    Case("a TEXT", Kind.JSONB, ('{"a": 1}', "[]", None)),
    Case("a TEXT", None, ('{"a": 1}', "")),
    Case("a TEXT", None, ("1", "2")),
)
