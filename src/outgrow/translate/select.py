"""SELECT, compound SELECT, VALUES and WITH."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.compare import folded, keeps_order
from outgrow.translate.convert import as_text, base, output, unify
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, fingerprint, name_of
from outgrow.translate.query import Column, Query
from outgrow.translate.registry import aggregates
from outgrow.translate.scope import Scope
from outgrow.translate.sources import From, translate_from
from outgrow.translate.values import Rep, Value

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_COMPOUNDS = {
    "UNION": "UNION",
    "UNION_ALL": "UNION ALL",
    "INTERSECT": "INTERSECT",
    "EXCEPT": "EXCEPT",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A result column before it is written: name, value, and the node it came from."""

    name: str
    value: Value
    node: Node | None = None
    has_alias: bool = False


def is_aggregate(node: Node) -> bool:
    """Whether a call is one of an aggregate: ``min`` and ``max`` are with one argument only."""
    name = fold(str(node["func_name"]))
    if node["type"] == "AggregateFunctionCall":
        return True
    if name in ("min", "max"):
        return len(children(node["args"])) == 1
    return name in aggregates()


def _has_aggregate(node: Any) -> bool:
    if not isinstance(node, dict):
        return isinstance(node, list) and any(_has_aggregate(child) for child in node)
    if node.get("type") in ("SubqueryExpr", "ExistsExpr", "SelectStmt", "CompoundSelect"):
        return False
    is_call = node.get("type") in ("FunctionCall", "AggregateFunctionCall")
    if is_call and not node.get("over_clause") and is_aggregate(node):
        return True
    return any(_has_aggregate(child) for child in node.values())


def translate_query(
    translator: Translator, node: Node, names: Sequence[str] | None = None
) -> Query:
    """Translate a SELECT in any form; ``names`` overrule the result columns' names."""
    match node["type"]:
        case "SelectStmt":
            return _select(translator, node, names)
        case "CompoundSelect":
            return _compound(translator, node, names)
        case "ValuesClause":
            return _values(translator, node, names)
        case "WithClause":
            return _with(translator, node, names)
        case other:
            raise unsupported(f"{other} as a query")


def subquery(translator: Translator, node: Node) -> Query:
    """Translate a SELECT inside an expression, where outer columns may be named."""
    return translator.subquery(node, correlated=True)


# --- one SELECT ------------------------------------------------------------------------------


def _select(outer: Translator, node: Node, names: Sequence[str] | None) -> Query:
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
    columns = _named(after, items, names)
    parts = ["SELECT " + ("DISTINCT " if "DISTINCT" in node["flags"] else "") + _list(columns)]
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
        _check_distinct(items, "DISTINCT")
    order = _order(after, node["orderby"], items, distinct=distinct)
    if order:
        parts.append(order)
    limit = _limit(translator, node["limit_clause"])
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
        source = _ordinal(term, children(node["columns"])) or term
        value = translator.expr(source)
        _check_distinct([Item("", value)], "GROUP BY")
        if value.is_constant:
            continue
        keys.append((fingerprint(source), value))
    return ", ".join(value.operand for _, value in keys), translator.with_group(keys)


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
        value = translator.expr(column["expr"])
        alias = name_of(column["alias"])
        items.append(Item(alias or _own_name(column["expr"]), value, column["expr"], bool(alias)))
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


def _own_name(node: Node) -> str:
    while node["type"] == "ParenExpr":
        node = node["expr"]
    return str(node["column"]) if node["type"] == "ColumnRef" else ""


def _named(
    translator: Translator, items: Sequence[Item], names: Sequence[str] | None
) -> list[tuple[Column, str]]:
    """Give each column its SQLite and target names, and its text."""
    if names is not None and len(names) != len(items):
        raise unsupported(f"{len(items)} columns where SQLite has {len(names)}")
    columns: list[tuple[Column, str]] = []
    taken: set[str] = set()
    for position, item in enumerate(items):
        source = names[position] if names is not None else item.name or f"column{position + 1}"
        name = _free(fold(source), taken)
        written, kind = output(translator.ctx, item.value)
        columns.append((Column(source, name, _passed(item.value), kind), written))
    return columns


