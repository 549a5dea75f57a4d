"""GROUP BY, and the columns beside an aggregate that it does not name.

https://www.sqlite.org/lang_select.html#bareagg: beside one ``min()`` or ``max()`` they come from
the row that holds it, else from any row of the group: in practice the first that SQLite visits.
``SELECT kind, max(cost), id`` → ``(array_agg(id ORDER BY cost DESC NULLS LAST, id))[1]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.model.types import Kind
from outgrow.translate.errors import BARE_COLUMN, UntranslatableSQL, unsupported
from outgrow.translate.expressions.convert import base
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.parse import Node, children, fingerprint, name_of
from outgrow.translate.queries.dependencies import closure, conjuncts, of_pairs
from outgrow.translate.queries.dependencies import equality as equal
from outgrow.translate.queries.ordering import is_fixed, ordinal, reversed_term, sort_key
from outgrow.translate.queries.results import Item, equality, typed
from outgrow.translate.queries.sources import From
from outgrow.translate.registry import aggregates

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

#: Types that PostgreSQL has min() of.
_ORDERED = (Kind.TEXT, Kind.BIGINT, Kind.DOUBLE, Kind.NUMERIC, Kind.TIMESTAMP, Kind.DATE)
_QUERIES = ("SubqueryExpr", "ExistsExpr", "SelectStmt", "CompoundSelect", "WithClause")


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a SELECT is grouped.

    Args:
        translator: what translates HAVING, the result columns and ORDER BY.
        aggregated: whether rows are grouped at all.
        keys: the list after GROUP BY, '' for one group.
        only_rows: whether there is no group where there is no row, though ``keys`` is empty.

    """

    translator: Translator
    aggregated: bool = False
    keys: str = ""
    only_rows: bool = False


def is_aggregate(node: Node) -> bool:
    """Whether a call is one of an aggregate: ``min`` and ``max`` are with one argument only."""
    if node["type"] == "AggregateFunctionCall":
        return True
    name = fold(str(node["func_name"]))
    if name in ("min", "max"):
        return len(children(node["args"])) == 1
    return name in aggregates()


def _calls(node: Any) -> Iterator[Node]:
    """The calls of aggregates in a tree, without subqueries and windows."""
    if isinstance(node, list):
        for child in node:
            yield from _calls(child)
    elif isinstance(node, dict) and node.get("type") not in _QUERIES:
        is_call = node.get("type") in ("FunctionCall", "AggregateFunctionCall")
        if is_call and not node.get("over_clause") and is_aggregate(node):
            yield node
        for child in node.values():
            yield from _calls(child)


def has_aggregate(node: Node) -> bool:
    """Whether an aggregate is called in a tree, outside of its subqueries."""
    parts = (part for name, part in node.items() if name != "type")
    return any(True for part in parts for _ in _calls(part))


def group(translator: Translator, node: Node, clause: From, *, claimed: bool) -> Grouping:
    """Group a SELECT; ``claimed`` says that a subquery holds an aggregate of this SELECT."""
    terms = children(node["groupby"])
    calls = _own(translator, node["columns"])
    if not (terms or calls or claimed):
        if node["having"]:
            raise unsupported("HAVING clause on a non-aggregate query")
        return Grouping(translator)
    calls += _own(translator, node["having"]) + _own(translator, node["orderby"])
    columns = children(node["columns"])
    sources = [ordinal(t, columns) or _aliased(translator, t, columns) or t for t in terms]
    keys = [(source, translator.expr(source)) for source in sources]
    kept = [(fingerprint(source), value) for source, value in keys if not is_fixed(source, value)]
    where = [equal(translator, part) for part in conjuncts(node["where_clause"])]
    clause = replace(clause, depends=clause.depends + of_pairs(where))
    written, after = grouped_by(translator, clause, kept, calls)
    return Grouping(after, True, written, only_rows=bool(terms) and not kept)


