"""SELECT: its clauses in their order, and which form a query has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, children, name_of
from outgrow.translate.queries.commons import with_
from outgrow.translate.queries.compound import compound, values
from outgrow.translate.queries.grouping import Grouping, distinct_keys, group, grouped_by
from outgrow.translate.queries.limits import limit_of
from outgrow.translate.queries.ordering import Term, order_by, sort_key, written_order
from outgrow.translate.queries.query import Column, Query, Shown
from outgrow.translate.queries.results import (
    Item,
    check_distinct,
    equality,
    item_of,
    named,
    written_list,
)
from outgrow.translate.queries.sources import From, translate_from
from outgrow.translate.queries.windows import count_windows, has_window, window_clause
from outgrow.translate.scope import Scope

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_TEXT = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
_PARENTHESES = re.compile(r"(\(SELECT\b|\(|\))")
#: What aggregates become.
_AGGREGATE = re.compile(r"\b(?:array_agg|avg|count|max|min|string_agg|sum)\(")


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
    """Translate a SELECT inside an expression, where outer columns may be named.

    Its own columns bear no names.
    """
    query = translator.subquery(node, correlated=True)
    return replace(query, sql=query.unnamed())


def _select(outer: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate one SELECT.

    An aggregate inside a subquery may turn out to be one of this SELECT; then it is translated
    once more, as one that has groups.
    """
    clause = From()
    around = Scope((), outer.scope)
    if node["from_clause"]:
        clause = translate_from(outer.inside(around), node["from_clause"])
    first = _Select(outer, node, clause, around.taken)
    query = first.written(names, claimed=False)
    if not first.scope.claimed:
        return query
    return _Select(outer, node, clause, around.taken).written(names, claimed=True)


