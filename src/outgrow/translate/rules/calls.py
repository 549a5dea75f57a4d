"""Function calls: scalar functions, and aggregates with DISTINCT, ORDER BY and FILTER.

A deterministic function of constants is evaluated by SQLite: ``DATETIME('1997-01-01')`` →
``'1997-01-01 00:00:00'``.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.names import fold
from outgrow.translate.errors import UNKNOWN_FUNCTION, UntranslatableSQL, unsupported
from outgrow.translate.fold import Settled, settled
from outgrow.translate.ordering import order_terms
from outgrow.translate.parse import Node, children
from outgrow.translate.registry import (
    Aggregate,
    AggregateCall,
    Function,
    Rule,
    aggregates,
    functions,
)
from outgrow.translate.select import is_aggregate
from outgrow.translate.translator import Translator
from outgrow.translate.values import Value, constant


def call(translator: Translator, node: Node) -> Value:
    """A call of a scalar or an aggregate function."""
    name = fold(str(node["func_name"]))
    arguments = children(node["args"])
    if node.get("over_clause"):
        raise unsupported(f"the window function {name}")
    if is_aggregate(node):
        return _aggregate(translator, node, aggregates()[name])
    function = functions().get(name)
    if function is None:
        raise UntranslatableSQL(UNKNOWN_FUNCTION, f"no such function: {name}()")
    _check_count(name, function, len(arguments))
    values = translator.all(arguments)
    known = _known(name, values) if all(value.is_constant for value in values) else None
    return constant(known.value) if known else function.translate(translator, values)


def _known(name: str, values: Sequence[Value]) -> Settled | None:
    arguments = {f"argument_{n}": value.constant for n, value in enumerate(values)}
    return settled(f"{name}({', '.join(arguments)})", arguments)


def _check_count(name: str, function: Function | Aggregate, count: int) -> None:
    if count < function.least or (function.most is not None and count > function.most):
        raise UntranslatableSQL(UNKNOWN_FUNCTION, f"{name}() with {count} arguments")


def _aggregate(translator: Translator, node: Node, aggregate: Aggregate) -> Value:
    name = fold(str(node["func_name"]))
    with translator.ungrouped():
        plain = Translator(translator.ctx, translator.scope)
        values = plain.all(children(node["args"]))
        _check_count(name, aggregate, len(values))
        terms = order_terms(plain, children(node.get("orderby")))
        test = plain.condition(node["filter_clause"]) if node["filter_clause"] else None
    distinct = "DISTINCT" in node["flags"]
    if distinct and any(v.collation != "BINARY" and v.is_text for v in values):
        raise unsupported(f"{name}(DISTINCT …) with the collation {values[0].collation}")
    decoration = AggregateCall(
        distinct="DISTINCT " if distinct else "",
        order=f" {terms}" if terms else "",
        filter=f" FILTER (WHERE {test.sql})" if test else "",
    )
    return aggregate.translate(plain, decoration, values)


RULES: dict[str, Rule] = {"FunctionCall": call, "AggregateFunctionCall": call}
