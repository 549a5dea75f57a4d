"""DATE, TIME, DATETIME, STRFTIME, JULIANDAY, UNIXEPOCH, TIMEDIFF.

``datetime('now', '-7 days')`` → arithmetic on the present in UTC, whatever the session's time zone
is; ``date(column)`` of a promoted timestamp → ``column::date``; any other text or number goes to a
helper that reads it as SQLite does (https://www.sqlite.org/lang_datefunc.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from outgrow.model.types import Shape
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.values import Rep, Value, constant, dynamic, integer, real, text
from outgrow.translate.registry import Function
from outgrow.translate.times import formats, moments
from outgrow.translate.times.modifiers import Walk
from outgrow.translate.times.timevalues import Moment, moment_of
from outgrow.translate.translator import Translator


def _printed(part: str, translator: Translator, values: Sequence[Value]) -> Value:
    """``date()``, ``time()`` or ``datetime()``."""
    ctx = translator.ctx
    moment = moment_of(ctx, values)
    if moment is None:
        return constant(None)
    native = _native(part, moment)
    if native is not None:
        return native
    if moment.text:
        written = ctx.call("moment_date", literal(part), moment.text, moment.listed)
    elif moment.stamp:
        written = ctx.call("moment_stamp_date", literal(part), *moment.stamped)
    else:
        written = ctx.call("moment_printed", literal(part), moment.moved(ctx))
    shapes = {"date": moments.DATE, "datetime": moments.DATETIME}
    return replace(text(written, nullable=True), shape=shapes.get(part))


def _native(part: str, moment: Moment) -> Value | None:
    walked = moment.native
    if walked is None or (walked.subsec and not walked.exact):
        return None
    if part == "date":
        return _spelled(moment, walked, moments.DATE)
    if part == "datetime":
        shape = moments.MILLISECONDS if walked.subsec else moments.DATETIME
        return _spelled(moment, walked, shape)
    if moment.present:
        template = f"HH24:MI:SS{'.MS' if walked.subsec else ''}"
        return text(f"to_char({walked.at}, '{template}')", nullable=False)
    if walked.subsec:
        return None
    return text(formats.pieces("%T", walked.at), nullable=moment.nullable)


def _spelled(moment: Moment, walked: Walk, shape: Shape) -> Value:
    return moments.spelled(walked.at, shape, nullable=moment.nullable, whole=walked.seconds)


def strftime(translator: Translator, values: Sequence[Value]) -> Value:
    """``strftime(format, x, modifiers…)``."""
    ctx = translator.ctx
    moment = moment_of(ctx, values[1:])
    if not values or values[0].rep is Rep.NULL or moment is None:
        return constant(None)
    form = as_text(ctx, values[0])
    if not isinstance(form.constant, str):
        return text(_formatted(ctx, form.sql, "", moment), nullable=True)
    if not formats.is_known(form.constant):
        return constant(None)
    native = _native_format(ctx, form.constant, moment)
    if native is not None:
        return native
    template = formats.template(form.constant)
    made = text(_formatted(ctx, form.sql, template, moment), nullable=True)
    numeral = formats.numeral(form.constant)
    if form.constant == "%s" and moment.subsec is not False:
        numeral = Rep.REAL if moment.subsec else Rep.DYNAMIC
    return replace(made, numeral=numeral, shape=formats.shape(form.constant))


def _formatted(ctx: Context, form: str, template: str, moment: Moment) -> str:
    if moment.text:
        return ctx.call("moment_strftime", form, literal(template), moment.text, moment.listed)
    if moment.stamp:
        return ctx.call("moment_stamp_strftime", form, literal(template), *moment.stamped)
    return ctx.call("moment_written", form, literal(template), moment.moved(ctx))


def _native_format(ctx: Context, form: str, moment: Moment) -> Value | None:
    walked = moment.native
    if walked is None:
        return None
    if form == "%s" and (walked.exact or not walked.subsec):
        return moments.epoch_text(walked.at, fraction=walked.subsec, nullable=moment.nullable)
    shape = formats.shape(form)
    if shape is not None and (walked.exact or not shape.fraction):
        return _spelled(moment, walked, shape)
    written = _cut(ctx, form, moment, walked)
    if not written:
        return None
    made = text(written, nullable=moment.nullable, atom=" || " not in written)
    return replace(made, numeral=formats.numeral(form))


def _cut(ctx: Context, form: str, moment: Moment, walked: Walk) -> str:
    """Write a format that is no whole timestamp; '' where it takes a helper."""
    template = formats.template(form)
    if form == "%J" and walked.exact:
        return ctx.call("moment_julian", f"{moments.julian_ms(walked.at)}::bigint")
    if not moment.present:
        return formats.pieces(form, walked.at)
    return f"to_char({walked.at}, {literal(template)})" if template else ""


def julianday(translator: Translator, values: Sequence[Value]) -> Value:
    """``julianday(x, modifiers…)``."""
    ctx = translator.ctx
    moment = moment_of(ctx, values)
    if moment is None:
        return constant(None)
    walked = moment.native
    if walked is not None and walked.exact:
        return moments.julian_day(walked.at, nullable=moment.nullable)
    days = f"({moment.moved(ctx)})[1] / 86400000::double precision"
    return real(days, nullable=True, atom=False, finite=True)


def unixepoch(translator: Translator, values: Sequence[Value]) -> Value:
    """``unixepoch(x, modifiers…)``: whole seconds since 1970; with ``'subsec'`` a real."""
    ctx = translator.ctx
    moment = moment_of(ctx, values)
    if moment is None:
        return constant(None)
    walked = moment.native
    if walked is not None and (walked.exact or not walked.subsec):
        return moments.epoch(walked.at, fraction=walked.subsec, nullable=moment.nullable)
    moved = moment.moved(ctx)
    match moment.subsec:
        case None:
            return dynamic(ctx.call("moment_epoch", moved), nullable=True)
        case True:
            seconds = f"(({moved})[1] - {moments.EPOCH}) / 1000"
            return real(seconds, nullable=True, atom=False, finite=True)
        case False:
            seconds = f"trunc(({moved})[1] / 1000)::bigint - {moments.EPOCH // 1000}"
            return integer(seconds, nullable=True, atom=False)


def timediff(translator: Translator, values: Sequence[Value]) -> Value:
    """``timediff(a, b)``: what to add to b to come to a."""
    ctx = translator.ctx
    pair = [moment_of(ctx, [value]) for value in values]
    moved = [moment.moved(ctx) for moment in pair if moment is not None]
    if len(moved) < len(pair):
        return constant(None)
    return text(ctx.call("moment_difference", *moved), nullable=True)


FUNCTIONS = {
    **{name: Function(partial(_printed, name), 0, None) for name in ("date", "time", "datetime")},
    "strftime": Function(strftime, 0, None),
    "julianday": Function(julianday, 0, None),
    "unixepoch": Function(unixepoch, 0, None),
    "timediff": Function(timediff, 2, 2),
}
