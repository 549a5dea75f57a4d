"""Seeded chance, and the things the rows are made of: prose, JSON texts, times, costs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

_EPOCH = datetime(2025, 6, 1, 6, 0, 0, tzinfo=UTC)
_MINUTES = 60 * 24 * 200

_WORDS = """
    the workflow step agent plan build test review branch commit token cost cache prompt model
    query table column filter button panel header request response retry timeout error schema
    migration database export import chart upload history total average adds moves keeps checks
    fixes shows reads writes when after before with from into over each every fast slow new old
""".split()

#: Texts that break careless copying: separators of CSV and COPY, quotes, backslashes, emoji,
#: characters beyond the basic plane, and texts that look like NULL.
AWKWARD_TEXTS = (
    "tab\there\tand\there",
    "first line\nsecond line\r\nthird line\n",
    "C:\\Users\\dev\\new\\table, \\N and \\.",
    "she said \"it's 'fine'\", twice; 100%",
    "🚀 shipped — naïve café ✅ 日本語 👩‍👩‍👧",
    "\\N",
    "NULL",
    "  spaces around  ",
    "{not json}, <b>&amp;</b> | $1 %s ? :name",
)

#: Texts with a character that PostgreSQL's text can't hold.
NUL_TEXTS = ("before\x00after", "\x00", "exit code 139\x00\x00")


class Dice:
    """A source of chance that gives the same values for the same seed."""

    def __init__(self, seed: int) -> None:
        """Seed it, and make the prose it draws from."""
        self._random = Random(seed)  # noqa: S311 (no secret)
        self.fraction = self._random.random
        words = [self.pick(_WORDS) for _ in range(20_000)]
        self._prose = " ".join(words)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.fraction() * len(choices))]

    def number(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def hexadecimal(self, digits: int) -> str:
        """That many random hexadecimal digits."""
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"

    def prose(self, low: int, high: int) -> str:
        """A sentence of ``low`` to ``high`` characters."""
        length = self.number(low, high)
        start = self._prose.index(" ", self.number(0, len(self._prose) - high - 20)) + 1
        return self._prose[start : start + length].rstrip().capitalize()

    def cost(self, dollars: float) -> float:
        """An amount up to ``dollars`` with 8 decimals, never a whole number of 0.0001."""
        return round(int(self.fraction() * dollars * 10_000) / 10_000 + 0.00001234, 8)

    def moment(self) -> datetime:
        """A time of the application's life, in UTC."""
        minutes = self.number(0, _MINUTES)
        return _EPOCH + timedelta(minutes=minutes, microseconds=self.number(0, 59_999_999))


def plain(moment: datetime) -> str:
    """As SQLite's ``CURRENT_TIMESTAMP`` spells it: ``YYYY-MM-DD HH:MM:SS``, UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def local(moment: datetime) -> str:
    """As Python's ``datetime.now().isoformat()`` spells it: ``T`` and microseconds, no zone."""
    return moment.replace(tzinfo=None).isoformat()


def zulu(moment: datetime) -> str:
    """As JavaScript and GitHub spell it, with ``Z`` and milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def offset(moment: datetime) -> str:
    """As Python spells a time with its zone: ``+00:00`` at the end."""
    return moment.isoformat()


#: The four spellings that the writers of ``created_at`` use.
SPELLINGS = (plain, local, zulu, offset)


def compact(value: object) -> str:
    """JSON without spaces, as JavaScript writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def spaced(value: object) -> str:
    """JSON as Python writes it: spaces, and all but ASCII escaped."""
    return json.dumps(value)


#: Texts in JSON columns that are not JSON, each in its own way: empty, cut, Python, NaN.
NOT_JSON = (
    "",
    '{"phase": "build", "files": ["app.py", "ser',
    "{'phase': 'plan'}",
    '{"score": NaN}',
)

#: JSON that jsonb refuses or changes: an escaped NUL, a key that stands twice.
NOT_JSONB = (
    '{"output": "before\\u0000after"}',
    '{"status": "ok", "status": "failed"}',
)
