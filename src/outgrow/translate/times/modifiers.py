"""Constant modifiers of date functions as arithmetic on a timestamp, where that is exact.

``'+7 days'`` → ``x + interval '7 days'``; ``'start of month'`` → ``date_trunc('month', x)``;
``'+1 month'`` goes over into the next month where the day is lacking, as SQLite does. What is not
known here is left to a helper. https://www.sqlite.org/lang_datefunc.html#modifiers
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold

SUBSECOND = frozenset({"subsec", "subsecond"})
_DAY = 86_400_000
#: Milliseconds of a unit; of months and years only the fraction counts so.
_UNITS = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": _DAY,
    "month": 30 * _DAY,
    "year": 365 * _DAY,
}
#: Further than this the present could leave the years that a timestamp prints as SQLite does.
_FARTHEST = 1000 * 365 * _DAY
#: A step that needs its operand again and again doubles what has become longer than this.
_LONGEST = 250

_EDGE = re.compile(r"(start|end) of (day|month|year)")
_WEEKDAY = re.compile(r"weekday (-?)([0-6])")
_AMOUNT = re.compile(
    r"((?:[+-]?\d{1,15}(?:\.\d{0,15})?|[+-]\.\d{1,15})(?:e[+-]?\d{1,2})?)[ \t\n\v\f\r]+"
    r"(second|minute|hour|day|month|year)s?",
    re.ASCII,
)
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?"
_TIME = re.compile(rf"([+-]?){_CLOCK}", re.ASCII)
_DATE = re.compile(rf"([+-])(\d{{4}})-(0\d|1[01])-([012]\d|30)(?:[ \t\n\v\f\r]{_CLOCK})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Walk:
    """A timestamp on its way through the modifiers.

    Attributes:
        at: the timestamp, as an operand.
        exact: whether it has whole milliseconds.
        seconds: whether it has whole seconds.
        bounded: whether it stays in the years where it began.
        subsec: whether milliseconds are printed.
        first: whether it is the first day of a month.
        farthest: how many milliseconds it moved at most.
        overflow: what 'floor' turns it into; '' where there is nothing to turn, ``None`` where
            it is not known.

    """

    at: str
    exact: bool = True
    seconds: bool = False
    bounded: bool = True
    subsec: bool = False
    first: bool = False
    farthest: int = 0
    overflow: str | None = ""

    def moved(self, months: int, ms: int, *, units: bool) -> Walk | None:
        """Add months, then milliseconds; ``units`` for 'N months' and the like."""
        if ms % 1_000 and not self.exact:
            return None
        farthest = self.farthest + abs(months) * 31 * _DAY + abs(ms)
        if farthest > _FARTHEST:
            return None
        at = self.at
        overflow = "" if units else _unclear(self.overflow)
        if months and self.first:
            at, overflow = _plus(at, months, "month"), ""
        elif months:
            if len(at) > _LONGEST:
                return None
            month = f"date_trunc('month', {at})"
            overflow = None if ms else _plus(at, months, "month")
            at = f"({_plus(month, months, 'month')[1:-1]} + ({at} - {month}))"
        if ms:
            unit = next((u for u in ("day", "hour", "minute") if ms % _UNITS[u] == 0), "second")
            unit = "millisecond" if ms % 1_000 else unit
            at = _plus(at, ms // _UNITS.get(unit, 1), unit)
        return replace(
            self,
            at=at,
            seconds=self.seconds and ms % 1_000 == 0,
            bounded=self.bounded and not months and not ms,
            first=self.first and not ms,
            farthest=farthest,
            overflow=overflow,
        )

    def to_edge(self, edge: str, unit: str) -> Walk | None:
        """Go to the start or the end of a day, month or year."""
        if self.overflow != "":
            return None
        at = f"date_trunc('{unit}', {self.at})"
        if edge == "start":
            first = self.first or unit != "day"
            return replace(self, at=at, exact=True, seconds=True, first=first)
        at = f"({at} + interval '1 {unit}' - interval '1 millisecond')"
        # Of the last month that SQLite knows it finds no end.
        bounded = self.bounded and unit != "month"
        return replace(self, at=at, exact=True, seconds=False, first=False, bounded=bounded)

    def to_weekday(self, back: str, number: int) -> Walk | None:
        """Go on to a day of the week, or back to it."""
        if len(self.at) > _LONGEST or self.farthest + 7 * _DAY > _FARTHEST:
            return None
        day = f"extract(dow FROM {self.at})::int"
        days = f"({day} + {7 - number}) % 7" if back else f"({number + 7} - {day}) % 7"
        return replace(
            self,
            at=f"({self.at} {back or '+'} ({days}) * interval '1 day')",
            bounded=False,
            first=False,
            farthest=self.farthest + 7 * _DAY,
            overflow=_unclear(self.overflow),
        )


def walk(start: Walk, words: Sequence[str], *, utc: bool) -> Walk | None:
    """Apply modifiers to a timestamp that is not read from a number.

    ``utc``: whether the moment is known to be UTC. Gives ``None`` where arithmetic is not exact,
    or not known to be.
    """
    at: Walk | None = start
    for position, word in enumerate(words):
        folded = fold(word)
        if at is None:
            return None
        if folded in SUBSECOND:
            at = replace(at, subsec=True)
        elif folded == "floor":
            at = _floored(at)
        elif folded == "ceiling":
            at = replace(at, overflow="")
        elif (folded == "utc" and utc) or (folded == "auto" and position == 0):
            continue
        elif edge := _EDGE.fullmatch(folded):
            at = at.to_edge(edge[1], edge[2])
        elif weekday := _WEEKDAY.fullmatch(folded):
            at = at.to_weekday(weekday[1], int(weekday[2]))
        else:
            at = _added(at, folded)
    return at


def _unclear(overflow: str | None) -> str | None:
    """What 'floor' does after another step than the one that went over the end of a month."""
    return None if overflow else overflow


def _floored(at: Walk) -> Walk | None:
    if at.overflow is None:
        return None
    return replace(at, at=at.overflow, overflow=None) if at.overflow else at


def _added(at: Walk, word: str) -> Walk | None:
    if amount := _AMOUNT.fullmatch(word):
        number, unit = float(amount[1]), amount[2]
        months = 0
        if unit in ("month", "year"):
            months = int(number) * (12 if unit == "year" else 1)
            number -= int(number)
        # SQLite's own arithmetic on doubles.
        ms = number * 1000.0 * (_UNITS[unit] // 1_000)
        return at.moved(months, int(ms + (-0.5 if number < 0 else 0.5)), units=True)
    if time := _TIME.fullmatch(word):
        sign = -1 if time[1] == "-" else 1
        return at.moved(0, sign * _of_day(*time.groups()[1:]), units=False)
    if date := _DATE.fullmatch(word):
        sign = -1 if date[1] == "-" else 1
        months = int(date[2]) * 12 + int(date[3])
        ms = int(date[4]) * _DAY + _of_day(*date.groups()[4:])
        return at.moved(sign * months, sign * ms, units=False)
    return None


def _of_day(hour: str | None, minute: str | None, second: str | None, fraction: str | None) -> int:
    seconds = int(second or 0) + min(float(f"0{fraction}") if fraction else 0.0, 0.999)
    return int(hour or 0) * 3_600_000 + int(minute or 0) * 60_000 + int(seconds * 1000 + 0.5)


def _plus(at: str, count: int, unit: str) -> str:
    interval = f"interval '{abs(count)} {unit}{'' if abs(count) == 1 else 's'}'"
    return f"({at} {'-' if count < 0 else '+'} {interval})"
