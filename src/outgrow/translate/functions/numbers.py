"""ABS, ROUND, RANDOM, RANDOMBLOB.

``round(x, n)`` rounds half away from zero on the decimal that SQLite prints, and gives a real.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.expressions.convert import as_any, as_double, as_integer, as_number, widened
from outgrow.translate.expressions.values import Rep, Value, blob, constant, dynamic, integer, real
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def absolute(translator: Translator, values: Sequence[Value]) -> Value:
    """``abs(x)``: of an integer an integer, of anything else a real."""
    ctx = translator.ctx
    if values[0].rep is Rep.ANY:
        return dynamic(ctx.call("any_abs", as_any(ctx, values[0]).sql), nullable=True)
    is_number = values[0].is_number
    value = as_number(ctx, values[0]) if is_number else as_double(ctx, values[0])
    match value.rep:
        case Rep.NULL:
            return constant(None)
        case Rep.INTEGER:
            return integer(f"abs({widened(value)})", nullable=value.nullable)
        case Rep.DYNAMIC:
            return dynamic(f"abs({value.sql})", nullable=value.nullable)
        case _:
            return real(f"abs({value.sql})", nullable=value.nullable, finite=value.finite)


def round_(translator: Translator, values: Sequence[Value]) -> Value:
    """``round(x)``, ``round(x, digits)``."""
    ctx = translator.ctx
    value = as_double(ctx, values[0])
    digits = as_integer(ctx, values[1]) if len(values) > 1 else constant(0)
    if Rep.NULL in (digits.rep, values[0].rep):
        return constant(None)
    return real(
        ctx.call("round", value.sql, f"{digits.operand}::bigint"),
        nullable=value.nullable or digits.nullable,
        finite=value.finite,
    )


def random(translator: Translator, _: Sequence[Value]) -> Value:
    """``random()``: any 64-bit integer."""
    translator.ctx.needs_moment("random()")
    return integer(translator.ctx.call("random"), nullable=False)


def randomblob(translator: Translator, values: Sequence[Value]) -> Value:
    """``randomblob(n)``: at least one byte."""
    translator.ctx.needs_moment("randomblob()")
    count = as_integer(translator.ctx, values[0])
    return blob(
        translator.ctx.call("randomblob", f"COALESCE({count.sql}, 0)::bigint"), nullable=False
    )


FUNCTIONS = {
    "abs": Function(absolute, 1, 1),
    "round": Function(round_, 1, 2),
    "random": Function(random, 0, 0),
    "randomblob": Function(randomblob, 1, 1),
}
