"""Compound SELECT and VALUES."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import base, output, unify
from outgrow.translate.expressions.values import NUMERIC_AFFINITIES, Rep, Value
from outgrow.translate.parse import Node, children, fingerprint, without
from outgrow.translate.queries.limits import limit_of
from outgrow.translate.queries.ordering import collated_like, direction, number_of, sort_key
from outgrow.translate.queries.query import Column, Query
from outgrow.translate.queries.results import free_name, passed, written_list

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_OPERATORS = {
    "UNION": "UNION",
    "UNION_ALL": "UNION ALL",
    "INTERSECT": "INTERSECT",
    "EXCEPT": "EXCEPT",
}
_INTEGERS = frozenset({Rep.INTEGER, Rep.BOOLEAN, Rep.NUMBER})
_REALS = frozenset({Rep.REAL, Rep.DECIMAL})


def compound(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate SELECTs joined by UNION, INTERSECT or EXCEPT, left to right."""
    arms = arms_of(node)
    queries = in_turn(translator, arms, names)
    query = combined(translator, arms, queries, names)
    collations = [_collation(queries, position) for position in range(len(query.columns))]
    sql, order = _ordered(translator, node, query, [arm for _, arm in arms], collations)
    limit = limit_of(translator, node["limit_clause"])
    return replace(query, sql=f"{sql} {limit}".strip(), has_limit=bool(limit), order=order)


def arms_of(node: Node) -> list[tuple[str, Node]]:
    """The SELECTs from left to right, each with the operator before it."""
    if node["type"] != "CompoundSelect":
        return [("", node)]
    return [*arms_of(node["left"]), (str(node["op"]), node["right"])]


def in_turn(
    translator: Translator, arms: Sequence[tuple[str, Node]], names: Sequence[str] | None
) -> list[Query]:
    """Translate the SELECTs one by one; the first one gives the names."""
    return [translator.query(arm, names if n == 0 else None) for n, (_, arm) in enumerate(arms)]


def combined(
    translator: Translator,
    arms: Sequence[tuple[str, Node]],
    queries: Sequence[Query],
    names: Sequence[str] | None,
) -> Query:
    """Join translated SELECTs by their operators; ``names`` overrule those of the first."""
    operators = [operator for operator, _ in arms[1:]]
    values, texts = unified_arms(translator, queries, [arm for _, arm in arms])
    given = names if names is not None else [column.source for column in queries[0].columns]
    if len(given) != len(values):
        raise unsupported(f"{len(values)} columns where SQLite has {len(given)}")
    taken: set[str] = set()
    columns = tuple(
        Column(
            name,
            free_name(fold(first.name if names is None else name), taken),
            passed(value),
            output(translator.ctx, value)[1],
            first.inner if names is None else "",
        )
        for name, value, first in zip(given, values, queries[0].columns, strict=True)
    )
    ambiguous = [_is_ambiguous(queries, position) for position in range(len(values))]
    if any(ambiguous) and set(operators) - {"UNION_ALL"}:
        sql, columns = _chosen(translator, operators, queries, columns, texts)
    else:
        sql = texts[0]
        for position, (operator, arm) in enumerate(zip(operators, texts[1:], strict=True)):
            # SQLite's compound operators are of one rank, PostgreSQL's INTERSECT binds tighter.
            left = f"({sql})" if position and operator == "INTERSECT" else sql
            sql = f"{left} {_OPERATORS[operator]} {arm}"
    if [c.name for c in columns] != [c.name for c in queries[0].columns]:
        listed = ", ".join(quote(column.name) for column in columns)
        sql = f"SELECT * FROM ({sql}) AS named({listed})"
    last = tuple(column.value.affinity for column in queries[-1].columns)
    return Query(sql, columns, last=last)


