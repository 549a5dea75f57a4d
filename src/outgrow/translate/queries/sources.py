"""FROM: tables, views, subqueries and every kind of join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.expressions.compare import compare
from outgrow.translate.expressions.values import Rep, Value, of_column
from outgrow.translate.parse import Node, children, name_of
from outgrow.translate.queries.dependencies import (
    Dependency,
    alike,
    conjuncts,
    equality,
    of_left_join,
    of_pairs,
)
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.results import Item, named, written_list
from outgrow.translate.registry import table_functions
from outgrow.translate.schema import TableInfo
from outgrow.translate.scope import ROWID_NAMES, Merged, Scope, Source

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

#: Which sides of a join may have no row: (left, right).
_OUTER = {
    "LEFT": (False, True),
    "RIGHT": (True, False),
    "FULL": (True, True),
}
#: Joins that SQLite reads from left to right; of others it chooses the order.
_NESTED = frozenset({"LEFT", "CROSS"})


#: The columns of json_each and json_tree: https://www.sqlite.org/json1.html#jeach
_ELEMENT_COLUMNS = frozenset("key value type atom id parent fullkey path json root".split())


@dataclass(frozen=True, slots=True)
class From:
    """A translated FROM clause; empty where a SELECT has none.

    Args:
        sql: PostgreSQL text.
        sources: its tables, views and subqueries.
        shown: what ``SELECT *`` gives: (name, value) pairs.
        merged: the columns of USING and NATURAL.
        order: what sorts its rows.
        rest: what sorts the rows that are alike in ``order``, so that equal ones are the same.
        visited: whether SQLite visits the rows in this order when it reads whole tables.
        depends: which columns are the same where others are.

    """

    sql: str = ""
    sources: tuple[Source, ...] = ()
    shown: tuple[tuple[str, Value], ...] = ()
    merged: Mapping[str, Merged] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    visited: bool = True
    depends: tuple[Dependency, ...] = ()

    @property
    def total_order(self) -> tuple[str, ...]:
        """What leaves only equal rows in an order of its own."""
        return tuple(dict.fromkeys((*self.order, *self.rest)))

    @property
    def visited_by_number(self) -> bool:
        """Whether ``order`` is the rowid of one table."""
        rowids = [source.rowid.sql for source in self.sources if source.rowid is not None]
        return self.visited and list(self.order) == rowids

    def nullable(self) -> From:
        """The clause on the side of an outer join that may have no row."""
        return replace(
            self,
            sources=tuple(source.nullable() for source in self.sources),
            shown=tuple((name, replace(value, nullable=True)) for name, value in self.shown),
            merged={name: column.nullable() for name, column in self.merged.items()},
        )


class _Columns(Mapping[str, Value]):
    """What the columns of a table read as, each made out when it is asked for."""

    __slots__ = ("_known", "_prefix", "_table")

    def __init__(self, table: TableInfo, prefix: str) -> None:
        self._table, self._prefix = table, prefix
        self._known: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        found = self._known.get(name)
        if found is None:
            column = self._table.by_name[name]
            found = self._known[name] = of_column(column, f"{self._prefix}{quote(column.name)}")
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._table.by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.by_name)

    def __len__(self) -> int:
        return len(self._table.by_name)


def table_source(table: TableInfo, alias: str, prefix: str, *, bare: bool = False) -> Source:
    """A table's columns as read under ``prefix`` (NEW, an alias), or by bare names."""
    columns = _Columns(table, "" if bare else f"{prefix}.")
    key = frozenset(fold(name) for name in table.primary_key if fold(name) in columns)
    rowid_name = fold(table.rowid_alias)
    rowid = columns.get(rowid_name)
    names = tuple(column.source for column in table.columns)
    not_null = all(table.by_name[name].not_null for name in key)
    return Source(
        alias,
        names,
        columns,
        rowid,
        key=key if not_null else frozenset(),
        # Rows were loaded in the order of their rowids.
        order=(rowid.sql if rowid else f"{prefix}.ctid",) if prefix else (),
        is_table=True,
        rowid_name=rowid_name,
    )


