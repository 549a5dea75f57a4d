"""The first arguments of a date function: a time value and its modifiers.

https://www.sqlite.org/lang_datefunc.html#time_values
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.model.types import Kind, Shape
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.convert import as_double, as_text
from outgrow.translate.expressions.values import Rep, Value, constant
from outgrow.translate.parameters import marker
from outgrow.translate.times.modifiers import SUBSECOND, Walk, walk
from outgrow.translate.times.moments import DATE, DATETIME, NOW, spelled

#: A constant text that says how far it is from UTC.
_ZONED = re.compile(r".*(?:[Zz]|[+-]\d\d:\d\d)[ \t\n\v\f\r]*", re.DOTALL)
#: Digits of a fraction that are whole milliseconds.
_MILLISECONDS = 3
_EPOCH = Shape("epoch s")
#: What the bytes of a blob end with when they are read as a text.
_ZERO = "\\000"
#: CURRENT_TIMESTAMP and the like: near enough to the present for arithmetic.
_PRESENT = frozenset(spelled(NOW, shape, nullable=False).sql for shape in (DATE, DATETIME))
#: What stands for a bound parameter begins with it.
_MARK = marker("")[0]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time value and its modifiers.

    Attributes:
        modifiers: each as a text.
        state: the call that gives the time value as helpers pass it on (see moment_read.sql).
        nullable: whether the time value may be NULL.
        stamp: a timestamp of the years 1 to 9999 that it is, as an operand; '' where it is none.
        start: where the modifiers begin to walk from that.
        present: whether it is the present moment.
        utc: whether it is known to be UTC.
        text: the text that a helper has to read; '' where it is no text.

    """

    modifiers: tuple[Value, ...]
    state: tuple[str, ...]
    nullable: bool = True
    stamp: str = ""
    start: Walk | None = None
    present: bool = False
    utc: bool = False
    text: str = ""

    @property
    def listed(self) -> str:
        """The modifiers as an array."""
        if not self.modifiers:
            return "'{}'"
        return f"ARRAY[{', '.join(modifier.sql for modifier in self.modifiers)}]"

    @property
    def stamped(self) -> tuple[str, str, str]:
        """What a helper for timestamps takes."""
        return self.stamp, "true" if self.utc else "false", self.listed

    @property
    def native(self) -> Walk | None:
        """Where arithmetic leads, if it is exact and does not leave the years 1 to 9999."""
        words = [m.constant for m in self.modifiers if isinstance(m.constant, str)]
        if self.start is None or len(words) < len(self.modifiers):
            return None
        walked = walk(self.start, words, utc=self.utc)
        return walked if walked is not None and (walked.bounded or self.present) else None

    @property
    def subsec(self) -> bool | None:
        """Whether a modifier asks for milliseconds; ``None`` where only the rows tell."""
        if not all(modifier.is_constant for modifier in self.modifiers):
            return None
        return any(_word(modifier) in SUBSECOND for modifier in self.modifiers)

    def moved(self, ctx: Context) -> str:
        """Write the moment as helpers pass it on, after its modifiers."""
        return ctx.call("moment_moved", ctx.call(*self.state), self.listed)


def moment_of(ctx: Context, values: Sequence[Value]) -> Moment | None:
    """Take the arguments of a date function; ``None`` where one is NULL.

    Raises UntranslatableSQL for what depends on the time zone of the application.
    """
    if any(value.rep is Rep.NULL for value in values):
        return None
    modifiers = tuple(as_text(ctx, value) for value in values[1:])
    moment = _time_value(ctx, values[0] if values else constant("now"), modifiers)
    for position, modifier in enumerate(moment.modifiers):
        word = _word(modifier)
        # Where the years ended before 'utc', SQLite takes up 2000-01-01 of the local zone.
        is_utc = moment.utc and (position == 0 or moment.native is not None)
        if word == "localtime" or (word == "utc" and not is_utc):
            raise _needs_zone(str(modifier.constant))
    return moment


def _needs_zone(modifier: str) -> UntranslatableSQL:
    return unsupported(
        f"the modifier {modifier!r}, which needs the time zone of the application",
        "Convert in the application; the database keeps UTC",
    )


def _word(value: Value) -> str:
    return fold(value.constant) if isinstance(value.constant, str) else ""


def _time_value(ctx: Context, value: Value, modifiers: tuple[Value, ...]) -> Moment:
    word = _word(value)
    if word == "now" or word in SUBSECOND:
        return _present(ctx, modifiers if word == "now" else (*modifiers, value))
    if value.rep is Rep.TIME and value.shape is not None:
        timed = _timed(value, value.shape, modifiers)
        if timed is not None:
            return timed
    if value.rep is Rep.ANY:
        present = "NULL" if ctx.immutable else "statement_timestamp()"
        return Moment(modifiers, ("moment_any", value.sql, present))
    if value.is_number:
        return Moment(modifiers, ("moment_raw", as_double(ctx, value).sql))
    if value.rep is Rep.BLOB:
        # SQLite reads its bytes up to the first zero. No other than ASCII can be a time.
        written = f"split_part(encode({value.sql}, 'escape'), {literal(_ZERO)}, 1)"
    else:
        written = as_text(ctx, value).sql
    if not ctx.immutable and _may_be_now(written):
        written = ctx.call("moment_present", written, "statement_timestamp()")
    is_utc = isinstance(value.constant, str) and bool(_ZONED.fullmatch(value.constant))
    return Moment(modifiers, ("moment_read", written), utc=is_utc, text=written)


def _may_be_now(written: str) -> bool:
    """Whether a text may be 'now' without being stored so; no index stands on such a one."""
    return _MARK in written or "'now'" in fold(written)


def _present(ctx: Context, modifiers: tuple[Value, ...]) -> Moment:
    ctx.needs_moment("the present moment")
    stamp = f"date_trunc('milliseconds', {NOW})"
    return Moment(
        modifiers,
        ("moment_stamp", stamp, "true"),
        nullable=False,
        stamp=stamp,
        start=Walk(NOW),
        present=True,
        utc=True,
    )


def _timed(value: Value, shape: Shape, modifiers: tuple[Value, ...]) -> Moment | None:
    """A timestamp or date that SQLite reads as a moment; ``None`` where it is another number."""
    if shape.is_epoch:
        words = [_word(modifier) for modifier in modifiers]
        # Of a number the first modifier says what it counts; 'auto' can't come later.
        if shape != _EPOCH or words[:1] != ["unixepoch"] or not {"", "auto"}.isdisjoint(words):
            return None
        modifiers = modifiers[1:]
    is_date = value.stored.kind is Kind.DATE if value.stored else not shape.separator
    stamp = f"{value.operand}::timestamp" if is_date and not shape.is_epoch else value.operand
    return Moment(
        modifiers,
        ("moment_stamp", stamp, "true" if shape.suffix else "false"),
        nullable=value.nullable,
        stamp=stamp,
        start=Walk(
            stamp,
            exact=shape.is_epoch or shape.fraction <= _MILLISECONDS,
            seconds=not shape.fraction,
        ),
        present=value.sql in _PRESENT,
        utc=bool(shape.suffix),
    )
