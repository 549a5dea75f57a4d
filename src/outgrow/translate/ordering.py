"""ORDER BY and LIMIT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.translate.compare import folded, keeps_order
from outgrow.translate.convert import as_text, base
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, fingerprint
from outgrow.translate.results import Item
from outgrow.translate.values import Rep, Value

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


def order_by(
    translator: Translator, orderby: Node | None, items: Sequence[Item], *, distinct: bool
) -> str:
    """Write ORDER BY: result columns by number where that is what SQLite means."""
    written = []
    for term in children(orderby):
        position = _result_position(term["expr"], items)
        value = items[position].value if position is not None else translator.expr(term["expr"])
        meant = items[position].node if position is not None else term["expr"]
        if is_fixed(meant, value):
            continue
        key = sort_key(translator, collated_like(term["expr"], value))
        if distinct and position is None:
            raise unsupported("SELECT DISTINCT ordered by what it does not select")
        if position is not None and key == value.sql and (value.stored or distinct):
            key = str(position + 1)
        elif distinct and key != value.sql:
            raise unsupported("SELECT DISTINCT ordered by a folded or converted column")
        written.append(key + direction(term, nullable=value.nullable))
    return f"ORDER BY {', '.join(written)}" if written else ""


def is_fixed(node: Node | None, value: Value) -> bool:
    """Whether a term is the same for every row, which PostgreSQL refuses to sort or group by.

    Without a column in SQLite's expression and a call in PostgreSQL's, nothing can change it.
    ``node`` is ``None`` for a column that ``*`` stands for.
    """
    if node is None or _names_a_column(node) or "(" in value.sql:
        return value.is_constant
    return True


def _names_a_column(node: object) -> bool:
    if isinstance(node, list):
        return any(map(_names_a_column, node))
    if not isinstance(node, dict):
        return False
    return node.get("type") == "ColumnRef" or any(map(_names_a_column, node.values()))


def order_terms(translator: Translator, terms: Sequence[Node]) -> str:
    """Write the ORDER BY inside an aggregate."""
    if not terms:
        return ""
    written = []
    for term in terms:
        value = translator.expr(term["expr"])
        written.append(sort_key(translator, value) + direction(term, nullable=value.nullable))
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


def collated_like(node: Node, value: Value) -> Value:
    """Give the value the collation that a COLLATE around the term says."""
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


def limit_of(translator: Translator, node: Node | None) -> str:
    """Write LIMIT and OFFSET; a negative LIMIT is none."""
    if node is None:
        return ""
    limit = _count(translator, node["limit"])
    offset = _count(translator, node["offset"]) if node["offset"] else 0
    written = f"LIMIT {limit}" if limit >= 0 else "LIMIT ALL"
    return f"{written} OFFSET {offset}" if offset > 0 else written


def _count(translator: Translator, node: Node) -> int:
    value = translator.expr(node)
    if not value.is_constant or not isinstance(value.constant, int):
        raise unsupported("LIMIT with anything but a constant integer")
    return value.constant