def grouped_by(
    translator: Translator,
    clause: From,
    keys: Sequence[tuple[str, Value]],
    calls: Sequence[Node] = (),
) -> tuple[str, Translator]:
    """Write the list of GROUP BY; give the translator of what may stand beside it."""
    scope = translator.scope
    bare = _Bare(translator, clause, calls, may_be_empty=not keys)
    written, read = [], []
    for printed, key in keys:
        # PostgreSQL takes (a AND b) AND c apart, and does not find (a AND b) in it.
        is_test = key.rep is Rep.BOOLEAN and key.stored is None
        value = base(translator.ctx, key) if is_test else key
        alike = equality(translator.ctx, value)
        written.append(alike.operand)
        read.append((printed, bare(value, a_key=True) if alike.ambiguous else alike.value))
    bare.determined = closure([value.sql for _, value in keys], clause.sources, clause.depends)
    scope.grouped = _with_dependent(clause, {value.sql for _, value in read})
    scope.bare = bare
    return ", ".join(dict.fromkeys(written)), replace(translator, group_keys=tuple(read))


def _with_dependent(clause: From, grouped: set[str]) -> frozenset[str]:
    """Add the columns of the tables whose key is grouped, which PostgreSQL knows as well."""
    for source in clause.sources:
        key = {source.columns[name].sql for name in source.key}
        if key and key <= grouped:
            grouped |= {value.sql for value in source.columns.values()}
    return frozenset(grouped)


def _own(translator: Translator, node: Any) -> list[Node]:
    """The aggregates in a tree that are of this SELECT and not of one around it."""
    return [call for call in _calls(node) if owner(translator, call) is translator.scope]


def owner(translator: Translator, call: Node) -> Any:
    """The scope whose rows an aggregate runs over: the innermost whose columns it names."""
    scope = translator.scope
    if scope.parent is None or not any(outer.sources for outer in scope.parent.chain()):
        return scope
    chain = list(scope.chain())
    before = [outer.uses for outer in chain]
    with translator.ungrouped(chain):
        arguments(translator, call)
    used = (outer for outer, uses in zip(chain, before, strict=True) if outer.uses > uses)
    return next(used, scope)


def arguments(
    translator: Translator, call: Node
) -> tuple[list[Value], list[tuple[Node, Value]], Value | None]:
    """Translate what an aggregate is called with: arguments, ORDER BY, FILTER."""
    values = translator.all(children(call["args"]))
    terms = [(term, translator.expr(term["expr"])) for term in children(call.get("orderby"))]
    test = translator.condition(call["filter_clause"]) if call["filter_clause"] else None
    return values, terms, test