def translate_from(translator: Translator, node: Node) -> From:
    """Translate a FROM clause; raises UntranslatableSQL."""
    match node["type"]:
        case "TableRef":
            return _table(translator, node)
        case "SubqueryTableSource":
            return _subquery(translator, node)
        case "ParenTableSource":
            return _parentheses(translator, node)
        case "JoinClause":
            return _join(translator, node)
        case other:
            raise unsupported(f"{other} in FROM")


def _shown(source: Source) -> tuple[tuple[str, Value], ...]:
    return tuple((name, source.columns[fold(name)]) for name in source.names)


def _from_source(sql: str, source: Source, alias: str) -> From:
    """A clause of one source, which is known by ``alias`` ('' for none)."""
    source = replace(source, alias=alias)
    return From(
        sql,
        (source,),
        _shown(source),
        order=source.order,
        rest=() if source.is_table else tuple(map(_comparable, source.columns.values())),
        visited=bool(source.order),
    )


def _comparable(value: Value) -> str:
    return f"{value.operand}::text" if value.rep is Rep.JSON else value.operand


def _table(translator: Translator, node: Node) -> From:
    name = str(node["table_name"])
    if node["args"] or node["has_parens"]:
        return _table_function(translator, node)
    database = fold(node["schema"] or "main")
    if database not in ("main", "temp"):
        raise unsupported(f"the attached database {node['schema']}")
    alias = fold(name_of(node["alias"]) or name)
    own = _free_alias(translator, alias)
    ctx = translator.ctx
    common = None if node["schema"] else translator.common_table(fold(name))
    if common is not None:
        written = common.sql if common.sql == quote(own) else f"{common.sql} AS {quote(own)}"
        return _from_source(written, common.source(own), alias)
    ctx.reads.add(fold(name))
    table = ctx.schema.table(name)
    if table is not None and (table.temporary or database == "main"):
        written = _named(ctx.relation(table), table.name, own)
        return _from_source(written, table_source(table, alias, quote(own)), alias)
    view = ctx.schema.views.get(fold(name))
    if view is not None and (view.temporary or database == "main"):
        written = _named(ctx.relation(view), view.name, own)
        return _from_source(written, translator.view(view).source(own), alias)
    system = _system_table(translator, name, database)
    return _from_source(f"({system.sql}) AS {quote(own)}", system.source(own), alias)


def _system_table(translator: Translator, name: str, database: str) -> Query:
    """A table of SQLite's own; raises UntranslatableSQL for any other."""
    if fold(name).startswith(("sqlite_", "pragma_")):
        # SQLite in memory is loaded by those who need it.
        from outgrow.translate.definitions.system_tables import system_table  # noqa: PLC0415

        found = system_table(translator, name, database)
        if found is not None:
            return found
    reason = translator.ctx.schema.unreadable.get(fold(name))
    if reason:
        raise unsupported(f"{name}: {reason}")
    raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {name}")


def _table_function(translator: Translator, node: Node) -> From:
    name, arguments = fold(str(node["table_name"])), children(node["args"])
    function = table_functions().get(name)
    if function is None:
        raise unsupported(f"the table-valued function {name}")
    own_columns = sorted((_ELEMENT_COLUMNS | ROWID_NAMES) & _bare_columns(arguments))
    if own_columns:
        raise unsupported(
            f"{name}({own_columns[0]}), where SQLite means the column of {name} itself",
            "Name the table that has the column",
        )
    alias = fold(name_of(node["alias"]) or name)
    own = _free_alias(translator, alias)
    return _from_source(*function(translator, own, translator.all(arguments)), alias)


def _bare_columns(node: Any) -> set[str]:
    """The folded names of columns that a tree names without their table."""
    if isinstance(node, list):
        return {name for child in node for name in _bare_columns(child)}
    if not isinstance(node, dict):
        return set()
    if node.get("type") == "ColumnRef":
        return set() if node["table"] else {fold(str(node["column"]))}
    return _bare_columns(list(node.values()))


