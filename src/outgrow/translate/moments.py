"""The present moment, as SQLite means it: UTC, the same through one statement.

https://www.sqlite.org/lang_datefunc.html
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.types import Shape
from outgrow.translate.context import Context
from outgrow.translate.values import Rep, Value, text

DATE = Shape("YYYY-MM-DD")
DATETIME = Shape("YYYY-MM-DD HH:MM:SS")
#: A timestamp without time zone, in UTC whatever the session's zone is.
NOW = "(statement_timestamp() AT TIME ZONE 'UTC')"


def now(ctx: Context) -> str:
    """Write the present moment, to the millisecond as SQLite has it."""
    ctx.needs_moment("the present moment")
    return f"date_trunc('milliseconds', {NOW})"


def datetime_now(ctx: Context) -> Value:
    """``datetime('now')``: whole seconds."""
    ctx.needs_moment("datetime('now')")
    return Value(
        f"date_trunc('second', {NOW})", Rep.TIME, nullable=False, atom=True, shape=DATETIME
    )


def date_now(ctx: Context) -> Value:
    """``date('now')``."""
    ctx.needs_moment("date('now')")
    return Value(f"{NOW}::date", Rep.TIME, nullable=False, atom=True, shape=DATE)


def time_now(ctx: Context) -> Value:
    """``time('now')``."""
    ctx.needs_moment("time('now')")
    return text(f"to_char({NOW}, 'HH24:MI:SS')", nullable=False)


def current(ctx: Context, keyword: str) -> Value:
    """CURRENT_TIMESTAMP, CURRENT_DATE or CURRENT_TIME."""
    return {
        "current_timestamp": datetime_now,
        "current_date": date_now,
        "current_time": time_now,
    }[fold(keyword)](ctx)
