"""A declared type for exact decimals: ``NUMERIC(10,2)``, ``DECIMAL``, ``MONEY``, ``NUMBER``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.declared import type_words
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength

_DECIMALS = frozenset("currency dec decimal money number numeric smallmoney".split())


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See decimals in the declared type."""
    if not _DECIMALS.intersection(type_words(column.declared)):
        return None
    return Evidence(Kind.NUMERIC, f"the declared type is {column.declared}", Strength.STATED)


CASES = (
    Case("a NUMERIC(10,2)", Kind.NUMERIC, (1, 2.5)),
    Case("a decimal", Kind.NUMERIC),
    Case("a MONEY", Kind.NUMERIC),
    Case("a REAL", None, (1.5,)),
    Case("a DOUBLE", None),
)