class _Select:
    """One SELECT while its clauses are translated."""

    def __init__(self, outer: Translator, node: Node, clause: From, taken: set[str]) -> None:
        windows: dict[str, Node] = {}
        for defined in children(node["window_clause"]):
            windows.setdefault(fold(str(defined["window_name"])), defined["window_def"])
        self.scope = Scope(
            clause.sources,
            outer.scope,
            clause.merged,
            windows=windows,
            windows_in_use=count_windows([node["columns"], node["orderby"]]),
            order=clause.order,
            reading=clause.order if clause.visited else (),
            taken=taken,
        )
        self._plain = outer.inside(self.scope)
        self._node = node
        self._clause = clause
        self._columns = children(node["columns"])

    def written(self, names: Sequence[str] | None, *, claimed: bool) -> Query:
        """Write the SELECT; ``claimed`` says that a subquery has an aggregate of this one."""
        node, clause = self._node, self._clause
        distinct = "DISTINCT" in node["flags"]
        self._name_aliases(self._plain)
        where = self._plain.condition(node["where_clause"]).sql if node["where_clause"] else ""
        grouping = group(self._plain, node, clause, claimed=claimed)
        self._name_aliases(grouping.translator)
        items = self._items(grouping.translator)
        terms = order_by(grouping.translator, node["orderby"], items)
        if distinct:
            items, distinct, grouping = self._told_apart(grouping, items, terms)
            terms = order_by(grouping.translator, node["orderby"], items)
        having = self._having(grouping)
        columns = named(grouping.translator, items, names)
        if _lost_its_aggregate(grouping, having, columns):
            having = "true"
        limit = limit_of(self._plain, node["limit_clause"])
        parts = (
            f"FROM {clause.sql}" if clause.sql else "",
            f"WHERE {where}" if where else "",
            f"GROUP BY {grouping.keys}" if grouping.keys else "",
            f"HAVING {having}" if having else "",
            window_clause(grouping.translator),
            written_order(terms, items, distinct=distinct),
            limit,
        )
        start = "SELECT DISTINCT" if distinct else "SELECT"
        rest = " ".join(part for part in parts if part)
        one_row = grouping.aggregated and not grouping.keys and not having
        values = tuple(item.value for item in items)
        shown = Shown(start, rest, values, tuple(text for _, text in columns))
        return Query(
            shown.written(written_list(columns)),
            tuple(column for column, _ in columns),
            one_row=(one_row or (not clause.sql and not where)) and not limit,
            has_limit=bool(limit),
            order=self._order(items, terms, grouping),
            shown=shown,
        )

    def _name_aliases(self, translator: Translator) -> None:
        self.scope.aliases = _LazyAliases(translator, self._columns)

    def _having(self, grouping: Grouping) -> str:
        tests = ["count(*) > 0"] if grouping.only_rows else []
        if self._node["having"]:
            test = grouping.translator.condition(self._node["having"])
            tests.append(test.operand if tests else test.sql)
        return " AND ".join(tests)

    def _items(self, translator: Translator) -> list[Item]:
        """The result columns, which can't name one another."""
        aliases, self.scope.aliases = self.scope.aliases, {}
        items: list[Item] = []
        for column in self._columns:
            if "STAR" in column["flags"]:
                items += _star(self.scope, column, self._clause)
            else:
                items.append(item_of(translator, column, translator.expr(column["expr"])))
        self.scope.aliases = aliases
        return items

    def _told_apart(
        self, grouping: Grouping, items: list[Item], terms: Sequence[Term]
    ) -> tuple[list[Item], bool, Grouping]:
        """Make the rows distinct: by DISTINCT, or by GROUP BY where a row has to be chosen.

        SQLite keeps the first of equal rows, with what ORDER BY reads of it.
        """
        ctx = self._plain.ctx
        alike = [equality(ctx, item.value) for item in items]
        plain = all(term.by_number for term in terms)
        if plain and not any(each.ambiguous for each in alike):
            compared = [
                replace(item, value=each.value) for item, each in zip(items, alike, strict=True)
            ]
            return compared, True, grouping
        if grouping.aggregated or has_window(self._node):
            for item in items:
                check_distinct(ctx, item.value, "DISTINCT")
            raise unsupported("SELECT DISTINCT of groups, ordered by what it does not select")
        keys, translator = grouped_by(self._plain, self._clause, distinct_keys(items))
        self._name_aliases(translator)
        grouping = Grouping(translator, aggregated=True, keys=keys, only_rows=not keys)
        items = self._items(translator)
        # ORDER BY by what is not selected: which row's, only SQLite's planner knows.
        self.scope.bare = None
        return items, False, grouping

    def _order(
        self, items: Sequence[Item], terms: Sequence[Term], grouping: Grouping
    ) -> tuple[tuple[int, str], ...]:
        """The result columns that the rows come sorted by, as far as they are selected.

        Groups come sorted by what they are grouped by.
        """
        written = [item.value.sql for item in items]
        if terms:
            keys = [(term.key, term.ending) for term in terms]
        elif grouping.aggregated:
            groups = [key for _, key in grouping.translator.group_keys]
            if any(sort_key(grouping.translator, key) != key.sql for key in groups):
                return ()
            keys = [(key.sql, " NULLS FIRST" if key.nullable else "") for key in groups]
        else:
            keys = [(key, "") for key in self._clause.order if self._clause.visited]
        if not {key for key, _ in keys} <= set(written):
            return ()
        return tuple((written.index(key), ending) for key, ending in keys)


def _lost_its_aggregate(
    grouping: Grouping, having: str, columns: Sequence[tuple[Column, str]]
) -> bool:
    """Whether nothing tells PostgreSQL that there is one group: ``count(*) IN ()`` is false."""
    if not grouping.aggregated or grouping.keys or having:
        return False
    return not any(_AGGREGATE.search(_outside_queries(written)) for _, written in columns)


def _outside_queries(sql: str) -> str:
    """What stands in an expression besides texts, quoted names and queries."""
    kept, depth = "", 0
    for piece in _PARENTHESES.split(_TEXT.sub("", sql)):
        if depth or piece == "(SELECT":
            depth += (piece in ("(", "(SELECT")) - (piece == ")")
        else:
            kept += piece
    return kept


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


def _star(scope: Scope, column: Node, clause: From) -> list[Item]:
    table = fold(name_of(column["expr"]))
    if not table:
        shown: Iterable[tuple[str, Value]] = clause.shown
    else:
        found = [source for source in clause.sources if source.alias == table]
        if not found:
            raise unsupported(f"no such table: {table}")
        shown = [(name, source.columns[fold(name)]) for source in found for name in source.names]
    return [Item(name, scope.check(value)) for name, value in shown]