def _beside(translator: Translator, left: From, kind: str) -> Translator:
    """The translator of a join's right side, where a table function may name the left side."""
    scope = translator.scope
    if kind in ("RIGHT", "FULL"):
        return translator
    sources = scope.sources + left.sources
    merged = {**scope.merged, **left.merged}
    return translator.inside(Scope(sources, scope.parent, merged, taken=scope.taken))


def _free_alias(translator: Translator, alias: str) -> str:
    """What a source is called in PostgreSQL, which wants each alias once in a FROM clause.

    SQLite's may be empty.
    """
    alias = alias or translator.ctx.fresh_alias()
    taken, own, count = translator.scope.taken, alias, 1
    while own in taken:
        count += 1
        own = f"{alias}_{count}"
    taken.add(own)
    return own


def _named(sql: str, name: str, alias: str) -> str:
    return sql if name == alias else f"{sql} AS {quote(alias)}"


def _subquery(translator: Translator, node: Node) -> From:
    inner = translator.subquery(node["select"], correlated=False)
    alias = fold(name_of(node["alias"]))
    own = _free_alias(translator, alias) if alias else translator.ctx.fresh_alias()
    return _from_source(f"({inner.sql}) AS {quote(own)}", inner.source(own), alias)


def _parentheses(translator: Translator, node: Node) -> From:
    """A join in parentheses; under an alias it has only the columns that ``*`` gives."""
    inner = translate_from(translator, node["source"])
    if not node["alias"]:
        return inner
    alias = fold(name_of(node["alias"]))
    own = _free_alias(translator, alias)
    items = [Item(name, value) for name, value in inner.shown]
    columns = named(translator, items, None)
    query = Query(
        f"SELECT {written_list(columns)} FROM {inner.sql}", tuple(column for column, _ in columns)
    )
    made = _from_source(f"({query.sql}) AS {quote(own)}", query.source(own), alias)
    return replace(made, order=(), visited=False)


def _join(translator: Translator, node: Node) -> From:
    left = translate_from(translator, node["left"])
    kind = str(node["join_type"]).removeprefix("NATURAL_")
    beside = _beside(translator, left, kind)
    right = translate_from(beside, node["right"])
    names = _common_names(node, left, right)
    condition = _condition(translator, node, left, right, names)
    empty_left, empty_right = _OUTER.get(kind, (False, False))
    after_left = left.nullable() if empty_left else left
    after_right = right.nullable() if empty_right else right
    merged = {**after_left.merged, **after_right.merged}
    for name in names:
        merged[name] = _merged(kind, after_left, after_right, name)
    word = f"{kind} JOIN" if kind in _OUTER else "JOIN" if condition else "CROSS JOIN"
    on = f" ON {condition or 'true'}" if word != "CROSS JOIN" else ""
    shown_left = tuple(
        (n, merged[fold(n)].value if fold(n) in names else v) for n, v in after_left.shown
    )
    shown_right = tuple((n, v) for n, v in after_right.shown if fold(n) not in names)
    return From(
        f"{_side(node['left'], left)} {word} {_side(node['right'], right)}{on}",
        after_left.sources + after_right.sources,
        shown_left + shown_right,
        merged,
        order=left.order + right.order if left.order and right.order else (),
        rest=(*left.order, *left.rest, *right.order, *right.rest),
        visited=left.visited and right.visited and (kind in _NESTED or beside.scope.uses > 0),
        depends=left.depends + right.depends + _depends(translator, node, kind, left, right, names),
    )


def _side(node: Node, side: From) -> str:
    """One side of a join; PostgreSQL allows parentheses around a join only."""
    inner = node
    while inner["type"] == "ParenTableSource" and not inner["alias"]:
        inner = inner["source"]
    return f"({side.sql})" if inner is not node and inner["type"] == "JoinClause" else side.sql


