"""A name that asks a yes-or-no question: ``is_open``, ``HasChildren``, ``email_verified``.

A plural before a participle counts things instead (``steps_completed``), and so do names that
end in a word for a quantity, a moment or a reference (``is_open_count``, ``deleted_at``).
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import words

_FIRST = frozenset("is has can should was were did does allow allows needs requires".split())
_LAST = frozenset(
    """
    accepted active admin approved archived banned blocked canceled cancelled complete completed
    confirmed deleted disabled discontinued done enabled expired favorite favourite flag hidden
    inactive installed locked merged muted optional paid pinned private processed public
    published removed required resolved reused revoked starred subscribed success successful
    superuser synced valid verified visible
    """.split()
)
_NOT_A_QUESTION = frozenset(
    "at by count date id ids name num number on rate ratio reason score time total type".split()
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See a question in the name."""
    parts = words(column.name)
    if not parts or parts[-1] in _NOT_A_QUESTION:
        return None
    if len(parts) > 1 and parts[0] in _FIRST:
        return Evidence(Kind.BOOLEAN, f"the name begins with {parts[0]}", Strength.HINT)
    counts = len(parts) > 1 and parts[-2].endswith("s") and not parts[-2].endswith("ss")
    if parts[-1] in _LAST and not counts:
        return Evidence(Kind.BOOLEAN, f"the name says {parts[-1]}", Strength.HINT)
    return None


CASES = (
    Case("is_open INTEGER", Kind.BOOLEAN, (0, 1)),
    Case("HasChildren INT", Kind.BOOLEAN),
    Case("email_verified INTEGER", Kind.BOOLEAN),
    Case("pr_merged INTEGER", Kind.BOOLEAN),
    Case("success INTEGER", Kind.BOOLEAN),
    Case("steps_completed INTEGER", None, (0, 1)),
    Case("success_rate REAL", None),
    Case("deleted_at TEXT", None),
    Case("island INTEGER", None, (0, 1)),
    Case('"is" INTEGER', None),
)
