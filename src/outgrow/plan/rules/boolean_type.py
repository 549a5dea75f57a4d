"""A declared type that means true or false: ``BOOLEAN``, ``BOOL``, ``BIT``, ``TINYINT(1)``.

Example: ``is_multi_phase BOOLEAN DEFAULT 0``.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.declared import type_words
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import size


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a boolean in the declared type."""
    declared = type_words(column.declared)
    means_boolean = "bool" in declared or "boolean" in declared
    bits = (size(column.declared) or (1 if declared == ("bit",) else 0,))[0]
    if means_boolean or (declared[:1] in (("bit",), ("tinyint",)) and bits == 1):
        return Evidence(Kind.BOOLEAN, f"the declared type is {column.declared}", Strength.STATED)
    return None


CASES = (
    Case("a BOOLEAN", Kind.BOOLEAN, (0, 1)),
    Case("a bool NOT NULL", Kind.BOOLEAN),
    Case("a TINYINT(1)", Kind.BOOLEAN),
    Case("a BIT", Kind.BOOLEAN),
    Case("a TINYINT", None, (0, 1)),
    Case("a BIT(8)", None),
)
