"""Texts that are dates and times, each spelling counted apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from outgrow.model.census import ColumnFacts, Example, TimeFacts
from outgrow.model.types import Shape
from outgrow.sqlite.census.examples import most_frequent
from outgrow.sqlite.census.samples import sample_texts
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
#: The spellings that a function of SQLite itself writes: one call proves form and calendar.
_WRITTEN_BY = {_DATE: "date", f"{_DATE} HH:MM:SS": "datetime"}
_LOOKS = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:(?P<separator>[ T])(?P<clock>[0-9]{2}:[0-9]{2})"
    r"(?:(?P<seconds>:[0-9]{2})(?P<fraction>\.[0-9]{1,6})?)?(?P<suffix>Z|\+00:00)?)?"
)
_MICROSECONDS = 6
_STARTS_LIKE_A_DATE = "[0-9]" * 4 + "-[0-9][0-9]-[0-9][0-9]*"


def count_times(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, TimeFacts]:
    """Count the valid texts of each shape, and what fits none.

    A sample names the shapes to begin with; all others are tried where these leave texts over.
    """
    asked = {
        facts.column: {shape for text in sample_texts(scan, facts.column) for shape in _like(text)}
        for facts in columns
    }
    counts = scan.count(
        {
            (column, shape): _counted(scan, column, shape)
            for column, shapes in asked.items()
            for shape in shapes
        }
    )
    times: dict[str, TimeFacts] = {}
    for facts in columns:
        found = {shape: counts[facts.column, shape] for shape in asked[facts.column]}
        if sum(found.values()) < facts.texts:
            found |= _count_others(scan, facts.column, set(found))
        times[facts.column] = _facts(scan, facts, {s: count for s, count in found.items() if count})
    return times


def _like(text: str) -> list[Shape]:
    """Give the shape that a text seems to have, if any."""
    match = _LOOKS.fullmatch(text)
    if match is None:
        return []
    notation = _DATE + (match["separator"] or "")
    notation += "HH:MM" if match["clock"] else ""
    notation += ":SS" if match["seconds"] else ""
    notation += "." + "f" * (len(match["fraction"]) - 1) if match["fraction"] else ""
    return [Shape(notation + (match["suffix"] or ""))]


def _counted(scan: Scan, column: str, shape: Shape) -> str:
    name = scan.column(column)
    proof = holds(name, shape, scan.bytes_per_ascii)
    return f"count(*) FILTER (WHERE typeof({name}) = 'text' AND {proof})"


def _count_others(scan: Scan, column: str, known: set[Shape]) -> dict[Shape, int]:
    name = scan.column(column)
    return scan.count(
        {shape: _counted(scan, column, shape) for shape in SHAPES if shape not in known},
        where=f"typeof({name}) = 'text' AND {name} GLOB '{_STARTS_LIKE_A_DATE}'",
    )


def _facts(scan: Scan, facts: ColumnFacts, found: dict[Shape, int]) -> TimeFacts:
    name = scan.column(facts.column)
    misfits = facts.texts - sum(found.values())
    examples: tuple[Example, ...] = ()
    if misfits:
        proofs = [f"({holds(name, shape, scan.bytes_per_ascii)})" for shape in found]
        where = f"typeof({name}) = 'text' AND NOT ({' OR '.join(proofs) or '0'})"
        examples = most_frequent(scan, facts.column, where, text=True)
    ranked = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0].notation)))
    zeros = _zeros(scan, name, found)
    return TimeFacts(ranked, misfits, examples, _optional_fraction(tuple(found), zeros), zeros)


def _zeros(scan: Scan, name: str, shapes: Iterable[Shape]) -> tuple[tuple[Shape, int], ...]:
    """Count the texts whose fraction is written out although it is zero."""
    asked = {
        shape: f"count(*) FILTER (WHERE typeof({name}) = 'text' "
        f"AND {name} GLOB '*.{'0' * shape.fraction}{shape.suffix}' "
        f"AND {holds(name, shape, scan.bytes_per_ascii)})"
        for shape in shapes
        if shape.fraction
    }
    return tuple((shape, count) for shape, count in scan.count(asked).items() if count)


def holds(name: str, shape: Shape, bytes_per_ascii: int) -> str:
    """Write the proof that a text has this shape and is a moment of the calendar.

    What ``date`` makes of day 30 of February or of 24:00 is another day, so it must come back
    unchanged; the fraction is left out, as it could round up to the next day. PostgreSQL has no
    year 0. The cheap length comes first. ``IS``, for a value that is no date at all must be a plain
    "no": it is also asked for with NOT.
    """
    if shape.notation in _WRITTEN_BY:
        proof = f"{_WRITTEN_BY[shape.notation]}({name}) IS {name} COLLATE BINARY"
    else:
        whole = len("YYYY-MM-DD HH:MM:SS") if shape.has_seconds else len("YYYY-MM-DD HH:MM")
        proof = (
            f"{name} GLOB '{_pattern(shape)}' "
            f"AND date(substr({name}, 1, {whole})) IS substr({name}, 1, 10) COLLATE BINARY"
        )
    return (
        f"octet_length({name}) = {len(shape.notation) * bytes_per_ascii} AND {proof} "
        f"AND substr({name}, 1, 4) <> '0000' COLLATE BINARY"
    )


def _pattern(shape: Shape) -> str:
    """Write the GLOB pattern: every letter that stands for a digit becomes a class."""
    digits = shape.notation.removesuffix(shape.suffix) if shape.suffix else shape.notation
    return "".join("[0-9]" if mark in "YMDHSf" else mark for mark in digits) + shape.suffix


def _optional_fraction(
    shapes: tuple[Shape, ...], zeros: tuple[tuple[Shape, int], ...]
) -> Shape | None:
    """Give the shape whose fraction is left out when zero, if it holds all the valid texts.

    A fraction of zeros that is written out would not come back, so one of them forbids it.
    Microseconds alone are taken for Python's ``isoformat``, whose whole seconds are yet to come.
    """
    if not shapes or zeros:
        return None
    *shorter, long = sorted(shapes, key=lambda shape: shape.fraction)
    fraction = "." + "f" * long.fraction
    without = [long.notation.replace(fraction, "")]
    expected = [] if long.fraction == _MICROSECONDS and not shorter else without
    if not long.fraction or [shape.notation for shape in shorter] != expected:
        return None
    return Shape(long.notation.replace(fraction, f"[{fraction}]"))
