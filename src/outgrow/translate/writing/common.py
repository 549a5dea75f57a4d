"""What INSERT, UPDATE and DELETE have in common: WITH in front, and what a conflict does."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.commons import definitions, with_clause
from outgrow.translate.translator import Translator
from outgrow.translate.writing.target import Target

_HINTS = {
    "FAIL": "PostgreSQL can't keep the rows that came before an error",
    "ROLLBACK": "Catch the error and roll the transaction back in the application",
}


@dataclass(frozen=True, slots=True)
class Prefixed:
    """The translator that knows the common tables of a statement, and their text before it."""

    translator: Translator
    sql: str


def prefixed(translator: Translator, node: Node) -> Prefixed:
    """Translate WITH in front of a statement; raises UntranslatableSQL."""
    ctes = children(node["with_ctes"])
    if not ctes:
        return Prefixed(translator, "")
    translator, written, is_recursive = definitions(translator, ctes)
    return Prefixed(translator, f"{with_clause(written, is_recursive)} ")


def conflict_action(node: Node, target: Target) -> str:
    """What a statement does on a conflict; raises UntranslatableSQL for what can't be done.

    A clause that a declaration has rules where the statement says nothing
    (https://www.sqlite.org/lang_conflict.html).
    """
    action = str(node["conflict_action"])
    if action in _HINTS:
        raise unsupported(f"OR {action}", _HINTS[action])
    if action != "DEFAULT" or target.table is None:
        return action
    of_keys = {key.on_conflict for key in target.table.keys}
    of_columns = {column.on_null for column in target.table.columns}
    if declared := (of_keys | of_columns) - {""}:
        action = min(declared)
        raise unsupported(
            f"a constraint of {target.source} that is declared ON CONFLICT {action}",
            f"Write OR {'ABORT' if action in _HINTS else action} in the statement",
        )
    return action
