"""A default that is the present: CURRENT_TIMESTAMP, ``datetime('now')``, ``date('now')``.

https://www.sqlite.org/lang_datefunc.html
"""

from __future__ import annotations

import re

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength

_THE_PRESENT = re.compile(
    r"current_(timestamp|date)|(datetime|date)\s*\(\s*('now'.*)?\)"
    r"|strftime\s*\(\s*'[^']*%(Y|F)[^']*'\s*(,.*)?\)",
    re.IGNORECASE | re.DOTALL,
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See the present in the default."""
    if column.default is None:
        return None
    default = column.default.sql.strip()
    while default.startswith("(") and default.endswith(")"):
        default = default[1:-1].strip()
    if not _THE_PRESENT.fullmatch(default):
        return None
    return Evidence(Kind.TIMESTAMP, f"the default is {default}", Strength.HINT)


CASES = (
    Case("a TEXT DEFAULT CURRENT_TIMESTAMP", Kind.TIMESTAMP, ("2024-01-31",)),
    Case("a TEXT DEFAULT (datetime('now'))", Kind.TIMESTAMP),
    Case("a TEXT DEFAULT (date('now', 'localtime'))", Kind.TIMESTAMP),
    Case("a TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", Kind.TIMESTAMP),
    Case("a INTEGER DEFAULT (strftime('%s', 'now'))", None),
    Case("a TEXT DEFAULT CURRENT_TIME", None),
    Case("a TEXT DEFAULT 'datetime'", None),
)
