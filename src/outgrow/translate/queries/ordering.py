"""ORDER BY, also inside aggregates and windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import folded, keeps_order
from outgrow.translate.expressions.convert import as_text, base
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import INT32, Rep, Value
from outgrow.translate.parse import Node, children, fingerprint, names_a_column, without
from outgrow.translate.queries.results import Item

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


_LITERAL = re.compile(r"E?'(?:[^']|'')*'|\d[\d.]*|NULL|true|false")


#: The endings of a term, the longer ones first, and those of its reverse.
_REVERSED = {
    " DESC NULLS LAST": " NULLS FIRST",
    " DESC NULLS FIRST": "",
    " NULLS FIRST": " DESC NULLS LAST",
    " NULLS LAST": " DESC",
    " DESC": "",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of ORDER BY.

    Args:
        key: what is sorted by.
        ending: DESC and NULLS, with a space before them.
        position: the result column it means, from 0, or ``None``.
        by_number: whether the number of the result column says the same as ``key``.

    """

    key: str
    ending: str
    position: int | None = None
    by_number: bool = False


def order_by(translator: Translator, orderby: Node | None, items: Sequence[Item]) -> list[Term]:
    """Translate ORDER BY: a result column by number, alias or the same expression, or any other.

    Terms that are the same for every row are left out.
    """
    terms: list[Term] = []
    for term in children(orderby):
        position = result_position(term["expr"], items)
        value = items[position].value if position is not None else translator.expr(term["expr"])
        meant = items[position].node if position is not None else term["expr"]
        if is_fixed(meant, value):
            continue
        key = sort_key(translator, collated_like(term["expr"], value))
        by_number = position is not None and key == value.sql
        terms.append(Term(key, direction(term, nullable=value.nullable), position, by_number))
    return terms


def written_order(terms: Sequence[Term], items: Sequence[Item], *, distinct: bool) -> str:
    """Write ORDER BY; a column or what is DISTINCT by its number."""
    keys = []
    for term in terms:
        numbered = term.by_number and term.position is not None
        if numbered and (distinct or items[term.position or 0].value.stored):
            keys.append(f"{(term.position or 0) + 1}{term.ending}")
        else:
            keys.append(term.key + term.ending)
    return f"ORDER BY {', '.join(keys)}" if keys else ""


def is_fixed(node: Node | None, value: Value) -> bool:
    """Whether a term is the same for every row, which PostgreSQL refuses to sort or group by.

    Without a column in SQLite's expression and a call in PostgreSQL's, nothing can change it; the
    expression of a column may be a literal in PostgreSQL, as ``typeof(id)`` is. ``node`` is
    ``None`` for a column that ``*`` stands for.
    """
    if _LITERAL.fullmatch(value.sql):
        return True
    if node is None or names_a_column(node) or "(" in value.sql:
        return value.is_constant
    return True


def order_terms(translator: Translator, terms: Sequence[tuple[Node, Value]]) -> str:
    """Write the terms of ORDER BY inside an aggregate."""
    written = [
        sort_key(translator, value) + direction(term, nullable=value.nullable)
        for term, value in terms
        if not is_fixed(term["expr"], value)
    ]
    return ", ".join(written)


def ordinal(term: Node, columns: Sequence[Node]) -> Node | None:
    """The result column that a number in GROUP BY means."""
    position = number_of(term)
    if position is None:
        return None
    if not 1 <= position <= len(columns) or "STAR" in columns[position - 1]["flags"]:
        raise unsupported(f"the column number {position}")
    expression: Node = columns[position - 1]["expr"]
    return expression


def number_of(term: Node) -> int | None:
    """The number that a term of ORDER BY or GROUP BY is, ``None`` for an expression.

    One that 32 bits don't hold is an expression to SQLite.
    """
    term = without(term, "ParenExpr", "CollateExpr")
    if term["type"] == "UnaryExpr" and term["op"] in ("PLUS", "MINUS"):
        inner = number_of(term["operand"])
        return None if inner is None else inner if term["op"] == "PLUS" else -inner
    if term["type"] == "IsExpr":
        return _test_of_literal(term)
    if term["type"] != "Literal" or term["literal_type"] != "INTEGER":
        return None
    number = evaluate(str(term["source"]))
    return number if isinstance(number, int) and number < INT32 else None


def _test_of_literal(term: Node) -> int | None:
    """``1 IS NOT NULL`` is the number 1 to SQLite's parser, ``'a' ISNULL`` is 0."""
    if term["right"] is not None and not _is_literal(term["right"], "NULL"):
        return None
    tested = term["left"]
    while tested["type"] == "ParenExpr" or tested.get("op") in ("PLUS", "MINUS"):
        tested = tested.get("operand") or tested.get("expr")
        if tested is None:
            return None
    if not _is_literal(tested, "INTEGER", "FLOAT", "STRING", "BLOB"):
        return None
    return int(term["op"] not in ("IS", "IS_NULL", "IS_NOT_DISTINCT"))


def _is_literal(node: Node, *types: str) -> bool:
    node = without(node, "ParenExpr")
    return bool(node["type"] == "Literal" and node["literal_type"] in types)


def result_position(node: Node, items: Sequence[Item]) -> int | None:
    """Which result column an ORDER BY term means: by number, alias, or the same expression."""
    position = number_of(node)
    if position is not None:
        if not 1 <= position <= len(items):
            raise unsupported(f"the column number {position}")
        return position - 1
    node = without(node, "ParenExpr", "CollateExpr")
    if node["type"] == "ColumnRef" and not node["table"]:
        for found, item in enumerate(items):
            if item.has_alias and fold(item.name) == fold(node["column"]):
                return found
    printed = fingerprint(node)
    for found, item in enumerate(items):
        if item.node is not None and fingerprint(item.node) == printed:
            return found
    return None


def collated_like(node: Node, value: Value) -> Value:
    """Give the value the collation that a COLLATE around the term says."""
    node = without(node, "ParenExpr")
    if node["type"] == "CollateExpr":
        return replace(value, collation=str(node["collation"]).upper(), explicit=True)
    return value


def sort_key(translator: Translator, value: Value) -> str:
    """Write what sorts as SQLite sorts the value."""
    ctx = translator.ctx
    if value.loose or value.rep in (Rep.JSONB, Rep.OPAQUE):
        value = base(ctx, value)
    if value.rep is Rep.ANY:
        helper = {"NOCASE": "any_nocase", "RTRIM": "any_rtrim"}.get(value.collation)
        return ctx.call("any_key", ctx.call(helper, value.sql) if helper else value.sql)
    if not value.is_text:
        return value.sql
    shape = value.shape if value.rep is Rep.TIME and value.collation == "BINARY" else None
    if shape is not None and keeps_order(shape):
        return value.sql
    return folded(as_text(ctx, value), value.collation, ordered=True)


def direction(term: Node, *, nullable: bool) -> str:
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


def reversed_term(written: str) -> str:
    """Turn a term of ORDER BY round."""
    for ending, other in _REVERSED.items():
        if written.endswith(ending):
            return written.removesuffix(ending) + other
    return f"{written} DESC"
