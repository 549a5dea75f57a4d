"""A comment that says so: ``success INTEGER, -- SQLite uses INTEGER for BOOLEAN``."""

from __future__ import annotations

import re

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.wording import quoted

_SAYS_BOOLEAN = re.compile(
    r"\bbool(ean)?\b|\bflag\b|(?<![\d.])0\s*(/|or|\|)\s*1(?![\d.])|(?<![\d.])1\s*(/|or|\|)\s*0(?![\d.])"
    r"|\btrue\s*/\s*false\b|\byes\s*/\s*no\b|\b[01]\s*=\s*(true|false|yes|no)\b",
    re.IGNORECASE,
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a boolean in the trailing comment."""
    if not _SAYS_BOOLEAN.search(column.comment):
        return None
    return Evidence(Kind.BOOLEAN, f"the comment says {quoted(column.comment)}", Strength.STATED)


CASES = (
    Case("a INTEGER -- Boolean (0 or 1)", Kind.BOOLEAN, (0, 1)),
    Case("a INTEGER -- SQLite uses INTEGER for BOOLEAN", Kind.BOOLEAN),
    Case("a INTEGER -- 0/1", Kind.BOOLEAN),
    Case("a INTEGER -- 1 = yes", Kind.BOOLEAN),
    Case("a REAL -- 0.0 to 1.0", None),
    Case("a INTEGER -- 10/15 minutes", None),
    Case("a INTEGER -- bit flags", None),
    Case("a INTEGER", None, (0, 1)),
)