def unified_arms(
    translator: Translator, queries: Sequence[Query], nodes: Sequence[Node]
) -> tuple[list[Value], list[str]]:
    """Bring the columns of all arms to common types; an arm that differs is wrapped."""
    width = len(queries[0].columns)
    if any(len(query.columns) != width for query in queries):
        raise unsupported("SELECTs of different widths in a compound SELECT")
    ctx = translator.ctx
    unified: list[Value] = []
    converted: list[list[str]] = [[] for _ in queries]
    for position in range(width):
        reads = [query.read("arm")[position] for query in queries]
        values = [
            query.shown.values[position] if query.shown else read
            for query, read in zip(queries, reads, strict=True)
        ]
        types = {(query.columns[position].type, query.values[position].rep) for query in queries}
        if len(types) > 1:
            values = unify(ctx, [value.computed() for value in values])
        values = [base(ctx, value) if value.rep is Rep.JSON else value for value in values]
        first = next((value for value in values if value.rep is not Rep.NULL), values[0])
        unified.append(
            replace(
                first,
                nullable=any(value.nullable for value in values),
                is_constant=False,
                constant=None,
                affinity=_affinity(reads, nodes, position),
                by_arm=len({_applied(read) for read in reads}) > 1,
                collation=reads[0].collation,
                explicit=False,
                column=True,
            )
        )
        kind = output(ctx, first)[1]
        for texts, value in zip(converted, values, strict=True):
            texts.append(f"NULL::{kind}" if value.rep is Rep.NULL else output(ctx, value)[0])
    return unified, [
        _arm(query, texts, is_first=n == 0)
        for n, (query, texts) in enumerate(zip(queries, converted, strict=True))
    ]


def _arm(query: Query, texts: Sequence[str], *, is_first: bool) -> str:
    """Write an arm with its columns converted; only those of the first have names."""
    named = written_list(list(zip(query.columns, texts, strict=True)))
    if query.shown is not None:
        if is_first and list(texts) == list(query.shown.texts):
            return _as_arm(query)
        return query.shown.written(named if is_first else ", ".join(texts))
    if list(texts) == [f"arm.{name}" for name in query.sql_names]:
        return _as_arm(query)
    return f"SELECT {named} FROM ({query.sql}) AS arm"


def _as_arm(query: Query) -> str:
    """A query as an arm: with a clause at its end or start only in parentheses."""
    return f"({query.sql})" if query.has_limit or query.sql.startswith("WITH ") else query.sql


def _affinity(reads: Sequence[Value], nodes: Sequence[Node], position: int) -> Affinity | None:
    """The affinity of a compound SELECT's column: of the first arm that has one.

    Unless another arm may give a value that this affinity would change.
    """
    found = next((r.affinity for r in reads if r.affinity not in (None, Affinity.BLOB)), None)
    if found is None:
        return reads[0].affinity
    others = [
        _may_be(node, read, position)
        for node, read in zip(nodes, reads, strict=True)
        if read.affinity is not found
    ]
    unfit = "number" if found is Affinity.TEXT else "text"
    return Affinity.BLOB if any(unfit in other for other in others) else found


def _applied(read: Value) -> Affinity | None:
    """What an affinity does to the other side of a comparison; nothing without one."""
    if read.affinity in NUMERIC_AFFINITIES:
        return Affinity.NUMERIC
    return Affinity.TEXT if read.affinity is Affinity.TEXT else None


def _may_be(node: Node, read: Value, position: int) -> set[str]:
    """What SQLite takes an arm's column for, looking at the expression only."""
    expression = _expression(node, position)
    while expression and expression["type"] in ("ParenExpr", "CollateExpr"):
        expression = expression["expr"]
    kind = expression["type"] if expression else "ColumnRef"
    if kind == "Literal" and expression:
        literal = expression["literal_type"]
        return {"STRING": {"text"}, "BLOB": set(), "NULL": set()}.get(literal, {"number"})
    if kind in ("ColumnRef", "CastExpr", "SubqueryExpr"):
        if read.affinity in NUMERIC_AFFINITIES:
            return {"number"}
        return {"text"} if read.affinity is Affinity.TEXT else {"number", "text"}
    if expression and expression.get("op") == "CONCAT":
        return {"text"}
    if kind in ("BinaryExpr", "UnaryExpr", "IsExpr", "InExpr", "BetweenExpr", "ExistsExpr"):
        return {"number"}
    return {"number", "text"}