class _Bare:
    """Reads a column beside an aggregate that GROUP BY does not name."""

    def __init__(
        self, translator: Translator, clause: From, calls: Sequence[Node], *, may_be_empty: bool
    ) -> None:
        self._ctx = translator.ctx
        self._clause = clause
        self._may_be_empty = may_be_empty
        #: Columns that are the same in all rows of a group.
        self.determined: frozenset[str] = frozenset()
        self._order: str | None = None
        #: Where the minimum or maximum may be of NULLs alone: its argument, the order reversed.
        self._extreme = ""
        self._last = ""
        self._refused = ""
        extremes = {
            fingerprint({**call, "flags": []}): call
            for call in calls
            if fold(str(call["func_name"])) in ("min", "max")
        }
        if len(extremes) > 1:
            self._refused = "there is more than one min() or max()"
        for call in extremes.values():
            self._order = self._of_extreme(translator, call)

    def __call__(self, value: Value, *, a_key: bool = False) -> Value:
        """Read the column; ``a_key`` for one whose equal values may be spelled differently."""
        if value.rep is Rep.NULL:
            return value
        if not a_key and value.sql in self.determined:
            return self._any(value)
        if self._refused:
            raise self._error(value, self._refused)
        order = self._order
        if order is None:
            if a_key and value.rep is Rep.DYNAMIC and not self._clause.visited:
                return self._of_one_class(value)
            if not self._clause.visited:
                raise self._error(value, "SQLite takes it from any row of the group")
            order = ", ".join(self._clause.total_order)
            self._ctx.note(
                f"{value.sql}: SQLite takes the value from any row of the group that it likes; "
                "here it is the first row"
            )
            return self._first(value, order)
        if not self._clause.visited:
            self._ctx.note(
                f"{value.sql}: of several rows that hold the minimum or maximum SQLite takes one "
                "that it likes"
            )
        if not self._last:
            return self._first(value, order)
        first, last = self._first(value, order).sql, self._first(value, self._last).sql
        written = f"CASE WHEN count({self._extreme}) = 0 THEN {last} ELSE {first} END"
        return replace(self._first(value, order), sql=f"({written})")

    def _of_one_class(self, value: Value) -> Value:
        """Write a number that all rows of the group have, all as integers or all as reals."""
        integers, reals = (
            f"max({value.sql}) FILTER (WHERE scale({value.sql}) {sign} 0)"
            # The scale of infinity is NULL.
            for sign in ("=", "IS DISTINCT FROM")
        )
        return replace(value, sql=self._ctx.call("max_class", integers, reals), atom=True)

    def _any(self, value: Value) -> Value:
        """Write a value that is the same in all rows of the group."""
        if value.stored is None or value.stored.kind not in _ORDERED:
            return self._first(value, "")
        return replace(self._first(value, ""), sql=f"min({value.sql})")

    def _first(self, value: Value, order: str) -> Value:
        """Write the value of the first row in this order; '' for any row."""
        by = f" ORDER BY {order}" if order else ""
        nullable = value.nullable or self._may_be_empty
        written = f"(array_agg({typed(value)}{by}))[1]"
        return replace(value, sql=written, atom=True, nullable=nullable, is_constant=False)

    def _error(self, value: Value, why: str) -> UntranslatableSQL:
        return UntranslatableSQL(
            BARE_COLUMN,
            f"{value.sql} stands beside an aggregate and is not in GROUP BY: {why}",
            "Name it in GROUP BY, or use one MIN or MAX",
        )

    def _of_extreme(self, translator: Translator, call: Node) -> str:
        """Write the order that puts first the row that holds the minimum or maximum."""
        if call["filter_clause"] or "DISTINCT" in call["flags"]:
            self._refused = "the min() or max() has DISTINCT or FILTER"
            return ""
        value = translator.expr(children(call["args"])[0])
        if value.rep is Rep.NULL:
            self._refused = "the min() or max() is one of NULL"
            return ""
        key = sort_key(translator, value)
        if fold(str(call["func_name"])) == "max":
            key += " DESC NULLS LAST" if value.nullable else " DESC"
        order = self._clause.total_order
        if not value.nullable or not self._clause.visited:
            return ", ".join((key, *order))
        # Where all are NULL, the row that SQLite visits last is taken.
        if self._clause.visited_by_number:
            null = f"CASE WHEN {value.operand} IS NULL THEN -{order[0]} END"
            return f"{key}, {null}, {order[0]}"
        self._extreme = value.sql
        self._last = ", ".join(map(reversed_term, order))
        return ", ".join((key, *order))


def _aliased(translator: Translator, term: Node, columns: Sequence[Node]) -> Node | None:
    """The result column that a name in GROUP BY means, where no table has such a column."""
    if term["type"] != "ColumnRef" or term["table"]:
        return None
    name = fold(str(term["column"]))
    if any(source.column(name) is not None for source in translator.scope.sources):
        return None
    named = (c["expr"] for c in columns if c["alias"] and fold(name_of(c["alias"])) == name)
    return next(named, None)


def distinct_keys(items: Sequence[Item]) -> list[tuple[str, Value]]:
    """The result columns of SELECT DISTINCT as what they are grouped by."""
    return [
        (fingerprint(item.node) if item.node else "", item.value)
        for item in items
        if not is_fixed(item.node, item.value)
    ]
