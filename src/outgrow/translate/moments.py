"""The present moment, as SQLite means it: UTC, the same through one statement.

https://www.sqlite.org/lang_datefunc.html
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.types import Shape
from outgrow.translate.context import Context
from outgrow.translate.values import Rep, Value, integer, real, text

DATE = Shape("YYYY-MM-DD")
DATETIME = Shape("YYYY-MM-DD HH:MM:SS")
MILLISECONDS = Shape("YYYY-MM-DD HH:MM:SS.fff")
#: A timestamp without time zone, in UTC whatever the session's zone is.
NOW = "(statement_timestamp() AT TIME ZONE 'UTC')"


def now(ctx: Context) -> str:
    """Write the present moment, to the millisecond as SQLite has it."""
    ctx.needs_moment("the present moment")
    return f"date_trunc('milliseconds', {NOW})"


def datetime_now(ctx: Context, *, fraction: bool = False) -> Value:
    """``datetime('now')``: whole seconds; with ``fraction`` (``'subsec'``) milliseconds."""
    ctx.needs_moment("datetime('now')")
    unit, shape = ("milliseconds", MILLISECONDS) if fraction else ("second", DATETIME)
    return Value(f"date_trunc('{unit}', {NOW})", Rep.TIME, nullable=False, atom=True, shape=shape)


def date_now(ctx: Context) -> Value:
    """``date('now')``."""
    ctx.needs_moment("date('now')")
    return Value(f"{NOW}::date", Rep.TIME, nullable=False, atom=True, shape=DATE)


def time_now(ctx: Context, *, fraction: bool = False) -> Value:
    """``time('now')``."""
    ctx.needs_moment("time('now')")
    return text(f"to_char({NOW}, 'HH24:MI:SS{'.MS' if fraction else ''}')", nullable=False)


def epoch_now(ctx: Context, *, fraction: bool = False) -> Value:
    """``unixepoch('now')``: whole seconds; with ``fraction`` a real."""
    if fraction:
        written = f"extract(epoch FROM {now(ctx)})::double precision"
        return real(written, nullable=False, finite=True)
    ctx.needs_moment("unixepoch('now')")
    return integer(f"floor(extract(epoch FROM {NOW}))::bigint", nullable=False)


def epoch_text_now(ctx: Context, *, fraction: bool = False) -> Value:
    """``strftime('%s', 'now')``: a text that spells a number."""
    if fraction:
        written = f"extract(epoch FROM {now(ctx)})::numeric(15,3)::text"
        return replace(text(written, nullable=False), numeral=Rep.REAL)
    written = f"{epoch_now(ctx).sql}::text"
    return replace(text(written, nullable=False), numeral=Rep.INTEGER)


def julian_text_now(ctx: Context) -> Value:
    """``strftime('%J', 'now')``: the 16 digits of ``%.16g``, of which 7 stand before the point."""
    days = (
        f"((extract(epoch FROM {now(ctx)}) * 1000 + 210866760000000)::double precision"
        " / 86400000::double precision)"
    )
    written = f"trim_scale(round({ctx.call('decimals', days)}, 9))::text"
    return replace(text(written, nullable=False), numeral=Rep.DYNAMIC)


def current(ctx: Context, keyword: str) -> Value:
    """CURRENT_TIMESTAMP, CURRENT_DATE or CURRENT_TIME."""
    return {
        "current_timestamp": datetime_now,
        "current_date": date_now,
        "current_time": time_now,
    }[fold(keyword)](ctx)
