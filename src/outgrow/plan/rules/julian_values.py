"""REAL values that look like Julian days (1980 to 2100), where name or type tell of time.

https://www.sqlite.org/lang_datefunc.html
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.rules import time_name, time_type

_FROM, _TO = 2_444_239.5, 2_488_070.5


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See Julian days in the range of the values."""
    if not facts.reals or facts.reals != facts.values:
        return None
    if not (time_name.look(table, column, facts) or time_type.look(table, column, facts)):
        return None
    if (facts.min_real or 0.0) >= _FROM and (facts.max_real or 0.0) <= _TO:
        return Evidence(Kind.TIMESTAMP, "all values look like Julian days", Strength.NOTE)
    return None


CASES = (
    Case("seen_at REAL", Kind.TIMESTAMP, (2_460_000.5, 2_460_001.25)),
    Case("distance REAL", None, (2_460_000.5,)),
    Case("seen_at REAL", None, (12.5,)),
)
