"""COUNT, SUM, TOTAL, AVG, MIN, MAX, GROUP_CONCAT, also over windows.

``sum(n = 1)`` → ``sum((n = 1)::int)``; ``avg(cost)`` → ``avg(cost)::double precision``.
SUM of integers is an integer (an overflow is an error on both sides), SUM with a real is a real,
SUM of nothing is NULL; TOTAL of nothing is 0.0 (https://www.sqlite.org/lang_aggfunc.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import keeps_order
from outgrow.translate.expressions.convert import as_double, as_number, as_text, base, collated
from outgrow.translate.expressions.values import Rep, Value, dynamic, integer, real, text
from outgrow.translate.queries.ordering import sort_key
from outgrow.translate.queries.results import check_distinct, equality, typed
from outgrow.translate.registry import Aggregate, AggregateCall
from outgrow.translate.translator import Translator


def count(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``count(*)``, ``count(x)``, ``count(DISTINCT x)``."""
    if not values:
        return integer(call.write("count", "*"), nullable=False)
    counted = values[0].sql
    if call.distinct:
        counted = equality(translator.ctx, values[0]).operand
    return integer(call.write("count", counted), nullable=False)


def _summands(translator: Translator, call: AggregateCall, value: Value) -> Value:
    """The numbers that are added up; DISTINCT tells them apart before they are numbers.

    A text counts as the integer that it is as a whole, else as a real.
    """
    ctx = translator.ctx
    if call.distinct:
        value = check_distinct(ctx, value, "an aggregate with DISTINCT")
    if value.rep in (Rep.DECIMAL, Rep.NUMBER):
        return value
    value = base(ctx, value)
    if value.rep is Rep.NULL:
        return integer("NULL::bigint", nullable=True)
    if value.is_text and call.distinct:
        raise unsupported("an aggregate of DISTINCT texts as numbers")
    if value.rep is Rep.TEXT and value.numeral is None:
        return dynamic(ctx.call("text_summand", as_text(ctx, value).sql), nullable=value.nullable)
    if value.rep is Rep.BLOB:
        return as_double(ctx, as_number(ctx, value))
    if value.rep is Rep.ANY:
        return dynamic(ctx.call("any_summand", value.sql), nullable=value.nullable)
    return as_number(ctx, value)


