"""The mathematical functions: https://www.sqlite.org/lang_mathfunc.html.

``sqrt(x)`` → ``outgrow.math('sqrt', x)``, which is NULL for a negative number where PostgreSQL
raises an error; ``atan(x)``, which takes every number, stays. They take numbers, and texts that
are numbers as a whole; of anything else the result is NULL. Both sides call the mathematical
library of their own machine, so the last digit may differ between two machines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_double, base
from outgrow.translate.expressions.values import Rep, Value, constant, dynamic, integer, real
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def whole_number(ctx: Context, value: Value) -> Value:
    """A number as it is, a text if it is a number as a whole; NULL for any other value."""
    value = base(ctx, value)
    match value.rep:
        case Rep.TEXT:
            return dynamic(ctx.call("text_whole", value.sql), nullable=True)
        case Rep.ANY:
            return dynamic(ctx.call("any_whole", value.sql), nullable=True)
        case Rep.BLOB:
            return constant(None)
        case _:
            return value


def _doubles(ctx: Context, values: Sequence[Value]) -> list[Value]:
    return [as_double(ctx, whole_number(ctx, value)) for value in values]


def _total(name: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """A function that PostgreSQL has for every number."""
        doubles = _doubles(translator.ctx, values)
        listed = ", ".join(value.sql for value in doubles)
        return real(f"{name}({listed})", nullable=any(value.nullable for value in doubles))

    return Function(translate, 1, 1)


def _partial(name: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """A function of one number that has no value for some."""
        (value,) = _doubles(translator.ctx, values)
        return real(translator.ctx.call("math", literal(name), value.sql), nullable=True)

    return Function(translate, 1, 1)


def _of_two(helper: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """A function of two numbers that has no value for some."""
        x, y = _doubles(translator.ctx, values)
        return real(translator.ctx.call(helper, x.sql, y.sql), nullable=True)

    return Function(translate, 2, 2)


def atan2(translator: Translator, values: Sequence[Value]) -> Value:
    """``atan2(y, x)``."""
    y, x = _doubles(translator.ctx, values)
    return real(f"atan2({y.sql}, {x.sql})", nullable=y.nullable or x.nullable)


def log(translator: Translator, values: Sequence[Value]) -> Value:
    """``log(x)`` to base 10, ``log(base, x)``, where the base is above 1.

    Of the two SQLite looks at the base only: x may be a text that begins with a number.
    """
    if len(values) == 1:
        return _partial("log").translate(translator, values)
    given = [values[0], as_double(translator.ctx, values[1])]
    base_log, value_log = (_partial("ln").translate(translator, [value]) for value in given)
    written = f"{value_log.operand} / CASE WHEN {base_log.sql} > 0 THEN {base_log.sql} END"
    return real(written, nullable=True, atom=False)


def log2(translator: Translator, values: Sequence[Value]) -> Value:
    """``log2(x)``: the quotient of two logarithms differs from it in the last digit."""
    raise unsupported("log2(), which PostgreSQL does not have", "Write ln(x) / ln(2)")


def pi(_: Translator, __: Sequence[Value]) -> Value:
    """``pi()``."""
    return constant(math.pi)


def _rounding(name: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """``ceil``, ``floor``, ``trunc``: an integer stays one."""
        value = whole_number(translator.ctx, values[0])
        match value.rep:
            case Rep.NULL:
                return constant(None)
            case Rep.INTEGER:
                return value.computed()
            case Rep.REAL:
                written = f"{name}({value.sql})"
                return real(written, nullable=value.nullable, finite=value.finite)
            case _:
                # One decimal keeps a real a real.
                decimal = f"CASE WHEN scale({value.sql}) = 0 THEN 0 ELSE 0.0 END"
                return dynamic(f"({name}({value.sql}) + {decimal})", nullable=True)

    return Function(translate, 1, 1)


def sign(translator: Translator, values: Sequence[Value]) -> Value:
    """``sign(x)``: -1, 0 or 1."""
    value = whole_number(translator.ctx, values[0])
    if value.rep is Rep.NULL:
        return constant(None)
    return integer(f"sign({value.sql})::int", nullable=value.nullable, narrow=True)


FUNCTIONS = {
    **{name: _total(name) for name in ("atan", "asinh", "sinh", "cosh", "tanh", "radians")},
    **{
        name: _partial(name)
        for name in ("sqrt", "exp", "ln", "sin", "cos", "tan", "asin", "acos", "acosh", "atanh")
    },
    "degrees": _partial("degrees"),
    "pi": Function(pi, 0, 0),
    "log": Function(log, 1, 2),
    "log10": _partial("log"),
    "log2": Function(log2, 1, 1),
    "pow": _of_two("power"),
    "power": _of_two("power"),
    "mod": _of_two("real_remainder"),
    "atan2": Function(atan2, 2, 2),
    "ceil": _rounding("ceil"),
    "ceiling": _rounding("ceil"),
    "floor": _rounding("floor"),
    "trunc": _rounding("trunc"),
    "sign": Function(sign, 1, 1),
}
