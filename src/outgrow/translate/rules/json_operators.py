"""``->`` and ``->>``: https://www.sqlite.org/json1.html#jptr.

``data -> 'a'`` gives JSON text, ``data ->> 'a'`` what json_extract() gives. The right side is a
path, the key of an object, or an index from the start or the end of an array.
"""

from __future__ import annotations

from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_any, as_text, base, widened
from outgrow.translate.expressions.json_forms import (
    document,
    extracted,
    json_text,
    label_path,
    lookup,
    settled_form,
    steps_of,
)
from outgrow.translate.expressions.values import Rep, Value, constant
from outgrow.translate.functions.json import nothing
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator

_OPERATORS = {"PTR": "->", "PTR2": "->>"}


def arrow(translator: Translator, node: Node) -> Value:
    """``x -> label`` and ``x ->> label``."""
    ctx = translator.ctx
    left, label = translator.expr(node["left"]), translator.expr(node["right"])
    operator = _OPERATORS[node["op"]]
    if left.is_constant and label.is_constant:
        known = settled_form(f"({{}} {operator} {{}})", [left, label])
        if known is not None:
            return known
    if left.rep is Rep.NULL:
        return constant(None)
    source = document(ctx, left)
    if label.rep is Rep.NULL:
        return nothing(source)
    found = lookup(ctx, source, _steps(ctx, label))
    return json_text(ctx, found) if operator == "->" else extracted(ctx, found)


def _steps(ctx: Context, label: Value) -> tuple[str, ...] | str:
    if label.is_constant:
        if isinstance(label.constant, bytes):
            raise unsupported("a blob as a JSON path")
        if isinstance(label.constant, int):
            return steps_of(label_path(label.constant))
        return steps_of(label_path(str(as_text(ctx, label).constant)))
    label = base(ctx, label)
    match label.rep:
        case Rep.INTEGER:
            return ctx.call("json_index_steps", widened(label))
        case Rep.DYNAMIC | Rep.ANY:
            return ctx.call("json_any_steps", as_any(ctx, label).sql)
        case Rep.BLOB:
            raise unsupported("a blob as a JSON path")
        case _:
            return ctx.call("json_label_steps", as_text(ctx, label).sql)


RULES: dict[str, Rule] = {"BinaryExpr:PTR": arrow, "BinaryExpr:PTR2": arrow}
