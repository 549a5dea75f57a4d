"""A timestamp as the values that SQLite's date functions give of it, and the present moment.

The present is UTC, and the same through one statement.
https://www.sqlite.org/lang_datefunc.html
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.types import Shape
from outgrow.translate.context import Context
from outgrow.translate.expressions.values import Rep, Value, integer, real, text

DATE = Shape("YYYY-MM-DD")
DATETIME = Shape("YYYY-MM-DD HH:MM:SS")
MILLISECONDS = Shape("YYYY-MM-DD HH:MM:SS.fff")
#: A timestamp without time zone, in UTC whatever the session's zone is.
NOW = "(statement_timestamp() AT TIME ZONE 'UTC')"
#: Milliseconds from SQLite's beginning, noon of -4713-11-24, to 1970.
EPOCH = 210866760000000


def current(ctx: Context, keyword: str) -> Value:
    """CURRENT_TIMESTAMP, CURRENT_DATE or CURRENT_TIME."""
    ctx.needs_moment(keyword)
    match fold(keyword):
        case "current_date":
            return spelled(NOW, DATE, nullable=False)
        case "current_time":
            return text(f"to_char({NOW}, 'HH24:MI:SS')", nullable=False)
        case _:
            return spelled(NOW, DATETIME, nullable=False)


def spelled(at: str, shape: Shape, *, nullable: bool, whole: bool = False) -> Value:
    """A timestamp operand cut to what a shape of SQLite's functions shows.

    A date is given as ``x::timestamp``; ``whole`` says that there is no fraction of a second.
    """
    if not shape.separator:
        written = at.removesuffix("::timestamp") if at.endswith("::timestamp") else f"{at}::date"
    elif not shape.has_seconds:
        written = f"date_trunc('minute', {at})"
    elif whole:
        written = at
    elif not shape.fraction:
        written = f"date_trunc('second', {at})"
    else:
        written = f"date_trunc('milliseconds', {at})"
    return Value(written, Rep.TIME, nullable=nullable, atom=True, shape=shape)


def julian_ms(at: str) -> str:
    """Write the milliseconds that SQLite counts, of a timestamp operand.

    The present is finer than that; another timestamp has to be of whole milliseconds.
    """
    return f"(extract(epoch FROM {_milliseconds(at)}) * 1000 + {EPOCH})"


def _milliseconds(at: str) -> str:
    return f"date_trunc('milliseconds', {at})" if NOW in at else at


def julian_day(at: str, *, nullable: bool) -> Value:
    """``julianday()`` of a timestamp operand."""
    written = f"{julian_ms(at)}::double precision / 86400000::double precision"
    return real(written, nullable=nullable, atom=False, finite=True)


def epoch(at: str, *, fraction: bool, nullable: bool) -> Value:
    """``unixepoch()`` of a timestamp operand: whole seconds; with ``fraction`` a real."""
    if fraction:
        written = f"extract(epoch FROM {_milliseconds(at)})::double precision"
        return real(written, nullable=nullable, finite=True)
    return integer(f"floor(extract(epoch FROM {at}))::bigint", nullable=nullable)


def epoch_text(at: str, *, fraction: bool, nullable: bool) -> Value:
    """``strftime('%s')`` of a timestamp operand: a text that spells a number."""
    if fraction:
        written = f"extract(epoch FROM {_milliseconds(at)})::numeric(15,3)::text"
        return replace(text(written, nullable=nullable), numeral=Rep.REAL)
    written = f"{epoch(at, fraction=False, nullable=nullable).sql}::text"
    return replace(text(written, nullable=nullable), numeral=Rep.INTEGER)
