"""How a column is read on both sides so that equal values are equal Python objects.

The conversion is verification's own: SQL expressions for SQLite and for PostgreSQL whose results
are compared as they come. No expression turns a value into another one that the target could
hold by accident: what does not fit a column's type is given as it is stored, and differs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.shapes import text_of
from outgrow.verify.json_values import json_equal

Value = Any
Row = tuple[Value, ...]

#: From here on neighbouring integers can share one double.
EXACT_INTEGERS = 1 << 53

#: Kinds that hold any text, or one of JSON.
_TEXTUAL = frozenset({Kind.TEXT, Kind.JSON, Kind.JSONB})

#: Stands for a timestamp that is no whole number of its column's units: no timestamp has it.
_NO_EPOCH = "'-9223372036854775808'::bigint"

#: What needs no conversion: a value that such a column can't hold would differ as it is.
_AS_STORED = frozenset(
    {
        (Kind.DOUBLE, Affinity.REAL),
        (Kind.TEXT, Affinity.TEXT),
        (Kind.JSON, Affinity.TEXT),
        (Kind.JSONB, Affinity.TEXT),
    }
)

#: Where PostgreSQL's own text of a timestamp or date is its column's shape; what the shape can't
#: tell (a fraction, years BC, infinity) is in that text
#: (https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-OUTPUT).
_OWN_SHAPES = frozenset({(Kind.TIMESTAMP, "YYYY-MM-DD HH:MM:SS"), (Kind.DATE, "YYYY-MM-DD")})

_NUMBERS = frozenset({Kind.BIGINT, Kind.BOOLEAN, Kind.DOUBLE, Kind.NUMERIC})


@dataclass(frozen=True, slots=True)
class Reading:
    """The slots of one column: one or two expressions a side, from ``start`` on in each row.

    ``same`` decides when the slots are not identical; ``None`` where only identity will do.
    """

    name: str
    type: TargetType
    source: tuple[str, ...]
    target: tuple[str, ...]
    start: int = 0
    same: Callable[[Row, Row], bool] | None = None

    @property
    def slots(self) -> range:
        """The positions of the column's slots in a row."""
        return range(self.start, self.start + len(self.source))

    @property
    def match_slots(self) -> range:
        """The slots by which rows can be matched: equal values are equal there.

        jsonb's text is not SQLite's, and of a large real in a numeric only the double is.
        """
        first = range(self.start, self.start + 1)
        return {Kind.JSONB: first[:0], Kind.NUMERIC: first}.get(self.type.kind, self.slots)

    @property
    def is_number(self) -> bool:
        """Whether Python's ``==`` is too kind to its slots (1 == 1.0 == True, 0.0 == -0.0)."""
        return self.type.kind in _NUMBERS

    @property
    def is_text(self) -> bool:
        """Whether the target holds the value as a text of any length."""
        return self.type.kind in _TEXTUAL

    @property
    def is_bytes(self) -> bool:
        """Whether the target holds the value as bytes, a text's too."""
        return self.type.kind is Kind.BYTEA

    def of(self, row: Row) -> Row:
        """Cut the column's slots out of a row."""
        return row[self.start : self.start + len(self.source)]

    def equal(self, ours: Row, theirs: Row) -> bool:
        """Whether SQLite's slots and PostgreSQL's slots hold the same value."""
        return all(map(identical, ours, theirs)) or bool(self.same and self.same(ours, theirs))


def identical(one: Value, other: Value) -> bool:
    """Whether two values are the same, bit for bit and in type."""
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, float) or math.copysign(1, one) == math.copysign(1, other)


