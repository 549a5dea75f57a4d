"""A comment that says so: ``started TEXT, -- ISO 8601, UTC``."""

from __future__ import annotations

import re

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind, Shape
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.wording import quoted

_SAYS_TIME = re.compile(r"\biso[ -]?8601\b|\b(timestamp|datetime)\b|\byyyy-mm-dd\b", re.IGNORECASE)
_SAYS_NUMBER = re.compile(r"\b(epoch|unix|julian)\b", re.IGNORECASE)
_SAYS_DATE_ALONE = re.compile(r"\byyyy-mm-dd\b(?![ t]*h)", re.IGNORECASE)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a date or time in the trailing comment."""
    comment = column.comment
    if not _SAYS_TIME.search(comment) or _SAYS_NUMBER.search(comment):
        return None
    shape = Shape("YYYY-MM-DD") if _SAYS_DATE_ALONE.search(comment) else None
    says = f"the comment says {quoted(comment)}"
    return Evidence(Kind.TIMESTAMP, says, Strength.STATED, shape)


CASES = (
    Case("a TEXT -- ISO 8601", Kind.TIMESTAMP, ("2024-01-31",)),
    Case("a TEXT -- ISO timestamp", Kind.TIMESTAMP),
    Case("a TEXT -- YYYY-MM-DD", Kind.TIMESTAMP),
    Case("a INTEGER -- unix timestamp", None),
    Case("a TEXT -- up to date", None),
)
