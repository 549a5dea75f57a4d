"""Texts that are dates and times, each spelling counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from outgrow.model.census import ColumnFacts, Example, TimeFacts
from outgrow.model.types import Shape
from outgrow.sqlite.census.examples import most_frequent
from outgrow.sqlite.census.scan import Scan

_DATE = "YYYY-MM-DD"
_CLOCKS = ("HH:MM", "HH:MM:SS", *(f"HH:MM:SS.{'f' * digits}" for digits in range(1, 7)))
_SUFFIXES = ("", "Z", "+00:00")

#: Every spelling of a single form that a shape can have.
SHAPES = (
    Shape(_DATE),
    *(
        Shape(f"{_DATE}{separator}{clock}{suffix}")
        for separator, clock, suffix in product(" T", _CLOCKS, _SUFFIXES)
    ),
)
_STARTS_LIKE_A_DATE = "[0-9]" * 4 + "-[0-9][0-9]-[0-9][0-9]*"


def count_times(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, TimeFacts]:
    """Count the valid texts of each shape, and what fits none."""
    return {facts.column: _count(scan, facts) for facts in columns if facts.texts}


def _count(scan: Scan, facts: ColumnFacts) -> TimeFacts:
    name = scan.column(facts.column)
    answers = scan.count(
        {shape: f"count(*) FILTER (WHERE {_holds(scan, name, shape)})" for shape in SHAPES},
        where=f"typeof({name}) = 'text' AND {name} GLOB '{_STARTS_LIKE_A_DATE}'",
    )
    found = {shape: count for shape, count in answers.items() if count}
    misfits = facts.texts - sum(found.values())
    examples: tuple[Example, ...] = ()
    if misfits:
        proofs = " OR ".join(f"({_holds(scan, name, shape)})" for shape in found) or "0"
        where = f"typeof({name}) = 'text' AND NOT ({proofs})"
        examples = most_frequent(scan, facts.column, where, text=True)
    ranked = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0].notation)))
    return TimeFacts(ranked, misfits, examples, _optional_fraction(scan, name, tuple(found)))


def _holds(scan: Scan, name: str, shape: Shape) -> str:
    """Write the proof that a text has this shape and is a moment of the calendar.

    The cheap length comes first. Day 30 of February and 24:00 come back from ``date`` as another
    day; the fraction is left out, as it could round up to the next one. PostgreSQL has no year 0.
    """
    pattern = _pattern(shape)
    length = len(shape.notation) * scan.bytes_per_ascii
    whole = 10 if not shape.separator else 19 if shape.has_seconds else 16
    return (
        f"octet_length({name}) = {length} AND {name} GLOB '{pattern}' "
        f"AND date(substr({name}, 1, {whole})) = substr({name}, 1, 10) "
        f"AND substr({name}, 1, 4) <> '0000'"
    )


def _pattern(shape: Shape) -> str:
    """Write the GLOB pattern: every letter that stands for a digit becomes a class."""
    digits = shape.notation.removesuffix(shape.suffix) if shape.suffix else shape.notation
    return "".join("[0-9]" if mark in "YMDHSf" else mark for mark in digits) + shape.suffix


def _optional_fraction(scan: Scan, name: str, shapes: tuple[Shape, ...]) -> Shape | None:
    """Give the shape whose fraction is left out when zero, if it holds all the valid texts.

    A fraction of zeros that is written out would not come back, so one of them forbids it.
    """
    if len(shapes) != 2:
        return None
    short, long = sorted(shapes, key=lambda shape: shape.fraction)
    digits = long.fraction
    if not digits or long.notation.replace("." + "f" * digits, "") != short.notation:
        return None
    zeros = f"{_holds(scan, name, long)} AND {name} GLOB '*.{'0' * digits}{long.suffix}'"
    if scan.count({"zeros": f"count(*) FILTER (WHERE {zeros})"})["zeros"]:
        return None
    return Shape(long.notation.replace("." + "f" * digits, f"[.{'f' * digits}]"))
