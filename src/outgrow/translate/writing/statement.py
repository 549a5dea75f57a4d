"""One statement that writes, of whichever kind."""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Outcome
from outgrow.translate.parse import Node
from outgrow.translate.translator import Translator
from outgrow.translate.writing.delete import delete
from outgrow.translate.writing.insert import insert
from outgrow.translate.writing.sequences import sequences, writes_sequences
from outgrow.translate.writing.update import update

_WRITERS = {"InsertStmt": insert, "UpdateStmt": update, "DeleteStmt": delete}


def written(translator: Translator, node: Node) -> Outcome:
    """Translate INSERT, UPDATE or DELETE; the names around it are the translator's scope.

    Raises UntranslatableSQL.
    """
    writer = _WRITERS.get(str(node["type"]))
    if writer is None:
        raise unsupported(f"the statement {node['type']}")
    if writes_sequences(node):
        return sequences(translator, node)
    return writer(translator, node)
