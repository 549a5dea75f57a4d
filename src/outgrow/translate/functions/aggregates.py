"""COUNT, SUM, TOTAL, AVG, MIN, MAX, GROUP_CONCAT.

``sum(n = 1)`` → ``sum((n = 1)::int)``; ``avg(cost)`` → ``avg(cost)::double precision``.
SUM of integers is an integer (an overflow is an error on both sides), SUM with a real is a real,
SUM of nothing is NULL; TOTAL of nothing is 0.0 (https://www.sqlite.org/lang_aggfunc.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.compare import keeps_order
from outgrow.translate.convert import as_double, as_number, as_text, base, collated
from outgrow.translate.errors import unsupported
from outgrow.translate.registry import Aggregate, AggregateCall
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, dynamic, integer, real, text


def count(_: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``count(*)``, ``count(x)``, ``count(DISTINCT x)``."""
    if not values:
        return integer(call.write("count", "*"), nullable=False)
    if call.distinct and values[0].rep in (Rep.JSON, Rep.JSONB, Rep.OPAQUE):
        raise unsupported(f"count(DISTINCT {values[0].sql})")
    return integer(call.write("count", values[0].sql), nullable=False)


def sum_(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``sum(x)``."""
    if values[0].rep is Rep.DECIMAL:
        total = call.write("sum", values[0].sql)
        return real(f"{total}::double precision", nullable=True, finite=values[0].finite)
    value = as_number(translator.ctx, values[0])
    written = call.write("sum", value.sql)
    match value.rep:
        case Rep.INTEGER:
            # sum(int4) is a bigint, sum(bigint) a numeric.
            return integer(written if value.narrow else f"{written}::bigint", nullable=True)
        case Rep.REAL:
            return real(written, nullable=True)
        case Rep.DYNAMIC:
            return dynamic(translator.ctx.call("rounded", written), nullable=True)
        case _:
            raise unsupported("sum(NULL)")


def total(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``total(x)``."""
    value = as_double(translator.ctx, values[0])
    return real(f"COALESCE({call.write('sum', value.sql)}, 0)", nullable=False)


def avg(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``avg(x)``: always a real."""
    value = values[0]
    if value.rep not in (Rep.DECIMAL, Rep.NUMBER):
        value = as_number(translator.ctx, value)
    written = call.write("avg", value.sql)
    if value.rep is Rep.REAL:
        return real(written, nullable=True)
    return real(f"{written}::double precision", nullable=True)


def least(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``min(x)``."""
    return _extreme(translator, call, "min", values[0])


def greatest(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``max(x)``."""
    return _extreme(translator, call, "max", values[0])


def _extreme(translator: Translator, call: AggregateCall, name: str, value: Value) -> Value:
    if value.is_text and value.collation != "BINARY":
        raise unsupported(f"{name}() with the collation {value.collation}")
    if value.rep is Rep.TIME and value.shape is not None and keeps_order(value.shape):
        written = call.write(name, value.sql)
        return replace(value, sql=written, nullable=True, affinity=None, is_constant=False)
    if value.rep is Rep.DECIMAL:
        written = call.write(name, value.sql)
        return replace(value.computed(), sql=written, nullable=True)
    value = base(translator.ctx, value)
    if value.rep in (Rep.BLOB, Rep.ANY):
        raise unsupported(f"{name}() of blobs or of values of several classes")
    argument = collated(value) if value.rep is Rep.TEXT else value.sql
    return replace(
        value.computed(),
        sql=call.write(name, argument),
        nullable=True,
        atom=True,
        is_constant=False,
    )


def group_concat(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``group_concat(x, separator)``."""
    ctx = translator.ctx
    parts = as_text(ctx, values[0])
    separator = as_text(ctx, values[1]).sql if len(values) > 1 else literal(",")
    if call.distinct and len(values) > 1:
        raise unsupported("group_concat(DISTINCT …) with a separator")
    if not call.order:
        ctx.note("group_concat without ORDER BY: the order of its parts is not defined")
    return text(call.write("string_agg", f"{parts.operand}, {separator}"), nullable=True)


AGGREGATES = {
    "count": Aggregate(count, 0, 1),
    "sum": Aggregate(sum_, 1, 1),
    "total": Aggregate(total, 1, 1),
    "avg": Aggregate(avg, 1, 1),
    "min": Aggregate(least, 1, 1),
    "max": Aggregate(greatest, 1, 1),
    "group_concat": Aggregate(group_concat, 1, 2),
    "string_agg": Aggregate(group_concat, 2, 2),
}