def _free(name: str, taken: set[str]) -> str:
    """SQLite names a second ``a`` in a subquery or view ``a:1``."""
    free, count = name, 0
    while free in taken:
        count += 1
        free = f"{name}:{count}"
    taken.add(free)
    return free


def _passed(value: Value) -> Value:
    """What a result column is to the query around it: its holding after it was written."""
    if value.stored is not None:
        return value
    reps = {Rep.BOOLEAN: Rep.INTEGER, Rep.DECIMAL: Rep.REAL, Rep.NUMBER: Rep.DYNAMIC}
    rep = reps.get(value.rep, value.rep)
    if value.rep is Rep.TIME:
        rep = Rep.TEXT if value.is_text else Rep.INTEGER
    return replace(value, rep=rep, narrow=False, digits=None)


def _list(columns: Sequence[tuple[Column, str]]) -> str:
    return ", ".join(
        written if _names_itself(written, column.name) else f"{written} AS {quote(column.name)}"
        for column, written in columns
    )


def _names_itself(written: str, name: str) -> bool:
    return written == quote(name) or (
        written.endswith(f".{quote(name)}") and written.count(".") == 1 and "(" not in written
    )


def _check_distinct(items: Sequence[Item], what: str) -> None:
    for item in items:
        if item.value.is_text and item.value.collation != "BINARY":
            raise unsupported(f"{what} with the collation {item.value.collation}")
        if item.value.rep in (Rep.OPAQUE, Rep.JSON, Rep.JSONB):
            raise unsupported(f"{what} over {item.value.sql}")


# --- ORDER BY and LIMIT ----------------------------------------------------------------------


def _order(
    translator: Translator, orderby: Node | None, items: Sequence[Item], *, distinct: bool
) -> str:
    """Write ORDER BY: result columns by number where that is what SQLite means."""
    written = []
    for term in children(orderby):
        position = _result_position(term["expr"], items)
        value = items[position].value if position is not None else translator.expr(term["expr"])
        if value.is_constant:
            continue
        key = sort_key(translator, _collated_like(term["expr"], value))
        if distinct and position is None:
            raise unsupported("SELECT DISTINCT ordered by what it does not select")
        if position is not None and key == value.sql and (value.stored or distinct):
            key = str(position + 1)
        elif distinct and key != value.sql:
            raise unsupported("SELECT DISTINCT ordered by a folded or converted column")
        written.append(key + _direction(term, nullable=value.nullable))
    return f"ORDER BY {', '.join(written)}" if written else ""


def order_terms(translator: Translator, terms: Sequence[Node]) -> str:
    """Write the ORDER BY inside an aggregate."""
    if not terms:
        return ""
    written = []
    for term in terms:
        value = translator.expr(term["expr"])
        written.append(sort_key(translator, value) + _direction(term, nullable=value.nullable))
    return f"ORDER BY {', '.join(written)}"


def _result_position(node: Node, items: Sequence[Item]) -> int | None:
    """Which result column an ORDER BY term means: by number, alias, or the same expression."""
    while node["type"] in ("ParenExpr", "CollateExpr"):
        node = node["expr"]
    if node["type"] == "Literal" and node["literal_type"] == "INTEGER":
        position = int(node["source"])
        if not 1 <= position <= len(items):
            raise unsupported(f"the column number {position}")
        return position - 1
    if node["type"] == "ColumnRef" and not node["table"]:
        for position, item in enumerate(items):
            if item.has_alias and fold(item.name) == fold(node["column"]):
                return position
    printed = fingerprint(node)
    for position, item in enumerate(items):
        if item.node is not None and fingerprint(item.node) == printed:
            return position
    return None


def _collated_like(node: Node, value: Value) -> Value:
    while node["type"] == "ParenExpr":
        node = node["expr"]
    if node["type"] == "CollateExpr":
        return replace(value, collation=str(node["collation"]).upper(), explicit=True)
    return value


