"""Whole numbers that look like moments counted from 1970, where name or type tell of time.

Seconds, milliseconds and microseconds between 1980 and 2100 don't overlap.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind, Shape
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.rules import time_name, time_type

_FROM, _TO = 315_532_800, 4_102_444_800
_UNITS = (("epoch s", 1), ("epoch ms", 1_000), ("epoch us", 1_000_000))


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See an epoch in the range of the values."""
    if not facts.integers or facts.integers != facts.values:
        return None
    if not (time_name.look(table, column, facts) or time_type.look(table, column, facts)):
        return None
    low, high = facts.min_integer or 0, facts.max_integer or 0
    for notation, factor in _UNITS:
        if _FROM * factor <= low and high <= _TO * factor:
            says = f"all values are whole numbers that fit {notation} (from 1970)"
            return Evidence(Kind.TIMESTAMP, says, Strength.NOTE, Shape(notation))
    return None


CASES = (
    Case("created_at INTEGER", Kind.TIMESTAMP, (1_700_000_000, 1_710_000_000)),
    Case("a DATETIME", Kind.TIMESTAMP, (1_700_000_000_000,)),
    Case("seen INTEGER", Kind.TIMESTAMP, (1_700_000_000_000_000,)),
    Case("created_at INTEGER", None, (0, 1_700_000_000)),
    Case("bytes INTEGER", None, (1_700_000_000,)),
    Case("created_at INTEGER", None),
)