def _expression(node: Node, position: int) -> Node | None:
    """The expression of an arm's column, ``None`` behind a ``*`` or in VALUES."""
    if node["type"] != "SelectStmt":
        return None
    columns = children(node["columns"])
    if any("STAR" in column["flags"] for column in columns):
        return None
    expression: Node = columns[position]["expr"]
    return expression


def _collation(queries: Sequence[Query], position: int) -> str:
    """What tells a column's texts apart and sorts them: the first arm that has a collation.

    What names the column from outside sees that of the first arm alone.
    """
    values = (query.columns[position].value for query in queries)
    return next((v.collation for v in values if v.column or v.explicit), "BINARY")


def _is_ambiguous(queries: Sequence[Query], position: int) -> bool:
    """Whether equal values of a column may differ, between the arms or within one."""
    reps = {query.columns[position].value.rep for query in queries}
    collation = _collation(queries, position)
    texts = any(query.columns[position].value.is_text for query in queries)
    if reps & {Rep.DYNAMIC, Rep.ANY} or (texts and collation != "BINARY"):
        return True
    return bool(reps & _INTEGERS) and bool(reps & _REALS)


def _chosen(
    translator: Translator,
    operators: Sequence[str],
    queries: Sequence[Query],
    columns: Sequence[Column],
    texts: Sequence[str],
) -> tuple[str, tuple[Column, ...]]:
    """Write a compound SELECT that has to choose among 1 and 1.0 as SQLite does.

    UNION keeps the row of the last arm, INTERSECT and EXCEPT that of the left one.
    """
    for position, column in enumerate(columns):
        pure = all(
            query.columns[position].value.rep in {Rep.NULL} | _INTEGERS | _REALS
            for query in queries
        )
        if _is_ambiguous(queries, position) and not pure:
            raise unsupported(
                f"a compound SELECT over {column.source}: which of its equal values SQLite keeps "
                "is not defined"
            )
    names = ", ".join(quote(column.name) for column in columns)
    if set(operators) == {"UNION"}:
        listed = " UNION ALL ".join(
            f"SELECT *, {number} AS arm FROM ({text}) AS arm_{number}"
            for number, text in enumerate(texts, 1)
        )
        sql = (
            f"SELECT DISTINCT ON ({names}) {names} FROM ({listed}) AS united({names}, arm) "
            f"ORDER BY {names}, arm DESC"
        )
        return f"SELECT * FROM ({sql}) AS chosen", tuple(columns)
    if len(operators) > 1:
        raise unsupported("INTERSECT or EXCEPT over integers and reals among other operators")
    written, kept = [], []
    for column, left in zip(columns, queries[0].columns, strict=True):
        name = quote(column.name)
        if column.value.rep is Rep.DYNAMIC and left.value.rep in _INTEGERS | _REALS:
            kind = "bigint" if left.value.rep in _INTEGERS else "double precision"
            rep = Rep.INTEGER if left.value.rep in _INTEGERS else Rep.REAL
            written.append(f"{name}::{kind} AS {name}")
            kept.append(_held_as(translator, column, rep))
        else:
            written.append(name)
            kept.append(column)
    sql = f" {_OPERATORS[operators[0]]} ".join(texts)
    return f"SELECT {', '.join(written)} FROM ({sql}) AS arms({names})", tuple(kept)


def _held_as(translator: Translator, column: Column, rep: Rep) -> Column:
    value = replace(column.value, rep=rep, stored=None)
    return replace(column, value=value, type=output(translator.ctx, value)[1])