def sort_key(translator: Translator, value: Value) -> str:
    """Write what sorts as SQLite sorts the value."""
    ctx = translator.ctx
    if value.rep in (Rep.JSONB, Rep.OPAQUE):
        base(ctx, value)
    if not value.is_text:
        return value.sql
    shape = value.shape if value.rep is Rep.TIME and value.collation == "BINARY" else None
    if shape is not None and keeps_order(shape):
        return value.sql
    return folded(as_text(ctx, value), value.collation, ordered=True)


def _direction(term: Node, *, nullable: bool) -> str:
    """NULL is SQLite's least value and PostgreSQL's greatest: said only where NULL can be."""
    descending = term["sort_order"] == "DESC"
    written = " DESC" if descending else ""
    if not nullable:
        return written
    nulls = term["nulls_order"]
    if nulls == "NONE":
        nulls = "LAST" if descending else "FIRST"
    if nulls == ("FIRST" if descending else "LAST"):
        return written
    return f"{written} NULLS {nulls}"


def _limit(translator: Translator, node: Node | None) -> str:
    if node is None:
        return ""
    limit = _count(translator, node["limit"])
    offset = _count(translator, node["offset"]) if node["offset"] else 0
    if node["comma_form"]:
        limit, offset = offset, limit
    written = f"LIMIT {limit}" if limit >= 0 else "LIMIT ALL"
    return f"{written} OFFSET {offset}" if offset > 0 else written


def _count(translator: Translator, node: Node) -> int:
    value = translator.expr(node)
    if not value.is_constant or not isinstance(value.constant, int):
        raise unsupported("LIMIT with anything but a constant integer")
    return value.constant


# --- compound SELECT, VALUES, WITH -------------------------------------------------------------


