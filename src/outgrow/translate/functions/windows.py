"""The window functions that are no aggregates.

``row_number() OVER (…)`` and the like are PostgreSQL's own; ``lag(x, 1, 'none')`` needs a default
of the same type; ``ntile`` and ``nth_value`` take constant positive integers
(https://www.sqlite.org/windowfunctions.html#builtins).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_integer, as_number, like_branches, unify
from outgrow.translate.expressions.values import INT32, Rep, Value, constant, integer, real
from outgrow.translate.queries.results import typed
from outgrow.translate.registry import Window
from outgrow.translate.translator import Translator


def _rank(name: str) -> Window:
    def translate(_: Translator, over: str, __: Sequence[Value]) -> Value:
        return integer(f"{name}(){over}", nullable=False)

    return Window(translate, 0, 0, by_position=name == "row_number")


def _share(name: str) -> Window:
    def translate(_: Translator, over: str, __: Sequence[Value]) -> Value:
        return real(f"{name}(){over}", nullable=False, finite=True)

    return Window(translate, 0, 0)


def ntile(translator: Translator, over: str, values: Sequence[Value]) -> Value:
    """``ntile(4)``: the number of the quarter that a row is in."""
    count = _positive(as_integer(translator.ctx, values[0]), "argument of ntile")
    return integer(f"ntile({count}){over}", nullable=False, narrow=True)


def nth_value(_: Translator, over: str, values: Sequence[Value]) -> Value:
    """``nth_value(x, 2)``: of the second row of the frame, NULL where it has fewer."""
    number = values[1]
    if isinstance(number.constant, float) and number.constant.is_integer():
        number = constant(int(number.constant))
    return _same(
        values[0], f", {_positive(number, 'second argument to nth_value')}", "nth_value", over
    )


def first_value(_: Translator, over: str, values: Sequence[Value]) -> Value:
    """``first_value(x)``: of the first row of the frame."""
    return _same(values[0], "", "first_value", over)


def last_value(_: Translator, over: str, values: Sequence[Value]) -> Value:
    """``last_value(x)``: of the last row of the frame."""
    return _same(values[0], "", "last_value", over)


def lag(translator: Translator, over: str, values: Sequence[Value]) -> Value:
    """``lag(x, offset, default)``: of the row so many rows before."""
    return _shifted(translator, "lag", over, values)


def lead(translator: Translator, over: str, values: Sequence[Value]) -> Value:
    """``lead(x, offset, default)``: of the row so many rows after."""
    return _shifted(translator, "lead", over, values)


def _shifted(translator: Translator, name: str, over: str, values: Sequence[Value]) -> Value:
    offset = _offset(translator, values[1], name) if len(values) > 1 else ""
    if len(values) < 3 or values[2].rep is Rep.NULL:
        return _same(values[0], f", {offset}" if offset else "", name, over)
    branches = unify(translator.ctx, [values[0].computed(), values[2].computed()])
    value, default = map(typed, branches)
    nullable = values[0].nullable or values[2].nullable
    return like_branches(branches, f"{name}({value}, {offset}, {default}){over}", nullable=nullable)


def _offset(translator: Translator, value: Value, name: str) -> str:
    """How many rows away.

    ``lag`` with a negative offset depends on what SQLite has read ahead.
    """
    if value.is_constant:
        number = as_number(translator.ctx, value).constant
        if not isinstance(number, int | float) or number % 1 or abs(number) >= INT32:
            raise unsupported(f"{name}() with an offset that is no whole number")
        if name == "lag" and number < 0:
            raise unsupported("lag() with a negative offset", "Use lead()")
        return str(int(number))
    if value.rep is not Rep.INTEGER or value.nullable:
        raise unsupported(f"{name}() with an offset that may be no whole number")
    return translator.ctx.call(f"{name}_rows", f"{value.operand}::bigint")


def _same(value: Value, more: str, name: str, over: str) -> Value:
    """The value of another row, held as it is; NULL where there is no such row."""
    if value.rep is Rep.NULL:
        return constant(None)
    return replace(
        value.computed(),
        sql=f"{name}({typed(value)}{more}){over}",
        nullable=True,
        atom=True,
        is_constant=False,
        constant=None,
    )


def _positive(value: Value, what: str) -> str:
    if value.is_constant:
        if not isinstance(value.constant, int) or not 0 < value.constant < INT32:
            raise unsupported(f"{what} must be a positive integer")
        return value.sql
    raise unsupported(f"{what} is no constant")


WINDOWS = {
    **{name: _rank(name) for name in ("row_number", "rank", "dense_rank")},
    **{name: _share(name) for name in ("percent_rank", "cume_dist")},
    "ntile": Window(ntile, 1, 1, by_position=True),
    "lag": Window(lag, 1, 3, by_position=True),
    "lead": Window(lead, 1, 3, by_position=True),
    "first_value": Window(first_value, 1, 1, by_position=True),
    "last_value": Window(last_value, 1, 1, by_position=True),
    "nth_value": Window(nth_value, 2, 2, by_position=True),
}