def reading(
    name: str,
    kind: TargetType,
    source: str,
    target: str,
    *,
    raw_text: bool = False,
    affinity: Affinity = Affinity.BLOB,
    utf8: str = "",
) -> Reading:
    """Write how a column of a table is read.

    Args:
        name: the column, for people.
        kind: what the column became.
        source: the column as SQLite's SQL names it.
        target: the column as PostgreSQL's SQL names it.
        raw_text: read SQLite's texts as bytes, because some are not valid UTF-8 and can't be
            fetched as text; :func:`decoded` makes texts of those that are.
        affinity: of REAL, a column can hold no integers; of TEXT, no numbers
            (https://www.sqlite.org/datatype3.html#type_affinity).
        utf8: SQLite's function that gives a text's bytes as UTF-8, where the file has UTF-16.

    """
    sources, targets = _expressions(kind, source, target)
    if kind.kind is Kind.NUMERIC and affinity is Affinity.REAL:
        sources, targets = sources[:1], targets[:1]
    elif (kind.kind, affinity) in _AS_STORED:
        sources = (source,)
    if kind.kind is Kind.BYTEA and utf8:
        text = f"{utf8}(CAST(CAST({source} AS TEXT) AS BLOB))"
        sources = (f"CASE WHEN typeof({source}) IN ('blob', 'null') THEN {source} ELSE {text} END",)
    if raw_text and kind.kind in _TEXTUAL:
        # The second slot tells a blob from a text of the same bytes.
        sources = (f"CAST({source} AS BLOB)", f"typeof({source}) = 'blob'")
        targets = (*targets, "0::bigint")
    elif raw_text and kind.kind is not Kind.BYTEA:
        sources = tuple(
            f"CASE typeof({source}) WHEN 'text' THEN CAST({source} AS BLOB) ELSE {sql} END"
            for sql in sources
        )
    return Reading(name, kind, sources, targets, same=_SAME.get(kind.kind))


def view_reading(name: str, kind: TargetType, source: str, target: str) -> Reading:
    """Write how a column of a view is read: sums of REAL agree to a relative 1e-12.

    A sum of integers is exact on both sides and is compared so.
    """
    if kind.kind not in (Kind.DOUBLE, Kind.NUMERIC):
        return reading(name, kind, source, target)
    exact = f"CASE WHEN typeof({source}) = 'integer' THEN {source} END"
    sources = (_as_double(source), exact)
    targets = _numeric(target)
    if kind.kind is Kind.DOUBLE:
        whole = f"{target} = trunc({target}) AND abs({target}) < {EXACT_INTEGERS}"
        targets = (target, f"CASE WHEN {whole} THEN {target}::bigint END")
    return Reading(name, kind, sources, targets, same=_nearly_same)