def sum_(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``sum(x)``."""
    value = _summands(translator, call, values[0])
    if value.rep is Rep.DECIMAL:
        total = call.write("sum", value.sql)
        return real(f"{total}::double precision", nullable=True, finite=value.finite)
    if value.rep is Rep.NUMBER:
        value = base(translator.ctx, value)
    written = call.write("sum", value.sql)
    match value.rep:
        case Rep.INTEGER:
            # sum(int4) is a bigint, sum(bigint) a numeric.
            return integer(written if value.narrow else f"{written}::bigint", nullable=True)
        case Rep.REAL:
            return _no_nan(written, value)
        case _ if call.is_moving:
            raise unsupported(
                "sum() of integers and reals over a moving frame: where a real has left it, SQLite "
                "gives a real",
                "CAST them to REAL",
            )
        case _:
            return dynamic(translator.ctx.call("rounded", written), nullable=True)


def _no_nan(written: str, value: Value) -> Value:
    """A sum of reals: that of both infinities is NULL in SQLite."""
    if value.finite or value.rep is Rep.INTEGER:
        return real(written, nullable=True)
    return real(f"NULLIF({written}, 'NaN')", nullable=True)


def total(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``total(x)``: always a real."""
    value = _summands(translator, call, values[0])
    written = call.write("sum", value.sql)
    if value.rep is not Rep.REAL:
        written += "::double precision"
    return _no_nan(f"COALESCE({written}, 0)", value)


def avg(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``avg(x)``: always a real."""
    value = _summands(translator, call, values[0])
    written = call.write("avg", value.sql)
    if value.rep is not Rep.REAL:
        written += "::double precision"
    return _no_nan(written, value)


def least(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``min(x)``."""
    return _extreme(translator, call, "min", values[0])


def greatest(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``max(x)``."""
    return _extreme(translator, call, "max", values[0])


def _extreme(translator: Translator, call: AggregateCall, name: str, value: Value) -> Value:
    ctx = translator.ctx
    shape = value.shape if value.rep is Rep.TIME else None
    keeps = value.rep in (Rep.DECIMAL, Rep.NUMBER) or (shape is not None and keeps_order(shape))
    if not keeps:
        value = base(ctx, value)
    if value.rep is Rep.NULL:
        return text(call.write(name, "NULL::text"), nullable=True)
    kept = replace(value.computed(), nullable=True, atom=True, is_constant=False, constant=None)
    if equality(ctx, value).ambiguous:
        return replace(kept, sql=_first(translator, call, name, value))
    if value.rep is Rep.BLOB:
        # PostgreSQL has no min(bytea) before 18; two digits a byte keep the order of the bytes.
        digits = call.write(name, f"encode({value.sql}, 'hex') COLLATE \"C\"")
        return replace(kept, sql=f"decode({digits}, 'hex')")
    argument = collated(value) if value.rep is Rep.TEXT else value.sql
    return replace(kept, sql=call.write(name, argument))


def _first(translator: Translator, call: AggregateCall, name: str, value: Value) -> str:
    """Write the minimum or maximum where equal values may be spelled differently.

    SQLite keeps the first that it visits.
    """
    if call.visited and not call.over:
        key = sort_key(translator, value) + (" DESC NULLS LAST" if name == "max" else "")
        first = replace(call, distinct=False, order=f"{key}, {call.visited}")
        return f"({first.write('array_agg', typed(value))})[1]"
    if value.rep is not Rep.DYNAMIC:
        check_distinct(translator.ctx, value, f"{name}()")
    # The greatest integer and the greatest real; one of them is greater, or the call fails.
    before = f"({call.test}) AND " if call.test else ""
    integers, reals = (
        replace(call, test=f"{before}scale({value.sql}) {scale} 0").write(name, value.sql)
        # The scale of infinity is NULL.
        for scale in ("=", "IS DISTINCT FROM")
    )
    return translator.ctx.call(f"{name}_class", integers, reals)


def group_concat(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``group_concat(x, separator)``: without ORDER BY in the order of the rows' keys."""
    ctx = translator.ctx
    if values[0].rep is Rep.NULL:
        return text(call.write("string_agg", "NULL::text, ''"), nullable=True)
    if not (call.order or call.over):
        ctx.note("group_concat without ORDER BY: the order of its parts is not defined")
        call = replace(call, order=call.visited, by_argument=True)
    if call.distinct:
        return _distinct_texts(translator, call, values[0])
    parts = as_text(ctx, values[0])
    separator = literal(",")
    if len(values) > 1:
        separator = literal("") if values[1].rep is Rep.NULL else as_text(ctx, values[1]).sql
        if values[1].nullable:
            separator = f"COALESCE({separator}, '')"
    written = call.write("string_agg", f"{parts.operand}, {separator}")
    return text(written, nullable=True, c_collated=parts.c_collated)


def _distinct_texts(translator: Translator, call: AggregateCall, value: Value) -> Value:
    """``group_concat(DISTINCT x)``: each part where it stands first."""
    ctx = translator.ctx
    if not call.by_argument:
        raise unsupported("group_concat(DISTINCT …) ordered by something else")
    parts = as_text(ctx, check_distinct(ctx, value, "group_concat(DISTINCT …)"))
    listed = replace(call, distinct=False).write("array_agg", typed(parts))
    return text(ctx.call("joined_firsts", listed), nullable=True)


AGGREGATES = {
    "count": Aggregate(count, 0, 1),
    "sum": Aggregate(sum_, 1, 1),
    "total": Aggregate(total, 1, 1),
    "avg": Aggregate(avg, 1, 1),
    "min": Aggregate(least, 1, 1),
    "max": Aggregate(greatest, 1, 1),
    "group_concat": Aggregate(group_concat, 1, 2, by_position=True),
    "string_agg": Aggregate(group_concat, 2, 2, by_position=True),
}
