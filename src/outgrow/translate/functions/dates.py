"""DATE, TIME, DATETIME, STRFTIME, JULIANDAY, UNIXEPOCH.

``datetime('now')`` → whole seconds in UTC, whatever the session's time zone; ``date(column)`` of
a promoted timestamp → ``column::date``; any other text goes to a helper that reads it as SQLite
does (https://www.sqlite.org/lang_datefunc.html).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import literal
from outgrow.translate import moments
from outgrow.translate.convert import as_double, as_text
from outgrow.translate.errors import unsupported
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, integer, real, text

_SUBSECOND = frozenset({"subsec", "subsecond"})


#: Formats whose every text is an integer of at most 64 bits; only a year or an epoch has a sign.
_INTEGERS = re.compile(r"%s|%j|(?:%Y)?%j|%Y|(?:%Y)?(?:%[dHmMSwWuUI]){1,6}")


def _word(value: Value) -> str:
    return fold(value.constant) if isinstance(value.constant, str) else ""


def _is_now(values: Sequence[Value]) -> bool:
    """Whether the time value is the present moment: none at all, ``'now'`` or ``'subsec'``."""
    return not values or _word(values[0]) in {"now", *_SUBSECOND}


def _is_plain_now(values: Sequence[Value]) -> bool:
    """Whether it is the present moment with no modifier but ``'subsec'``."""
    return _is_now(values) and all(_word(value) in _SUBSECOND for value in values[1:])


def _has_fraction(values: Sequence[Value]) -> bool:
    """Whether ``'subsec'`` asks for milliseconds, which only the present moment is known to have.

    Raises UntranslatableSQL for any other moment.
    """
    if not any(_word(value) in _SUBSECOND for value in values):
        return False
    if not _is_plain_now(values):
        raise unsupported("the modifier 'subsec' of anything but the present moment")
    return True


def _julian_ms(translator: Translator, values: Sequence[Value]) -> tuple[str, bool]:
    """Write the moment as SQLite holds it: milliseconds since noon of -4713-11-24."""
    ctx = translator.ctx
    modifiers = values[1:]
    if _is_now(values):
        start = ctx.call("moment_of_timestamp", moments.now(ctx))
    elif _is_moment(values[0]):
        start = ctx.call("moment_of_timestamp", f"{values[0].operand}::timestamp")
    elif values[0].is_number:
        is_epoch = bool(modifiers) and modifiers[0].constant == "unixepoch"
        modifiers = modifiers[1:] if is_epoch else modifiers
        number = as_double(ctx, values[0]).sql
        start = ctx.call("moment_of_number", number, "true" if is_epoch else "false")
    elif values[0].is_text:
        start = ctx.call("moment_of_text", as_text(ctx, values[0]).sql)
    else:
        raise unsupported("a date function of a blob")
    # It changes how a moment is printed, not the moment.
    modifiers = [modifier for modifier in modifiers if _word(modifier) not in _SUBSECOND]
    words = [as_text(ctx, modifier) for modifier in modifiers]
    for word in words:
        _check_modifier(word)
        start = ctx.call("moment_shifted", start, word.sql)
    return start, bool(words) or not _is_now(values)


def _check_modifier(word: Value) -> None:
    known = word.constant
    if isinstance(known, str) and fold(known.strip()).split(" ")[0] in (
        "localtime",
        "utc",
        "unixepoch",
        "julianday",
        "auto",
        "ceiling",
        "floor",
    ):
        raise unsupported(f"the modifier {known!r}")


def _is_moment(value: Value) -> bool:
    return value.rep is Rep.TIME and value.is_text


def date(translator: Translator, values: Sequence[Value]) -> Value:
    """``date(x, modifiers…)``."""
    if _is_plain_now(values):
        return moments.date_now(translator.ctx)
    if len(values) == 1 and _is_moment(values[0]):
        value = values[0]
        if value.stored and value.stored.kind is Kind.DATE:
            return Value(
                value.sql, Rep.TIME, nullable=value.nullable, atom=True, shape=moments.DATE
            )
        return Value(
            f"{value.operand}::date",
            Rep.TIME,
            nullable=value.nullable,
            atom=True,
            shape=moments.DATE,
        )
    start, nullable = _julian_ms(translator, values)
    made = text(translator.ctx.call("moment_format", literal("%D"), start), nullable=nullable)
    return replace(made, shape=moments.DATE)


def datetime(translator: Translator, values: Sequence[Value]) -> Value:
    """``datetime(x, modifiers…)``."""
    fraction = _has_fraction(values)
    if _is_plain_now(values):
        return moments.datetime_now(translator.ctx, fraction=fraction)
    if len(values) == 1 and _is_moment(values[0]):
        value = values[0]
        return Value(
            f"date_trunc('second', {value.operand}::timestamp)",
            Rep.TIME,
            nullable=value.nullable,
            atom=True,
            shape=moments.DATETIME,
        )
    start, nullable = _julian_ms(translator, values)
    made = text(
        translator.ctx.call("moment_format", literal("%D %T"), start),
        nullable=nullable,
    )
    return replace(made, shape=moments.DATETIME)


def time(translator: Translator, values: Sequence[Value]) -> Value:
    """``time(x, modifiers…)``."""
    fraction = _has_fraction(values)
    if _is_plain_now(values):
        return moments.time_now(translator.ctx, fraction=fraction)
    start, nullable = _julian_ms(translator, values)
    return text(translator.ctx.call("moment_format", literal("%T"), start), nullable=nullable)


def strftime(translator: Translator, values: Sequence[Value]) -> Value:
    """``strftime(format, x, modifiers…)`` with a constant format."""
    form = values[0].constant
    if not isinstance(form, str):
        raise unsupported("strftime() with a format that is not a constant")
    letters = set(re.findall(r"%(.?)", form, re.DOTALL))
    unknown = letters - set("dfFHjmMsSTwWYkIlpPReuU%")
    if form == "%J" and _is_plain_now(values[1:]):
        return moments.julian_text_now(translator.ctx)
    if unknown:
        raise unsupported(f"strftime() with %{min(unknown)}")
    fraction = "s" in letters and _has_fraction(values[1:])
    if form == "%s" and _is_plain_now(values[1:]):
        return moments.epoch_text_now(translator.ctx, fraction=fraction)
    if fraction:
        raise unsupported("strftime() with more than %s and the modifier 'subsec'")
    start, nullable = _julian_ms(translator, values[1:])
    made = text(translator.ctx.call("moment_format", literal(form), start), nullable=nullable)
    return replace(made, numeral=_numeral(form))


def _numeral(form: str) -> Rep | None:
    """The class of the number that every text of this format spells."""
    if _INTEGERS.fullmatch(form):
        return Rep.INTEGER
    return Rep.REAL if form == "%f" else None


def julianday(translator: Translator, values: Sequence[Value]) -> Value:
    """``julianday(x, modifiers…)``."""
    start, nullable = _julian_ms(translator, values)
    whole = translator.ctx.call("moment_whole", start)
    return real(
        f"{whole}::double precision / 86400000::double precision",
        nullable=nullable,
        atom=False,
        finite=True,
    )


def unixepoch(translator: Translator, values: Sequence[Value]) -> Value:
    """``unixepoch(x, modifiers…)``: whole seconds since 1970."""
    fraction = _has_fraction(values)
    if _is_plain_now(values):
        return moments.epoch_now(translator.ctx, fraction=fraction)
    start, nullable = _julian_ms(translator, values)
    whole = translator.ctx.call("moment_whole", start)
    return integer(f"{whole} / 1000 - 210866760000", nullable=nullable, atom=False)


FUNCTIONS = {
    "date": Function(date, 0, None),
    "datetime": Function(datetime, 0, None),
    "time": Function(time, 0, None),
    "strftime": Function(strftime, 1, None),
    "julianday": Function(julianday, 0, None),
    "unixepoch": Function(unixepoch, 0, None),
}
