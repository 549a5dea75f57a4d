"""Brings a value of either side into one canonical form, so that equal values are equal tuples.

What counts as equal is the contract's: integers and texts as they are, reals bit for bit or an
equal number where the target is numeric, dates as the very text that was stored, JSON as what it
parses to.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .facts import fold

Canonical = tuple[Any, ...]

_REAL = re.compile(rb"-?\d+\.\d+(e[+-]\d+)?")
#: How a column of this type is fetched, so that psycopg's own conversions don't stand between.
AS_TEXT = ("numeric", "timestamp", "date", "json", "uuid")

_EPOCHS = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}

_TIME = re.compile(
    rb"\d{4}-\d\d-\d\d(?:(?P<sep>[ T])\d\d:\d\d(?P<seconds>:\d\d(?:\.(?P<fraction>\d{1,6}))?)?"
    rb"(?P<suffix>Z|\+00:00)?)?"
)


@dataclass(frozen=True)
class Spelling:
    """How a column wrote its dates; ``fraction`` is the number of digits after the second."""

    separator: str
    seconds: bool
    fraction: int
    suffix: str

    @classmethod
    def of(cls, text: bytes) -> Spelling | None:
        match = _TIME.fullmatch(text)
        if match is None:
            return None
        separator, seconds, fraction, suffix = (
            (match[name] or b"").decode() for name in ("sep", "seconds", "fraction", "suffix")
        )
        return cls(separator, bool(seconds), len(fraction), suffix)

    def write(self, stored: str) -> bytes | None:
        """Render PostgreSQL's own text of a timestamp or date, or None if that would lose part."""
        day, _, time = stored.partition(" ")
        clock, _, fraction = time.partition(".")
        clock = clock or "00:00:00"
        if not self.separator:
            return day.encode() if not fraction and clock == "00:00:00" else None
        if len(fraction) > self.fraction or (not self.seconds and clock[5:] != ":00"):
            return None
        text = day + self.separator + (clock if self.seconds else clock[:5])
        if self.fraction:
            text += "." + fraction.ljust(self.fraction, "0")
        return (text + self.suffix).encode()


@dataclass(frozen=True)
class Habit:
    """The spelling that most of a column's dates have; ``optional``: a fraction of 0 is left out.

    ``count`` is how many values have it.
    """

    spelling: Spelling | None = None
    optional: bool = False
    count: int = 0


def habit(values: Iterable[object]) -> Habit:
    """How a column spells its dates."""
    found = Counter(Spelling.of(value) for value in values if isinstance(value, bytes))
    del found[None]
    habits = [Habit()]
    for spelling, count in found.items():
        if spelling is not None:
            whole = found[replace(spelling, fraction=0)] if spelling.fraction else 0
            habits.append(Habit(spelling, bool(whole), count + whole))
    return max(habits, key=lambda one: one.count)


def from_sqlite(type_: str) -> Callable[[object], Canonical | None]:
    """The function that makes SQLite's values canonical for a column of a PostgreSQL type.

    Texts arrive as bytes, blobs as :class:`Blob`.
    """
    if type_.startswith("double"):
        return lambda value: None if value is None else _double(value)
    if type_.startswith("numeric"):
        return lambda value: None if value is None else _number(value)
    if type_.startswith("json"):
        keep = not type_.startswith("jsonb")
        return lambda value: _json(value.decode(), keep) if type(value) is bytes else _plain(value)
    if type_ == "bytea":
        return _bytes
    if type_ == "text":
        return _text
    return _plain


class Blob(bytes):
    """A BLOB, as told from a TEXT."""


def _plain(value: object) -> Canonical | None:
    return None if value is None else ("plain", value)


