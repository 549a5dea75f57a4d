"""LIMIT and OFFSET.

A negative LIMIT is none, a negative OFFSET is 0, and what is no whole number is an error:
https://www.sqlite.org/lang_select.html#limitoffset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from outgrow.translate.expressions.compare import numeric_constant
from outgrow.translate.expressions.convert import as_any, as_numeric
from outgrow.translate.expressions.values import INT64, Rep, Value
from outgrow.translate.parse import Node

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


def limit_of(translator: Translator, node: Node | None) -> str:
    """Write LIMIT and OFFSET; '' where they take nothing away."""
    if node is None:
        return ""
    free = translator.free()
    limit = _count(free, node["limit"], "LIMIT")
    offset = _count(free, node["offset"], "OFFSET") if node["offset"] else ""
    return " ".join(part for part in (limit, offset) if part)


def _count(translator: Translator, node: Node, word: str) -> str:
    value = translator.expr(node)
    known = _whole(value) if value.is_constant else None
    if known is not None:
        return f"{word} {known}" if known >= (1 if word == "OFFSET" else 0) else ""
    if value.rep is Rep.INTEGER and not value.nullable:
        own = f"NULLIF(greatest({value.sql}, -1), -1)"
        return f"{word} {own if word == 'LIMIT' else f'greatest({value.sql}, 0)'}"
    ctx = translator.ctx
    if value.is_number:
        number = as_numeric(ctx, value)
    else:
        number = ctx.call("any_whole", as_any(ctx, value).sql)
    return f"{word} {ctx.call('limit_rows' if word == 'LIMIT' else 'offset_rows', number)}"


def _whole(value: Value) -> int | None:
    """The number that a constant is; for any other the statement fails when it is run."""
    number = value.constant
    if isinstance(number, str):
        converted = numeric_constant(number)
        number = converted.constant if converted else None
    if isinstance(number, float) and number.is_integer() and abs(number) < INT64:
        number = int(number)
    return number if isinstance(number, int) else None
