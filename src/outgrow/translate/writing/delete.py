"""DELETE."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator
from outgrow.translate.writing.common import prefixed
from outgrow.translate.writing.returning import returned
from outgrow.translate.writing.rowwise import note_rows
from outgrow.translate.writing.target import target_of
from outgrow.translate.writing.update import (
    touches_one_row,
    where_clause,
    where_tests,
)


def delete(translator: Translator, node: Node) -> Outcome:
    """Translate DELETE; raises UntranslatableSQL."""
    begun = prefixed(translator, node)
    target = target_of(begun.translator, node)
    inner = begun.translator.inside(Scope((target.row,), begun.translator.scope))
    tests = where_tests(inner, node, target)
    back = returned(begun.translator, node, target)
    if not touches_one_row(target, node["where_clause"]):
        note_rows(translator.ctx, node)
    sql = f"{begun.sql}DELETE FROM {target.written}{where_clause(tests)}{back.sql}"
    return Outcome(Kind.DELETE, (sql,), back.columns, fold(target.source))
