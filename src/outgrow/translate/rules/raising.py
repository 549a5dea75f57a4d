"""``RAISE(ABORT, 'message')`` in a trigger: an error that the application catches.

The error is an integrity violation, as ``sqlite3.IntegrityError`` is for SQLite's.
"""

from __future__ import annotations

from outgrow.translate.convert import as_text
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator
from outgrow.translate.values import Value, text


def raise_(translator: Translator, node: Node) -> Value:
    """``RAISE(ABORT, …)``; FAIL would keep earlier rows, ROLLBACK end the transaction."""
    if node["raise_type"] != "ABORT":
        raise unsupported(f"RAISE({node['raise_type']})")
    message = as_text(translator.ctx, translator.expr(node["error_message"]))
    return text(translator.ctx.call("raise_abort", message.sql), nullable=True)


RULES: dict[str, Rule] = {"RaiseExpr": raise_}
