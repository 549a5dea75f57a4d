"""INSERT, UPDATE and DELETE of an application."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator
from outgrow.translate.writing import target_of, translate_statement

_KINDS = {"InsertStmt": Kind.INSERT, "UpdateStmt": Kind.UPDATE, "DeleteStmt": Kind.DELETE}


def change(translator: Translator, node: Node) -> Outcome:
    """A statement that writes one table."""
    table = target_of(translator, node)
    written = translate_statement(translator, node)
    return Outcome(_KINDS[str(node["type"])], (written,), writes=fold(table.source))


STATEMENTS: dict[str, Statement] = dict.fromkeys(_KINDS, change)
