"""``RAISE(ABORT, 'message')`` in a trigger: an error that the application catches.

The error is an integrity violation, as ``sqlite3.IntegrityError`` is for SQLite's.
"""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.values import Value, text
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator


def raise_(translator: Translator, node: Node) -> Value:
    """``RAISE(ABORT, …)``; ROLLBACK is for the connection to do, FAIL would keep earlier rows."""
    ctx, kind = translator.ctx, node["raise_type"]
    if kind not in ("ABORT", "ROLLBACK"):
        raise unsupported(f"RAISE({kind})", "Write RAISE(ABORT, …)")
    if kind == "ROLLBACK":
        ctx.note(
            "RAISE(ROLLBACK) is an error whose code 23R01 tells the connection of an application "
            "to roll back; any other client has to do so itself"
        )
    message = as_text(ctx, translator.expr(node["error_message"]))
    return text(ctx.call(f"raise_{kind.lower()}", message.sql), nullable=True)


RULES: dict[str, Rule] = {"RaiseExpr": raise_}
