"""The collation of an expression in which COLLATE stands: ``lower(a COLLATE NOCASE) = 'x'``.

It reaches outwards through operators and functions, from the left operand or the first argument
that has one: https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.parse import Node, children

#: Nodes whose own rule knows the collation.
_OWN = frozenset(
    "ColumnRef Literal Variable CollateExpr ParenExpr CastExpr SubqueryExpr ExistsExpr".split()
)


def with_collation(node: Node, value: Value) -> Value:
    """Give a text the collation that is written inside its expression."""
    if value.explicit or node["type"] in _OWN or not (value.is_text or value.rep is Rep.ANY):
        return value
    found = _written(node)
    return replace(value, collation=found, explicit=True) if found else value


def _written(node: Node) -> str:
    """The collation that a COLLATE in an expression gives it; '' without one."""
    if node["type"] == "CollateExpr":
        return str(node["collation"]).upper()
    return next((found for part in _operands(node) if (found := _written(part))), "")


def _operands(node: Node) -> Iterator[Node]:
    """What SQLite looks at for a collation, in its order."""
    for name in ("left", "operand", "expr", "right"):
        part = node.get(name)
        if isinstance(part, dict):
            yield part
    yield from children(node.get("args"))
    for branch in children(node.get("whens")):
        yield from (branch["when_expr"], branch["then_expr"])
    if node.get("else_expr"):
        yield node["else_expr"]
