"""A declared type JSON or JSONB: ``settings JSON NOT NULL DEFAULT '{}'``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.declared import type_words
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See JSON in the declared type."""
    if not {"json", "jsonb"}.intersection(type_words(column.declared)):
        return None
    return Evidence(Kind.JSONB, f"the declared type is {column.declared}", Strength.STATED)


CASES = (
    Case("a JSON", Kind.JSONB, ('{"a": 1}',)),
    Case("a jsonb", Kind.JSONB),
    Case("a TEXT", None, ('{"a": 1}',)),
)
