"""Recursive common table expressions.

SQLite takes one row at a time from a queue, and puts the rows that the recursive terms make of it
at the end (https://www.sqlite.org/lang_with.html#recursivecte); PostgreSQL takes all rows of a
level at once. The rows are the same, and each term sees one row of the table only. Where
PostgreSQL has no place for the table (several terms, an outer join), a lateral subquery gives the
terms their one row: ``FROM c AS step CROSS JOIN LATERAL (SELECT … UNION ALL SELECT …)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import output
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.compound import arms_of, combined, in_turn, unified_arms
from outgrow.translate.queries.grouping import has_aggregate
from outgrow.translate.queries.limits import limit_of
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.windows import has_window

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

#: How often the types of the columns may widen: NULL, integer, number, any.
_ROUNDS = 5


def recursive(
    translator: Translator,
    select: Node,
    name: str,
    names: Sequence[str] | None,
    *,
    sorted_outside: bool,
) -> tuple[Query, list[str]]:
    """Translate a table that names itself.

    Args:
        translator: what knows the tables before it.
        select: its SELECT.
        name: its folded name.
        names: its column names, if they are given.
        sorted_outside: whether what reads it has an ORDER BY of its own.

    Returns:
        the table as others read it, and its definitions.

    """
    if select["type"] != "CompoundSelect":
        raise unsupported(f"circular reference: {name}")
    if select["orderby"] and (select["limit_clause"] or not sorted_outside):
        raise unsupported(
            "ORDER BY in a recursive common table expression", "Sort the SELECT that reads it"
        )
    arms = arms_of(select)
    start = next(n for n, (_, arm) in enumerate(arms) if references(arm, name))
    operators = {operator for operator, _ in arms[start:]}
    if start == 0 or len(operators) != 1 or operators - {"UNION", "UNION_ALL"}:
        raise unsupported(f"circular reference: {name}")
    terms = [arm for _, arm in arms[start:]]
    for term in terms:
        _check(term, name)
    initial = combined(translator, arms[:start], in_turn(translator, arms[:start], names), names)
    one_by_one = len(terms) > 1 or not _fits(terms[0], name)
    own = initial
    for _ in range(_ROUNDS):
        made = _term(translator, terms, name, own, one_by_one=one_by_one)
        columns, texts = unified_arms(translator, [initial, made], [arms[0][1], terms[0]])
        wider = _widened(translator, own, columns)
        if wider == own:
            break
        own = wider
    else:
        raise unsupported(f"the types of the columns of {name}")
    written = ", ".join(own.sql_names)
    operator = "UNION" if operators == {"UNION"} else "UNION ALL"
    limit = limit_of(translator, select["limit_clause"])
    inner = f"{name}_rows" if limit else name
    if limit and not one_by_one and _joins(terms[0]):
        translator.ctx.note(f"LIMIT in {name}: the order of its rows is not defined")
    definition = f"{quote(inner)}({written}) AS ({texts[0]} {operator} {texts[1]})"
    definitions = [definition.replace(_mark(name), quote(inner))]
    if limit:
        definitions.append(f"{quote(name)}({written}) AS (SELECT * FROM {quote(inner)} {limit})")
    return replace(own, sql=quote(name)), definitions


def references(node: Any, name: str) -> int:
    """How often a tree names a table, where no WITH inside it defines that name."""
    if isinstance(node, list):
        return sum(references(child, name) for child in node)
    if not isinstance(node, dict):
        return 0
    if node.get("type") == "WithClause" and name in {
        fold(str(cte["cte_name"])) for cte in children(node["ctes"])
    }:
        return 0
    own = node.get("type") == "TableRef" and not node["schema"]
    found = int(own and fold(str(node["table_name"])) == name)
    return found + sum(references(child, name) for child in node.values())


def _in_from(node: Any, name: str) -> int:
    """How often the FROM clause itself names a table, without its subqueries."""
    if not isinstance(node, dict):
        return 0
    match node["type"]:
        case "TableRef":
            return references(node, name)
        case "JoinClause":
            return _in_from(node["left"], name) + _in_from(node["right"], name)
        case "ParenTableSource":
            return _in_from(node["source"], name)
        case _:
            return 0


def _check(term: Node, name: str) -> None:
    """SQLite's own conditions for a recursive term."""
    if term["type"] != "SelectStmt" or _in_from(term["from_clause"], name) != 1:
        raise unsupported(f"circular reference: {name}")
    if references(term, name) != 1:
        raise unsupported(f"multiple references to recursive table: {name}")
    if term["groupby"] or has_aggregate(term):
        raise unsupported("recursive aggregate queries not supported")
    if has_window(term):
        raise unsupported("cannot use window functions in recursive queries")


def _fits(term: Node, name: str) -> bool:
    """Whether the table can stand where the term names it: PostgreSQL allows no outer join.

    DISTINCT is of the rows that one row makes.
    """
    return "DISTINCT" not in term["flags"] and not _outer(term["from_clause"], name)


def _outer(node: Node, name: str) -> bool:
    if node["type"] == "ParenTableSource":
        return _outer(node["source"], name)
    if node["type"] != "JoinClause":
        return False
    kind = str(node["join_type"]).removeprefix("NATURAL_")
    left, right = _in_from(node["left"], name), _in_from(node["right"], name)
    if (right and kind in ("LEFT", "FULL")) or (left and kind in ("RIGHT", "FULL")):
        return True
    return _outer(node["left"] if left else node["right"], name)


def _joins(term: Node) -> bool:
    return bool(term["from_clause"]["type"] == "JoinClause")


def _mark(name: str) -> str:
    """What stands for the table in its own terms until it is known what it is called."""
    return f"\1{name}\1"


def _term(
    translator: Translator, terms: Sequence[Node], name: str, own: Query, *, one_by_one: bool
) -> Query:
    """Translate the recursive terms, given what the table's columns are."""
    if not one_by_one:
        return translator.knowing(name, replace(own, sql=_mark(name))).query(terms[0])
    row = f"(SELECT {', '.join(f'step.{column}' for column in own.sql_names)})"
    known = translator.knowing(name, replace(own, sql=row))
    made = combined(
        translator,
        [("UNION_ALL", term) for term in terms],
        in_turn(known, [("", term) for term in terms], None),
        None,
    )
    lateral = f"SELECT made.* FROM {_mark(name)} AS step CROSS JOIN LATERAL ({made.sql}) AS made"
    return replace(made, sql=lateral)


def _widened(translator: Translator, own: Query, columns: Sequence[Value]) -> Query:
    """The table with columns that hold what its terms make, too."""
    changed = []
    for column, value in zip(own.columns, columns, strict=True):
        known = replace(
            column.value,
            rep=value.rep,
            shape=value.shape,
            nullable=column.value.nullable or value.nullable,
            stored=None,
            finite=False,
            numeral=None,
            digits=None,
            is_constant=False,
            constant=None,
            narrow=False,
            affinity=value.affinity,
        )
        kind = output(translator.ctx, value)[1]
        changed.append(replace(column, value=known, type=kind))
    return replace(own, columns=tuple(changed), order=(), one_row=False)
