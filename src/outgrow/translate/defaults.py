"""DEFAULT: what SQLite would store, as the target's column holds it."""

from __future__ import annotations

from outgrow.model.source import Expression
from outgrow.translate import parse
from outgrow.translate.assign import assigned
from outgrow.translate.context import Context
from outgrow.translate.engine import Translation
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.fold import stored
from outgrow.translate.parse import Node
from outgrow.translate.schema import ColumnInfo, Schema
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator
from outgrow.translate.values import constant

_CHANGING = frozenset({"random", "randomblob", "changes", "last_insert_rowid", "total_changes"})
_TIMES = {"date": 0, "time": 0, "datetime": 0, "julianday": 0, "unixepoch": 0, "strftime": 1}


def translate_default(expr: Expression, column: ColumnInfo) -> Translation:
    """Translate a DEFAULT to an expression of the column's type.

    A constant is evaluated and given its affinity by SQLite itself. Raises UntranslatableSQL,
    also where the promoted column can't hold the value.
    """
    node = expr.tree if expr.tree is not None else _parsed(expr.sql)
    ctx = Context(Schema("", {}), "", quoted=parse.double_quoted(expr.sql))
    if _is_constant(node):
        value = constant(stored(expr.sql, str(column.affinity)))
    else:
        value = Translator(ctx, Scope()).expr(node)
    written = assigned(ctx, value, column.type, column.affinity)
    return Translation(written, column.type, frozenset(ctx.helpers), tuple(ctx.notes))


def _parsed(sql: str) -> Node:
    try:
        tree = parse.statement(f"CREATE TABLE t (c DEFAULT {sql})")
    except UntranslatableSQL:
        # SQLite reports an expression without the parentheses that it stood in.
        tree = parse.statement(f"CREATE TABLE t (c DEFAULT ({sql}))")
    node: Node = tree["columns"]["children"][0]["constraints"]["children"][0]["default_expr"]
    return node


def _is_constant(node: object) -> bool:
    """Whether nothing in the expression changes from insert to insert."""
    if isinstance(node, list):
        return all(_is_constant(child) for child in node)
    if not isinstance(node, dict):
        return True
    if node.get("literal_type") == "CURRENT":
        return False
    if node.get("type") == "FunctionCall":
        name = str(node["func_name"]).lower()
        if name in _CHANGING or (name in _TIMES and _is_now(node, _TIMES[name])):
            return False
    return all(_is_constant(child) for child in node.values())


def _is_now(node: Node, position: int) -> bool:
    arguments = parse.children(node["args"])
    if len(arguments) <= position:
        return True
    words = {str(a.get("source", "")).strip("'\" ").lower() for a in arguments}
    return bool(words & {"now", "localtime", "utc"}) or not all(
        a["type"] == "Literal" for a in arguments
    )
