"""Values with a time of day are evidence by themselves: ``2024-01-31T10:00:00``.

Dates alone are not: ``2024-01-31`` may be the name of a release.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength

_MOST = 0.95


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See moments in the values."""
    if facts.times is None or not facts.values:
        return None
    moments = sum(count for shape, count in facts.times.shapes if shape.separator)
    if not moments or moments < _MOST * facts.values:
        return None
    share = "all" if moments == facts.values else f"{moments:,} of {facts.values:,}"
    return Evidence(Kind.TIMESTAMP, f"{share} values are dates with a time of day", Strength.HINT)


CASES = (
    Case("a TEXT", Kind.TIMESTAMP, ("2024-01-31 10:00:00", None, "2024-02-29 23:59:59")),
    Case("a TEXT", Kind.TIMESTAMP, ("2024-01-31T10:00:00Z",)),
    Case("a TEXT", None, ("2024-01-31", "2024-02-01")),
    Case("a TEXT", None, ("2024-01-31 10:00:00", "later", "soon")),
)
