"""A name that applications give to JSON: ``payload``, ``metadata``, ``tags``, ``extra_json``."""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import words

_LAST = frozenset(
    """
    attributes attrs config json meta metadata options params payload properties settings tags
    """.split()
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See JSON in the name."""
    parts = words(column.name)
    if parts and (parts[-1] in _LAST or "json" in parts):
        word = "json" if "json" in parts else parts[-1]
        return Evidence(Kind.JSONB, f"the name says {word}", Strength.HINT)
    return None


CASES = (
    Case("payload TEXT", Kind.JSONB, ("{}",)),
    Case("extra_json TEXT", Kind.JSONB),
    Case("JSONData TEXT", Kind.JSONB),
    Case("description TEXT", None, ("{}",)),
)
