"""A comment that says so: ``cost_breakdown TEXT, -- JSON object``.

A comment that speaks of JSON in passing (``path of the JSON file``) is a weaker hint.
"""

from __future__ import annotations

import re

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.wording import quoted

_JSON = re.compile(r"\bjsonb?\b", re.IGNORECASE)
_IS_JSON = re.compile(
    r"\s*jsonb?\b(?! (file|path))|.*\b(as|in|encoded) jsonb?\b"
    r"|.*\bjsonb?[ -](object|array|list|string|text|blob|data|encoded)\b",
    re.IGNORECASE,
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See JSON in the trailing comment."""
    if not _JSON.search(column.comment):
        return None
    strength = Strength.STATED if _IS_JSON.match(column.comment) else Strength.HINT
    return Evidence(Kind.JSONB, f"the comment says {quoted(column.comment)}", strength)


CASES = (
    Case("a TEXT -- JSON object", Kind.JSONB, ("{}",)),
    Case("a TEXT -- JSON, optional", Kind.JSONB),
    Case("a TEXT -- list of names as JSON", Kind.JSONB),
    Case("a TEXT -- path of the JSON file", Kind.JSONB),
    Case("a TEXT -- jsonnet", None),
    Case("a TEXT", None, ("{}",)),
)