def _ordered(
    translator: Translator,
    node: Node,
    query: Query,
    arms: Sequence[Node],
    collations: Sequence[str],
) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Write ORDER BY of a compound SELECT, which names result columns only."""
    sql = query.sql
    written: list[str] = []
    order: list[tuple[int, str]] = []
    plain = True
    for number, term in enumerate(children(node["orderby"]), 1):
        position = _position(term["expr"], query, arms)
        if position is None:
            raise unsupported(f"ORDER BY term {number} does not match any column in the result set")
        column = query.columns[position]
        read = replace(
            column.value, sql=quote(column.name), atom=True, collation=collations[position]
        )
        key = sort_key(translator, collated_like(term["expr"], read))
        ending = direction(term, nullable=read.nullable)
        written.append(key + ending)
        order.append((position, ending))
        plain = plain and key == read.sql
    if not written:
        return sql, ()
    if not plain:
        # PostgreSQL sorts a compound SELECT by its columns only.
        sql = f"SELECT * FROM ({sql}) AS sorted"
    return f"{sql} ORDER BY {', '.join(written)}", tuple(order) if plain else ()


def _position(term: Node, query: Query, arms: Sequence[Node]) -> int | None:
    """The result column that a term means: by number, or as a name or expression of an arm."""
    position = number_of(term)
    if position is not None:
        return position - 1 if 1 <= position <= len(query.columns) else None
    term = without(term, "ParenExpr", "CollateExpr")
    for arm in arms:
        found = _named_in(term, arm) if arm["type"] == "SelectStmt" else None
        if found is not None:
            return found
    if term["type"] == "ColumnRef":
        wanted = fold(str(term["column"]))
        for found, column in enumerate(query.columns):
            if fold(column.source) == wanted:
                return found
    return None


def _named_in(term: Node, arm: Node) -> int | None:
    """The result column of one arm that a term names; ``None`` also behind a ``*``."""
    columns = children(arm["columns"])
    if any("STAR" in column["flags"] for column in columns):
        return None
    if term["type"] == "ColumnRef" and not term["table"]:
        for found, column in enumerate(columns):
            if column["alias"] and fold(column["alias"]["source"]) == fold(str(term["column"])):
                return found
    printed = fingerprint(term)
    for found, column in enumerate(columns):
        if fingerprint(column["expr"]) == printed:
            return found
    if term["type"] == "ColumnRef":
        for found, column in enumerate(columns):
            own = without(column["expr"], "ParenExpr", "CollateExpr")
            tables = {term["table"], own.get("table")}
            if (
                own["type"] == "ColumnRef"
                and fold(str(own["column"])) == fold(str(term["column"]))
                and (None in tables or len({fold(str(table)) for table in tables}) == 1)
            ):
                return found
    return None


def values(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate VALUES, its columns in common types."""
    rows = [translator.all(children(row)) for row in children(node["rows"])]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise unsupported("all VALUES must have the same number of terms")
    columns = [
        unify(translator.ctx, [row[position].computed() for row in rows])
        for position in range(width)
    ]
    given = names or [f"column{position + 1}" for position in range(width)]
    taken: set[str] = set()
    written: list[list[str]] = [[] for _ in rows]
    described = []
    for name, column in zip(given, columns, strict=True):
        first = next((value for value in column if value.rep is not Rep.NULL), column[0])
        value = replace(
            first, nullable=any(v.nullable for v in column), is_constant=False, constant=None
        )
        kind = output(translator.ctx, value)[1]
        described.append(Column(name, free_name(fold(name), taken), passed(value), kind))
        for line, own in zip(written, column, strict=True):
            line.append(_typed(translator, own, kind))
    listed = ", ".join(quote(column.name) for column in described)
    lines = ", ".join(f"({', '.join(line)})" for line in written)
    return Query(
        f"SELECT * FROM (VALUES {lines}) AS rows({listed})",
        tuple(described),
        one_row=len(rows) == 1,
    )


def _typed(translator: Translator, value: Value, kind: TargetType) -> str:
    return f"NULL::{kind}" if value.rep is Rep.NULL else output(translator.ctx, value)[0]
