"""Compound SELECT, VALUES and WITH."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.convert import output, unify
from outgrow.translate.errors import unsupported
from outgrow.translate.ordering import collated_like, direction, limit_of, sort_key
from outgrow.translate.parse import Node, children
from outgrow.translate.query import Column, Query
from outgrow.translate.results import Item, check_distinct, free_name, passed
from outgrow.translate.values import Rep, Value

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_COMPOUNDS = {
    "UNION": "UNION",
    "UNION_ALL": "UNION ALL",
    "INTERSECT": "INTERSECT",
    "EXCEPT": "EXCEPT",
}


def compound(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate SELECTs joined by UNION, INTERSECT or EXCEPT, left to right."""
    arms = _arms(node)
    queries = [translator.query(arm) for _, arm in arms]
    operators = [operator for operator, _ in arms[1:]]
    unified, texts = _unified_arms(translator, queries)
    for operator in operators:
        if operator != "UNION_ALL":
            check_distinct([Item("", value) for value in unified], "UNION")
    sql = texts[0]
    for position, (operator, arm) in enumerate(zip(operators, texts[1:], strict=True)):
        # SQLite's compound operators are of one rank, PostgreSQL's INTERSECT binds tighter.
        left = f"({sql})" if position and operator == "INTERSECT" else sql
        sql = f"{left} {_COMPOUNDS[operator]} {arm}"
    given = names if names is not None else [column.source for column in queries[0].columns]
    taken: set[str] = set()
    columns = tuple(
        Column(name, free_name(fold(name), taken), passed(value), output(translator.ctx, value)[1])
        for name, value in zip(given, unified, strict=True)
    )
    if [c.name for c in columns] != [c.name for c in queries[0].columns]:
        listed = ", ".join(quote(column.name) for column in columns)
        sql = f"SELECT * FROM ({sql}) AS named({listed})"
    sql = _compound_order(translator, node, columns, queries, sql)
    limit = limit_of(translator, node["limit_clause"])
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
            reads = unify(translator.ctx, [read.computed() for read in reads])
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
        key = sort_key(translator, collated_like(term["expr"], read))
        plain = key == quote(columns[position].name)
        if not plain:
            sql = f"SELECT * FROM ({sql}) AS sorted"
        written.append(key + direction(term, nullable=read.nullable))
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


def values(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate VALUES, its columns in common types."""
    rows = [translator.all(children(row)) for row in children(node["rows"])]
    width = len(rows[0])
    columns = [
        unify(translator.ctx, [row[position].computed() for row in rows])
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
        described.append(Column(name, fold(name), passed(value), output(translator.ctx, value)[1]))
    listed = ", ".join(quote(column.name) for column in described)
    lines = ", ".join(f"({row})" for row in written)
    return Query(
        f"SELECT * FROM (VALUES {lines}) AS rows({listed})",
        tuple(described),
        one_row=len(rows) == 1,
    )


def with_(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate WITH; a common table expression sees those before it."""
    written = []
    pending = {fold(str(definition["cte_name"])) for definition in children(node["ctes"])}
    for definition in children(node["ctes"]):
        name = fold(str(definition["cte_name"]))
        named = _tables(definition["select"]) & pending
        if name in named:
            raise unsupported("recursive common table expressions are not translated yet")
        if named:
            raise unsupported("a common table expression that names a later one")
        given = [str(column["column"]) for column in children(definition["columns"])] or None
        query = translator.free().query(definition["select"], given)
        translator = translator.knowing(name, query)
        pending.discard(name)
        hint = {"MATERIALIZED": "MATERIALIZED ", "NOT_MATERIALIZED": "NOT MATERIALIZED "}
        columns = ", ".join(query.sql_names)
        written.append(
            f"{quote(name)}({columns}) AS {hint.get(definition['materialized'], '')}({query.sql})"
        )
    inner = translator.query(node["select"], names)
    return replace(inner, sql=f"WITH {', '.join(written)} {inner.sql}")


def _tables(node: Any) -> set[str]:
    """The folded names of the tables that a tree names."""
    if isinstance(node, list):
        return {name for child in node for name in _tables(child)}
    if not isinstance(node, dict):
        return set()
    own = {fold(str(node["table_name"]))} if node.get("type") == "TableRef" else set()
    return own | {name for child in node.values() for name in _tables(child)}
