"""The result columns of a query: their names, their text, what they are to other queries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.postgres.naming import fitting
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import folded
from outgrow.translate.expressions.convert import as_text, base, output
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.parse import Node, name_of, without
from outgrow.translate.queries.query import Column

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


#: An identifier, quoted or not.
_IDENTIFIER = re.compile(r'\w+|"(?:[^"]|"")+"')
_TEXT = re.compile(r"E?'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Item:
    """A result column before it is written.

    Args:
        name: what SQLite calls it.
        value: what it is.
        node: the expression it came from, ``None`` for a column that ``*`` stands for.
        has_alias: whether its name was given with AS.
        inner: what a query around this one calls it, '' for the same.
        is_text: whether its name is the text of the expression.

    """

    name: str
    value: Value
    node: Node | None = None
    has_alias: bool = False
    inner: str = ""
    is_text: bool = False


def item_of(translator: Translator, column: Node, value: Value) -> Item:
    """Name a result column that is no ``*``, as SQLite does.

    A column keeps the spelling of its table where it is a result, and the spelling of the SELECT
    where the SELECT stands in FROM. Raises UntranslatableSQL where no name is found.
    """
    node = column["expr"]
    alias = name_of(column["alias"])
    if column["alias"]:
        return Item(alias, value, node, has_alias=True)
    shown = without(node, "ParenExpr")
    inner = without(node, "ParenExpr", "CollateExpr")
    written = str(inner["column"] or "") if inner["type"] == "ColumnRef" else ""
    if shown["type"] == "ColumnRef" and (not value.is_constant or value.rep is Rep.NULL):
        declared = translator.scope.declared(written, shown["table"])
        return Item(declared or written, value, node, has_alias=not written, inner=written)
    spelling = translator.ctx.spelling
    text = spelling.of(column) if spelling else ""
    return Item(text, value, node, inner=written, is_text=True)


def named(
    translator: Translator, items: Sequence[Item], names: Sequence[str] | None
) -> list[tuple[Column, str]]:
    """Give each column its SQLite and target names, and its text."""
    if names is not None and len(names) != len(items):
        raise unsupported(f"{len(items)} columns where SQLite has {len(names)}")
    columns: list[tuple[Column, str]] = []
    taken: set[str] = set()
    for position, item in enumerate(items):
        plain = f"column{position + 1}"
        own = item.name if item.has_alias else item.name or plain
        source = names[position] if names is not None else own
        name = free_name(fold(plain if names is None and item.is_text else source) or plain, taken)
        inner = plain if fold(item.inner) in ("true", "false") else item.inner
        written, kind = output(translator.ctx, item.value)
        inner = inner if names is None else ""
        columns.append((Column(source, name, passed(item.value), kind, inner), written))
    return columns


def free_name(name: str, taken: set[str]) -> str:
    """SQLite names a second ``a`` in a subquery or view ``a:1``; PostgreSQL keeps 63 bytes."""
    free, count = fitting(name), 0
    while free in taken:
        count += 1
        free = fitting(f"{name}:{count}")
    taken.add(free)
    return free


def passed(value: Value) -> Value:
    """What a result column is to the query around it: its holding after it was written."""
    if value.stored is not None:
        return value
    reps = {Rep.BOOLEAN: Rep.INTEGER, Rep.DECIMAL: Rep.REAL, Rep.NUMBER: Rep.DYNAMIC}
    rep = reps.get(value.rep, value.rep)
    if value.rep is Rep.TIME:
        rep = Rep.TEXT if value.is_text else Rep.INTEGER
    return replace(value, rep=rep, narrow=False, digits=None)


def written_list(columns: Sequence[tuple[Column, str]]) -> str:
    """Write the list of a SELECT, with AS where the text does not name itself."""
    return ", ".join(
        written if _names_itself(written, column.name) else f"{written} AS {quote(column.name)}"
        for column, written in columns
    )


def _names_itself(written: str, name: str) -> bool:
    table, _, column = written.rpartition(f".{quote(name)}")
    return written == quote(name) or (not column and bool(_IDENTIFIER.fullmatch(table)))


def typed(value: Value) -> str:
    """Write a value for a function that takes any type: a literal text is of none."""
    return f"{value.sql}::text" if _TEXT.fullmatch(value.sql) else value.sql


@dataclass(frozen=True, slots=True)
class Equality:
    """How values are told apart by DISTINCT, GROUP BY and UNION.

    Args:
        value: the value, held so that PostgreSQL can compare it.
        operand: what is equal where SQLite's values are equal.
        ambiguous: whether equal values may differ: in case, in spaces, as 1 and 1.0.

    """

    value: Value
    operand: str
    ambiguous: bool


def equality(ctx: Context, value: Value) -> Equality:
    """Say how a value is told apart from others; raises where that is not known."""
    if value.loose or value.rep in (Rep.OPAQUE, Rep.JSON, Rep.JSONB):
        value = base(ctx, value)
    if value.rep is Rep.ANY:
        helper = {"NOCASE": "any_nocase", "RTRIM": "any_rtrim"}.get(value.collation)
        return Equality(value, ctx.call(helper, value.sql) if helper else value.operand, True)
    if value.is_text and value.collation != "BINARY":
        return Equality(value, folded(as_text(ctx, value), value.collation, ordered=False), True)
    return Equality(value, value.operand, value.rep is Rep.DYNAMIC)


def check_distinct(ctx: Context, value: Value, what: str) -> Value:
    """Give a value that PostgreSQL tells apart as SQLite does, without choosing among equals."""
    alike = equality(ctx, value)
    if alike.ambiguous:
        spelled = "collation" if value.is_text else "class"
        raise unsupported(
            f"{what} over {value.sql}: which of its equal values of different {spelled} SQLite "
            "keeps is not defined"
        )
    return alike.value
