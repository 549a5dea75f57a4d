"""DEFAULT: what SQLite would store, as the target's column holds it."""

from __future__ import annotations

from outgrow.model.source import Expression
from outgrow.translate import parse
from outgrow.translate.context import Context
from outgrow.translate.engine import ExpressionTranslation
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.expressions.assign import assigned
from outgrow.translate.expressions.fold import Settled, settled, stored
from outgrow.translate.expressions.values import Rep, constant
from outgrow.translate.parse import Node
from outgrow.translate.schema import ColumnInfo, Schema
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator


def translate_default(expr: Expression, column: ColumnInfo) -> ExpressionTranslation:
    """Translate a DEFAULT to an expression of the column's type.

    A constant is evaluated and given its affinity by SQLite itself. Raises UntranslatableSQL,
    also where the promoted column can't hold the value.
    """
    node = expr.tree if expr.tree is not None else _parsed(expr.sql)
    ctx = Context(Schema("", {}), "", quoted=parse.double_quoted(expr.sql))
    known = _known(node, expr.sql, str(column.affinity))
    value = constant(known.value) if known else Translator(ctx, Scope()).expr(node)
    # A text that may be no number would make every insert fail that relies on the default.
    is_any_text = value.rep is Rep.TEXT and not (known or value.numeral)
    written = assigned(ctx, value, column.type, None if is_any_text else column.affinity)
    return ExpressionTranslation(written, column.type, frozenset(ctx.helpers), tuple(ctx.notes))


def _parsed(sql: str) -> Node:
    try:
        tree = parse.statement(f"CREATE TABLE t (c DEFAULT {sql})")
    except UntranslatableSQL:
        # SQLite reports an expression without the parentheses that it stood in.
        tree = parse.statement(f"CREATE TABLE t (c DEFAULT ({sql}))")
    node: Node = tree["columns"]["children"][0]["constraints"]["children"][0]["default_expr"]
    return node


def _known(node: Node, sql: str, declared: str) -> Settled | None:
    """What SQLite stores, where it is the same with every insert."""
    is_name = node["type"] == "ColumnRef"
    if is_name or (node["type"] == "Literal" and node["literal_type"] != "CURRENT"):
        # A bare or quoted name is a text in DEFAULT, and nowhere else.
        return Settled(stored(sql, declared))
    return settled(sql, declared=declared)
