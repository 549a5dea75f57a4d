"""A comment that means money: ``spent REAL, -- US dollars``."""

from __future__ import annotations

import re

from outgrow.model.census import ColumnFacts
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.wording import quoted

_SAYS_MONEY = re.compile(
    r"\b(usd|eur|gbp|dollars?|euros?|pounds? sterling|currency|money|decimal)\b", re.IGNORECASE
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See money in the trailing comment."""
    if column.affinity not in (Affinity.REAL, Affinity.NUMERIC):
        return None
    if not _SAYS_MONEY.search(column.comment):
        return None
    return Evidence(Kind.NUMERIC, f"the comment says {quoted(column.comment)}", Strength.STATED)


CASES = (
    Case("a REAL -- US dollars", Kind.NUMERIC, (1.5,)),
    Case("a REAL -- in EUR", Kind.NUMERIC),
    Case("a INTEGER -- US dollars", None),
    Case("a REAL -- seconds", None, (1.5,)),
)