def _compound(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    arms = _arms(node)
    queries = [translate_query(translator, arm) for _, arm in arms]
    operators = [operator for operator, _ in arms[1:]]
    unified, texts = _unified_arms(translator, queries)
    for operator in operators:
        if operator != "UNION_ALL":
            _check_distinct([Item("", value) for value in unified], "UNION")
    sql = texts[0]
    for position, (operator, arm) in enumerate(zip(operators, texts[1:], strict=True)):
        # SQLite's compound operators are of one rank, PostgreSQL's INTERSECT binds tighter.
        left = f"({sql})" if position and operator == "INTERSECT" else sql
        sql = f"{left} {_COMPOUNDS[operator]} {arm}"
    given = names if names is not None else [column.source for column in queries[0].columns]
    taken: set[str] = set()
    columns = tuple(
        Column(name, _free(fold(name), taken), _passed(value), output(translator.ctx, value)[1])
        for name, value in zip(given, unified, strict=True)
    )
    if [c.name for c in columns] != [c.name for c in queries[0].columns]:
        listed = ", ".join(quote(column.name) for column in columns)
        sql = f"SELECT * FROM ({sql}) AS named({listed})"
    sql = _compound_order(translator, node, columns, queries, sql)
    limit = _limit(translator, node["limit_clause"])
    return Query(f"{sql} {limit}".strip(), columns, has_limit=bool(limit))


def _arms(node: Node) -> list[tuple[str, Node]]:
    """The SELECTs from left to right, each with the operator before it."""
    if node["type"] != "CompoundSelect":
        return [("", node)]
    return [*_arms(node["left"]), (str(node["op"]), node["right"])]


def _unified_arms(
    translator: Translator, queries: Sequence[Query]
) -> tuple[list[Value], list[str]]:
    """Bring the columns of all arms to common types; an arm that differs is wrapped."""
    width = len(queries[0].columns)
    if any(len(query.columns) != width for query in queries):
        raise unsupported("SELECTs of different widths in a compound SELECT")
    unified: list[Value] = []
    converted: list[list[str]] = [[] for _ in queries]
    changed = [False] * len(queries)
    for position in range(width):
        types = {query.columns[position].type for query in queries}
        reads = [
            replace(query.read("arm")[position], collation=query.values[position].collation)
            for query in queries
        ]
        if len(types) > 1 or len({read.rep for read in reads}) > 1:
            reads = unify(translator.ctx, [read.computed() for read in reads], "a compound SELECT")
        first = next((read for read in reads if read.rep is not Rep.NULL), reads[0])
        unified.append(replace(first, nullable=any(read.nullable for read in reads)))
        for arm, read in enumerate(reads):
            written = output(translator.ctx, read)[0]
            if read.rep is Rep.NULL and first.rep is not Rep.NULL:
                written = f"NULL::{output(translator.ctx, first)[1]}"
            converted[arm].append(f"{written} AS {queries[arm].sql_names[position]}")
            changed[arm] = changed[arm] or written != f"arm.{queries[arm].sql_names[position]}"
    texts = [
        f"SELECT {', '.join(converted[arm])} FROM ({query.sql}) AS arm"
        if changed[arm]
        else query.sql
        for arm, query in enumerate(queries)
    ]
    return unified, texts


def _compound_order(
    translator: Translator,
    node: Node,
    columns: Sequence[Column],
    queries: Sequence[Query],
    sql: str,
) -> str:
    """ORDER BY of a compound SELECT names result columns only."""
    terms = children(node["orderby"])
    if not terms:
        return sql
    written = []
    for term in terms:
        inner = term["expr"]
        while inner["type"] in ("ParenExpr", "CollateExpr"):
            inner = inner["expr"]
        position = _compound_position(inner, columns, queries)
        read = replace(columns[position].value, sql=quote(columns[position].name), atom=True)
        key = sort_key(translator, _collated_like(term["expr"], read))
        plain = key == quote(columns[position].name)
        if not plain:
            sql = f"SELECT * FROM ({sql}) AS sorted"
        written.append(key + _direction(term, nullable=read.nullable))
    return f"{sql} ORDER BY {', '.join(written)}"


def _compound_position(node: Node, columns: Sequence[Column], queries: Sequence[Query]) -> int:
    if node["type"] == "Literal" and node["literal_type"] == "INTEGER":
        position = int(node["source"])
        if 1 <= position <= len(columns):
            return position - 1
    if node["type"] == "ColumnRef":
        for query in queries:
            for position, column in enumerate(query.columns):
                if fold(column.source) == fold(node["column"]):
                    return position
    raise unsupported("a compound SELECT ordered by an expression")


def _values(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    rows = [translator.all(children(row)) for row in children(node["rows"])]
    width = len(rows[0])
    columns = [
        unify(translator.ctx, [row[position].computed() for row in rows], "VALUES")
        for position in range(width)
    ]
    given = names or [f"column{position + 1}" for position in range(width)]
    written = [
        ", ".join(output(translator.ctx, column[row])[0] for column in columns)
        for row in range(len(rows))
    ]
    described = []
    for name, column in zip(given, columns, strict=True):
        first = next((value for value in column if value.rep is not Rep.NULL), column[0])
        value = replace(first, nullable=any(v.nullable for v in column), is_constant=False)
        described.append(Column(name, fold(name), _passed(value), output(translator.ctx, value)[1]))
    listed = ", ".join(quote(column.name) for column in described)
    lines = ", ".join(f"({row})" for row in written)
    return Query(
        f"SELECT * FROM (VALUES {lines}) AS rows({listed})",
        tuple(described),
        one_row=len(rows) == 1,
    )


def _with(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    written = []
    for definition in children(node["ctes"]):
        name = fold(str(definition["cte_name"]))
        given = [str(column["column"]) for column in children(definition["columns"])] or None
        query = translator.free().query(definition["select"], given)
        translator = translator.knowing(name, query)
        hint = {"MATERIALIZED": "MATERIALIZED ", "NOT_MATERIALIZED": "NOT MATERIALIZED "}
        columns = ", ".join(query.sql_names)
        written.append(
            f"{quote(name)}({columns}) AS {hint.get(definition['materialized'], '')}({query.sql})"
        )
    inner = translator.query(node["select"], names)
    return replace(inner, sql=f"WITH {', '.join(written)} {inner.sql}")