def epochs_of(tables: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """How many of a column's integers are a second, as a plan's tables say it, by folded names."""
    found = {}
    for table, choices in tables.items():
        for column, entry in choices.get("columns", {}).items():
            if entry.get("shape") in _EPOCHS and "timestamp" in entry.get("type", ""):
                name = entry.get("name", column)
                found[fold(table), fold(name)] = _EPOCHS[entry["shape"]]
    return found


def from_epoch(unit: int) -> Callable[[object], Canonical | None]:
    """The function that makes integers canonical which count parts of a second from 1970."""

    def canonical(value: object) -> Canonical | None:
        if not isinstance(value, int):
            return _plain(value)
        try:
            time = datetime(1970, 1, 1) + timedelta(microseconds=value * (1_000_000 // unit))
        except OverflowError:
            return ("no time", value)
        return _plain(time.isoformat(" ").encode())

    return canonical


def _double(value: object) -> Canonical | None:
    if isinstance(value, int) and float(value) == value:
        value = float(value)
    return ("bits", struct.pack(">d", value)) if isinstance(value, float) else _plain(value)


def _number(value: object) -> Canonical | None:
    if isinstance(value, int | float):
        return ("number", Decimal(repr(value)).normalize())
    return _plain(value)


def _bytes(value: object) -> Canonical | None:
    return _plain(bytes(value) if isinstance(value, bytes) else _text_of(value))


def _text(value: object) -> Canonical | None:
    return _plain(mended(value) if isinstance(value, bytes) else _text_of(value))


def mended(text: bytes) -> bytes:
    """A text as PostgreSQL can hold it: one U+FFFD for each part that is no character of its."""
    return text.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}").encode()


def _text_of(value: object) -> object:
    if isinstance(value, float):
        return _printed(value).encode()
    return str(value).encode() if isinstance(value, int) else value


def _printed(real: float) -> str:
    """A REAL as SQLite prints it: 15 digits, or 17 where 15 are not enough; versions differ."""
    if real == 0:
        return "0.0"
    if math.isinf(real):
        return "Inf" if real > 0 else "-Inf"
    text = f"{real:.15g}" if float(f"{real:.15g}") == real else f"{real:.17g}"
    mantissa, mark, exponent = text.partition("e")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + mark + exponent


def _json(text: str, keep: bool) -> Canonical:
    """What JSON says; ``keep`` keeps the order of keys and those that stand twice."""
    try:
        value = json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse,
            object_pairs_hook=lambda pairs: _Pairs(pairs if keep else dict(pairs).items()),
        )
    except ValueError:
        return ("not JSON", text)
    return ("json", _frozen(value, keep))


class _Pairs(tuple):
    """The members of an object, as told from an array."""


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _frozen(value: object, keep: bool) -> object:
    if isinstance(value, _Pairs):
        members = [(name, _frozen(member, keep)) for name, member in value]
        return ("object", tuple(members) if keep else frozenset(members))
    if isinstance(value, list):
        return ("array", tuple(_frozen(member, keep) for member in value))
    if isinstance(value, Decimal):
        return ("number", value.normalize())
    return (type(value).__name__, value)


def as_printed(
    type_: str, stored: Iterable[object], arrived: Iterable[object]
) -> Callable[[object], Canonical | None]:
    """The function that makes SQLite's values canonical for a text or bytea that holds reals.

    How a real is printed depends on SQLite's version: any text is taken that reads as that number.
    """
    texts = {value for value in stored if isinstance(value, bytes)}
    written = (text.encode() if isinstance(text, str) else text for text in arrived)
    spelled = {
        float(text): text
        for text in written
        if isinstance(text, bytes) and _REAL.fullmatch(text) and text not in texts
    }
    plain = from_sqlite(type_)

    def canonical(value: object) -> Canonical | None:
        if isinstance(value, float) and value in spelled:
            return _plain(spelled[value])
        return plain(value)

    return canonical


def to_15_digits(
    canonical: Callable[[Any], Canonical | None],
) -> Callable[[Any], Canonical | None]:
    """Make a form of texts in which reals are alike that are so to 15 digits."""

    def shortened(match: re.Match[bytes]) -> bytes:
        return f"{float(match[0]):.15g}".encode()

    def form(value: Any) -> Canonical | None:
        found = canonical(value)
        if found is not None and isinstance(found[1], bytes):
            return (found[0], _REAL.sub(shortened, found[1]))
        return found

    return form


def from_postgres(type_: str, habit: Habit) -> Callable[[Any], Canonical | None]:
    """The function that makes PostgreSQL's values canonical; ``habit`` is the source's."""
    if type_.startswith("double"):
        return lambda value: None if value is None else _double(value)
    if type_.startswith("numeric"):
        return lambda value: None if value is None else ("number", Decimal(value).normalize())
    if type_.startswith("json"):
        keep = not type_.startswith("jsonb")
        return lambda value: None if value is None else _json(value, keep)
    if type_.startswith(("timestamp", "date")):
        return lambda value: None if value is None else _time(value, habit)
    if type_ == "boolean":
        return lambda value: None if value is None else ("plain", int(value))
    return lambda value: _plain(value.encode() if isinstance(value, str) else value)


def _time(value: str, habit: Habit) -> Canonical:
    spelling = habit.spelling
    if spelling is None:
        return ("plain", value.encode())
    if habit.optional and "." not in value:
        spelling = replace(spelling, fraction=0)
    text = spelling.write(value)
    return ("plain", text) if text is not None else ("more than was stored", value)


def show(value: object) -> str:
    """A value as a person would write it, cut when long."""
    if type(value) is bytes:
        text = repr(value.decode("utf-8", "backslashreplace"))
    else:
        text = "NULL" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
