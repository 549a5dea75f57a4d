"""Function calls: scalar functions, aggregates with DISTINCT, ORDER BY and FILTER, windows.

A deterministic function of constants is evaluated by SQLite: ``DATETIME('1997-01-01')`` →
``'1997-01-01 00:00:00'``.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from outgrow.model.names import fold
from outgrow.translate.errors import UNKNOWN_FUNCTION, UntranslatableSQL, unsupported
from outgrow.translate.expressions.json_forms import settled_form
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, children, fingerprint
from outgrow.translate.queries.grouping import arguments, is_aggregate, owner
from outgrow.translate.queries.ordering import order_terms
from outgrow.translate.queries.windows import is_moving, over
from outgrow.translate.registry import (
    Aggregate,
    AggregateCall,
    Function,
    Rule,
    Window,
    aggregates,
    functions,
    windows,
)
from outgrow.translate.translator import Translator


def call(translator: Translator, node: Node) -> Value:
    """A call of a scalar or an aggregate function."""
    name = fold(str(node["func_name"]))
    arguments = children(node["args"])
    if name == "now" and not arguments:
        name = "datetime"  # what the database layer adds to SQLite
    if node.get("over_clause"):
        return _over(translator, node, name)
    if is_aggregate(node):
        return _aggregate(translator, node, name)
    function = functions().get(name)
    if function is None:
        raise UntranslatableSQL(UNKNOWN_FUNCTION, f"no such function: {name}()")
    _check_count(name, function, len(arguments))
    values = translator.all(arguments)
    if all(value.is_constant for value in values):
        known = settled_form(f"{name}({', '.join('{}' for _ in values)})", values)
        if known is not None:
            return known
    return function.translate(translator, values)


def _check_count(name: str, function: Function | Aggregate | Window, count: int) -> None:
    if count < function.least or (function.most is not None and count > function.most):
        raise UntranslatableSQL(UNKNOWN_FUNCTION, f"{name}() with {count} arguments")


def _aggregate(translator: Translator, node: Node, name: str) -> Value:
    """An aggregate over the rows of the SELECT whose columns it names."""
    aggregate = _known_aggregate(name)
    rows = owner(translator, node)
    inside = replace(translator, group_keys=())
    if rows.grouped is None:
        rows.claimed = rows is not translator.scope
    own = list(takewhile(lambda scope: scope is not rows, translator.scope.chain()))
    with translator.ungrouped([*own, rows]):
        values, terms, test = arguments(inside, node)
        _check_count(name, aggregate, len(values))
    distinct = "DISTINCT" in node["flags"]
    if distinct and len(values) != 1:
        raise unsupported("DISTINCT aggregates must have exactly one argument")
    printed = fingerprint(children(node["args"])[0]) if values else ""
    decoration = AggregateCall(
        distinct=distinct,
        order=order_terms(translator, terms),
        by_argument=all(fingerprint(term["expr"]) == printed for term, _ in terms),
        test=test.sql if test else "",
        visited=", ".join(rows.order),
    )
    return aggregate.translate(inside, decoration, values)


def _over(translator: Translator, node: Node, name: str) -> Value:
    """A call with OVER: of a window function, or of an aggregate over the frame."""
    window = windows().get(name)
    if window is None and not is_aggregate(node):
        raise unsupported(f"{name}() may not be used as a window function")
    values, terms, test = arguments(translator, node)
    if "DISTINCT" in node["flags"]:
        raise unsupported("DISTINCT is not supported for window functions")
    if terms:
        raise unsupported(f"ORDER BY may not be used with non-aggregate {name}()")
    if window is not None:
        if test is not None:
            raise unsupported("FILTER clause may only be used with aggregate window functions")
        _check_count(name, window, len(values))
        return window.translate(
            translator,
            over(translator, node["over_clause"], by_position=window.by_position),
            values,
        )
    aggregate = _known_aggregate(name)
    _check_count(name, aggregate, len(values))
    decoration = AggregateCall(
        test=test.sql if test else "",
        over=over(translator, node["over_clause"], by_position=aggregate.by_position),
        is_moving=is_moving(translator, node["over_clause"]),
    )
    return aggregate.translate(translator, decoration, values)


def _known_aggregate(name: str) -> Aggregate:
    found = aggregates().get(name)
    if found is None:
        raise UntranslatableSQL(UNKNOWN_FUNCTION, f"no such function: {name}()")
    return found


RULES: dict[str, Rule] = {"FunctionCall": call, "AggregateFunctionCall": call}
