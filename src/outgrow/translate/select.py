"""SELECT: its clauses in their order, and which form a query has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.translate.compound import compound, values, with_
from outgrow.translate.errors import unsupported
from outgrow.translate.ordering import is_fixed, limit_of, order_by
from outgrow.translate.parse import Node, children, fingerprint, name_of
from outgrow.translate.query import Query
from outgrow.translate.registry import aggregates
from outgrow.translate.results import Item, check_distinct, item_of, named, written_list
from outgrow.translate.scope import Scope
from outgrow.translate.sources import From, translate_from
from outgrow.translate.values import Value

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


def translate_query(
    translator: Translator, node: Node, names: Sequence[str] | None = None
) -> Query:
    """Translate a SELECT in any form; ``names`` overrule the result columns' names."""
    match node["type"]:
        case "SelectStmt":
            return _select(translator, node, names)
        case "CompoundSelect":
            return compound(translator, node, names)
        case "ValuesClause":
            return values(translator, node, names)
        case "WithClause":
            return with_(translator, node, names)
        case other:
            raise unsupported(f"{other} as a query")


def subquery(translator: Translator, node: Node) -> Query:
    """Translate a SELECT inside an expression, where outer columns may be named."""
    return translator.subquery(node, correlated=True)


def is_aggregate(node: Node) -> bool:
    """Whether a call is one of an aggregate: ``min`` and ``max`` are with one argument only."""
    name = fold(str(node["func_name"]))
    if node["type"] == "AggregateFunctionCall":
        return True
    if name in ("min", "max"):
        return len(children(node["args"])) == 1
    return name in aggregates()


def _has_aggregate(node: Any) -> bool:
    """Say whether a call of an aggregate stands in a tree, subqueries apart."""
    if not isinstance(node, dict):
        return isinstance(node, list) and any(_has_aggregate(child) for child in node)
    if node.get("type") in ("SubqueryExpr", "ExistsExpr", "SelectStmt", "CompoundSelect"):
        return False
    is_call = node.get("type") in ("FunctionCall", "AggregateFunctionCall")
    if is_call and not node.get("over_clause") and is_aggregate(node):
        return True
    return any(_has_aggregate(child) for child in node.values())


def _select(outer: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate one SELECT; ``names`` overrule the names of its columns."""
    if node["window_clause"]:
        raise unsupported("a WINDOW clause")
    clause = (
        translate_from(outer.inside(Scope((), outer.scope)), node["from_clause"])
        if (node["from_clause"])
        else From("", (), ())
    )
    scope = Scope(clause.sources, outer.scope, clause.merged)
    translator = outer.inside(scope)
    scope.aliases = _LazyAliases(translator, children(node["columns"]))
    where = translator.condition(node["where_clause"]).sql if node["where_clause"] else ""
    grouping, after = _grouping(translator, node)
    items = _items(after, node, clause)
    columns = named(after, items, names)
    parts = [
        "SELECT " + ("DISTINCT " if "DISTINCT" in node["flags"] else "") + written_list(columns)
    ]
    if clause.sql:
        parts.append(f"FROM {clause.sql}")
    if where:
        parts.append(f"WHERE {where}")
    if grouping:
        parts.append(f"GROUP BY {grouping}")
    if node["having"]:
        parts.append(f"HAVING {after.condition(node['having']).sql}")
    distinct = "DISTINCT" in node["flags"]
    if distinct:
        check_distinct(items, "DISTINCT")
    order = order_by(after, node["orderby"], items, distinct=distinct)
    if order:
        parts.append(order)
    limit = limit_of(translator, node["limit_clause"])
    if limit:
        parts.append(limit)
    one_row = (not clause.sql and not where) or (after is not translator and not grouping)
    return Query(
        " ".join(parts),
        tuple(column for column, _ in columns),
        one_row=one_row and not limit and not node["having"],
        has_limit=bool(limit),
    )


class _LazyAliases(dict[str, Value]):
    """Result columns by alias, translated only when a clause names one."""

    def __init__(self, translator: Translator, columns: Sequence[Node]) -> None:
        super().__init__()
        self._translator = translator
        self._nodes = {
            fold(name_of(column["alias"])): column["expr"]
            for column in reversed(columns)
            if column["alias"]
        }

    def get(self, key: str, default: Any = None) -> Any:
        """The value of the aliased expression."""
        node = self._nodes.pop(key, None)
        if node is None:
            return default
        try:
            return self._translator.expr(node)
        finally:
            self._nodes[key] = node


def _grouping(translator: Translator, node: Node) -> tuple[str, Translator]:
    """Write GROUP BY; give the translator of the clauses after it."""
    terms = children(node["groupby"])
    aggregated = bool(terms) or any(
        _has_aggregate(node[part]) for part in ("columns", "having", "orderby")
    )
    if not aggregated:
        return "", translator
    keys: list[tuple[str, Value]] = []
    for term in terms:
        columns = children(node["columns"])
        source = _ordinal(term, columns) or _aliased(translator, term, columns) or term
        value = translator.expr(source)
        check_distinct([Item("", value)], "GROUP BY")
        if is_fixed(source, value):
            continue
        keys.append((fingerprint(source), value))
    if terms and not keys:
        # One group, but none of an empty table, which no GROUP BY of PostgreSQL says.
        raise unsupported("GROUP BY of constants alone")
    return ", ".join(value.operand for _, value in keys), translator.with_group(keys)


def _aliased(translator: Translator, term: Node, columns: Sequence[Node]) -> Node | None:
    """The result column that a name in GROUP BY means, where no table has such a column."""
    if term["type"] != "ColumnRef" or term["table"]:
        return None
    name = fold(str(term["column"]))
    if any(source.column(name) is not None for source in translator.scope.sources):
        return None
    named = (c["expr"] for c in columns if c["alias"] and fold(name_of(c["alias"])) == name)
    return next(named, None)


def _ordinal(term: Node, columns: Sequence[Node]) -> Node | None:
    """The result column that a number in GROUP BY or ORDER BY means."""
    while term["type"] == "ParenExpr":
        term = term["expr"]
    if term["type"] != "Literal" or term["literal_type"] != "INTEGER":
        return None
    position = int(term["source"])
    if not 1 <= position <= len(columns) or "STAR" in columns[position - 1]["flags"]:
        raise unsupported(f"the column number {position}")
    expression: Node = columns[position - 1]["expr"]
    return expression


def _items(translator: Translator, node: Node, clause: From) -> list[Item]:
    items: list[Item] = []
    for column in children(node["columns"]):
        if "STAR" in column["flags"]:
            items += _star(translator, column, clause)
            continue
        items.append(item_of(translator, column, translator.expr(column["expr"])))
    return items


def _star(translator: Translator, column: Node, clause: From) -> list[Item]:
    table = fold(name_of(column["expr"]))
    if not table:
        shown: Iterable[tuple[str, Value]] = clause.shown
    else:
        source = next((s for s in clause.sources if s.alias == table), None)
        if source is None:
            raise unsupported(f"no such table: {table}")
        shown = [(name, source.columns[fold(name)]) for name in source.names]
    if translator.scope.grouped is not None:
        for _, value in shown:
            translator.scope.check(value)
    return [Item(name, value) for name, value in shown]