def placed(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Give each reading its place in the row."""
    result: list[Reading] = []
    start = 0
    for each in readings:
        result.append(Reading(each.name, each.type, each.source, each.target, start, each.same))
        start += len(each.source)
    return tuple(result)


def decoded(block: list[Row], positions: Sequence[int], encoding: str) -> list[Row]:
    """Make texts of the bytes in these slots where they are valid, and leave the others."""
    columns = list(zip(*block, strict=True))
    for position in positions:
        columns[position] = tuple(_text(value, encoding) for value in columns[position])
    return list(zip(*columns, strict=True))


def _text(value: Value, encoding: str) -> Value:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return value


def _expressions(kind: TargetType, x: str, y: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match kind.kind:
        case Kind.BIGINT:
            return (x,), (y,)
        case Kind.BOOLEAN:
            return (x,), (f"{y}::int",)
        case Kind.DOUBLE:
            return (_widened(x),), (y,)
        case Kind.NUMERIC:
            return (_as_double(x), _whole_source(x)), _numeric(y)
        case Kind.BYTEA:
            return (f"CAST({x} AS BLOB)",), (y,)
        case Kind.TIMESTAMP | Kind.DATE:
            return (x,), (_time(kind, y),)
        case Kind.TEXT:
            return (_as_text(x),), (f'{y} COLLATE "C"',)
        case Kind.UUID:
            return (x,), (f'{y}::text COLLATE "C"',)
        case Kind.JSON | Kind.JSONB:
            return (_as_text(x),), (f'{y}::text COLLATE "C"',)


def _as_text(x: str) -> str:
    return f"CASE WHEN typeof({x}) IN ('integer', 'real') THEN CAST({x} AS TEXT) ELSE {x} END"


def _widened(x: str) -> str:
    """Write an integer as a double where that is exact; one that isn't stays and differs.

    2^63 - 1 is named because a CAST back to INTEGER ends there
    (https://www.sqlite.org/lang_expr.html#castexpr).
    """
    return (
        f"CASE WHEN typeof({x}) = 'integer' AND {x} <> {2**63 - 1} "
        f"AND CAST(CAST({x} AS REAL) AS INTEGER) = {x} THEN CAST({x} AS REAL) ELSE {x} END"
    )


def _as_double(x: str) -> str:
    """Write a number as the nearest double, and minus zero as zero, which numeric has only once."""
    return f"CASE WHEN typeof({x}) IN ('integer', 'real') THEN {x} + 0.0 ELSE {x} END"


def _whole_source(x: str) -> str:
    return (
        f"CASE typeof({x}) WHEN 'integer' THEN {x} WHEN 'real' THEN "
        f"CASE WHEN abs({x}) < {EXACT_INTEGERS}.0 AND CAST({x} AS INTEGER) = {x} "
        f"THEN CAST({x} AS INTEGER) END END"
    )


def _numeric(y: str) -> tuple[str, str]:
    """Write a numeric as the nearest double, and where it is whole, exactly.

    Beyond what a double holds the cast would be an error, so that NaN stands for it: no value of
    SQLite's equals that. Infinity is no such value
    (https://www.postgresql.org/docs/current/datatype-numeric.html).
    """
    double = (
        f"CASE WHEN {y} IN (0, 'Infinity', '-Infinity') "
        f"OR abs({y}) BETWEEN 5e-324 AND 1.7976931348623157e308 THEN {y}::double precision "
        f"WHEN {y} IS NOT NULL THEN 'NaN' END"
    )
    whole = f"{y} = trunc({y}) AND {y} BETWEEN {-(2**63)} AND {2**63 - 1}"
    return double, f"CASE WHEN {whole} THEN {y}::bigint END"


def _time(kind: TargetType, y: str) -> str:
    """Write a time in the shape of its column, and one that the shape can't tell as PostgreSQL's.

    ``to_char`` cuts what a shape has no place for, prints BC years as AD and infinity as NULL.
    """
    shape = kind.shape or Shape(
        "YYYY-MM-DD" if kind.kind is Kind.DATE else "YYYY-MM-DD HH:MM:SS.ffffff"
    )
    if (kind.kind, shape.notation) in _OWN_SHAPES:
        return f'{y}::text COLLATE "C"'
    tellable = [f"{y} >= '0001-01-01'", f"{y} < '10000-01-01'"]
    if kind.kind is Kind.TIMESTAMP:
        tellable += _no_finer(y, shape)
    text = text_of(y, shape)
    if shape.is_epoch:
        whole = f"isfinite({y}) AND {_no_finer(y, shape)[0]}"
        return f"CASE WHEN {whole} THEN {text} WHEN {y} IS NOT NULL THEN {_NO_EPOCH} END"
    return f'CASE WHEN {" AND ".join(tellable)} THEN {text} ELSE {y}::text END COLLATE "C"'


def _no_finer(y: str, shape: Shape) -> list[str]:
    """Write that a timestamp has nothing beyond the digits of its shape."""
    if shape.is_epoch:
        digits = {"epoch s": 0, "epoch ms": 3, "epoch us": 6}[shape.notation]
        return [f"{y} = {y}::timestamp({digits})"]
    if not shape.has_seconds:
        unit = "minute" if shape.separator else "day"
        return [f"{y} = date_trunc('{unit}', {y})"]
    return [f"{y} = {y}::timestamp({shape.fraction})"] if shape.fraction < 6 else []


def _same_numeric(ours: Row, theirs: Row) -> bool:
    """Accept a REAL too large for exact integers whose numeric gives back the same double."""
    if len(ours) == 1:
        return False
    double, whole = ours
    return (
        isinstance(double, float)
        and whole is None
        and abs(double) >= EXACT_INTEGERS
        and double == theirs[0]
    )


def _nearly_same(ours: Row, theirs: Row) -> bool:
    double, whole = ours
    if whole is not None and (theirs[1] is not None or abs(whole) < EXACT_INTEGERS):
        return bool(whole == theirs[1])
    if not isinstance(double, float) or not isinstance(theirs[0], float):
        return identical(double, theirs[0])
    return math.isclose(double, theirs[0], rel_tol=1e-12)


def _same_json(ours: Row, theirs: Row) -> bool:
    return ours[1:] == theirs[1:] and json_equal(ours[0], theirs[0])


_SAME: dict[Kind, Callable[[Row, Row], bool]] = {
    Kind.NUMERIC: _same_numeric,
    Kind.JSONB: _same_json,
}