def _common_names(node: Node, left: From, right: From) -> list[str]:
    """The columns of USING, or those that NATURAL finds on both sides."""
    if str(node["join_type"]).startswith("NATURAL"):
        ours = {fold(name) for name, _ in left.shown}
        return [fold(name) for name, _ in right.shown if fold(name) in ours]
    return [fold(column["column"]) for column in children(node["using_columns"])]


def _find(side: From, name: str) -> Merged:
    if name in side.merged:
        return side.merged[name]
    for source in side.sources:
        if name in source.columns:
            return Merged(source.columns[name])
    raise UntranslatableSQL(
        UNKNOWN_NAME, f"cannot join using column {name} - column not present in both tables"
    )


def _merged(kind: str, left_side: From, right_side: From, name: str) -> Merged:
    """What the common column of a join reads as: that of the side which always has a row."""
    left, right = _find(left_side, name), _find(right_side, name)
    count = left.count + right.count
    if kind != "FULL":
        return Merged(right.value if kind == "RIGHT" else left.value, count)
    a, b = left.value, right.value
    if a.rep is not b.rep or a.shape != b.shape:
        raise unsupported("a FULL JOIN whose common columns have different types")
    nullable = a.nullable and b.nullable
    value = replace(a, sql=f"COALESCE({a.sql}, {b.sql})", nullable=nullable)
    return Merged(value, count)


def _condition(
    translator: Translator, node: Node, left: From, right: From, names: list[str]
) -> str:
    full = str(node["join_type"]).endswith("FULL")
    if names:
        pairs = [(_find(left, name).value, _find(right, name).value) for name in names]
        tests = [compare(translator.ctx, "=", a, b) for a, b in pairs]
        equal = any(alike(a, b) for a, b in pairs)
        written = " AND ".join(test.operand if len(tests) > 1 else test.sql for test in tests)
    elif node["on_expr"] is None:
        return ""
    else:
        test = _joined(translator, left, right).condition(node["on_expr"])
        written = test.sql
        ours = {value.sql for source in left.sources for value in source.columns.values()}
        equal = test.is_constant or any(
            pair and pair[1] and (pair[0].sql in ours) is not (pair[1].sql in ours)
            for pair in _equalities(translator, node, left, right)
        )
    return f"{_always_equal(left, right)} AND ({written})" if full and not equal else written


def _joined(translator: Translator, left: From, right: From) -> Translator:
    """What translates ON, which may name both sides."""
    sources, merged = left.sources + right.sources, {**left.merged, **right.merged}
    return translator.inside(Scope(sources, translator.scope.parent, merged))


def _equalities(
    translator: Translator, node: Node, left: From, right: From
) -> list[tuple[Value, Value | None] | None]:
    inside = _joined(translator, left, right)
    return [equality(inside, part) for part in conjuncts(node["on_expr"])]


def _depends(
    translator: Translator, node: Node, kind: str, left: From, right: From, names: list[str]
) -> tuple[Dependency, ...]:
    """What a join adds to the columns that depend on others."""
    pairs = _equalities(translator, node, left, right)
    for name in names:
        common = _find(left, name).value, _find(right, name).value
        pairs.append(common if alike(*common) else None)
    if kind == "LEFT":
        return of_left_join(pairs, right.sources)
    return of_pairs(pairs) if kind not in _OUTER else ()


def _always_equal(left: From, right: From) -> str:
    """A condition that is always true: PostgreSQL makes a FULL JOIN by an equality only."""
    found = [
        next((v for s in side.sources for v in s.columns.values() if not v.is_constant), None)
        for side in (left, right)
    ]
    firsts = [value for value in found if value is not None]
    if len(firsts) < len(found):
        raise unsupported("a FULL JOIN of a query that gives nothing but NULL")
    # json has no equality.
    sides = [f"{v.operand}::text" if v.rep is Rep.JSON else v.operand for v in firsts]
    return " = ".join(f"COALESCE({column} = {column}, true)" for column in sides)
