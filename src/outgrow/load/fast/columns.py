"""A column's values as PostgreSQL's receive functions read them, many at a time.

Every form refuses what the census ruled out: what is here was proved twice. The binary forms are
those of the types' ``recv`` functions (src/backend/utils/adt in PostgreSQL's source).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from outgrow.load.fast.job import Column, Form

Numbers = NDArray[Any]

#: PostgreSQL counts from 2000-01-01.
_EPOCH_MICROSECONDS = 946_684_800_000_000
_EPOCH_DAYS = 10_957

#: The years 1 to 9999, in seconds since 1970.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799

#: A decimal number of 15 digits is the only one of as many that is nearest to its double.
EXACT_DIGITS = 15

_GROUP = 10_000
_GROUP_DIGITS = 4
_NEGATIVE = 0x4000


class Refused(Exception):
    """A value that the census ruled out; the message names what was expected."""


@dataclass(frozen=True, slots=True)
class Field:
    """The values of a column in a block.

    Args:
        lengths: bytes of each value, -1 for NULL; or one number for all of them.
        fixed: the values as records, if none is NULL and all are as long.
        payload: otherwise the values as an Arrow array of binaries; neither, if all are NULL.
        prefix: a byte before each value of the payload.

    """

    lengths: Numbers | int
    fixed: Numbers | None = None
    payload: pa.Array | None = None
    prefix: bytes = b""


def field_of(column: Column, values: pa.Array) -> Field:
    """Encode the values of a column; raises Refused."""
    match column.form:
        case Form.NOTHING:
            _require(values.null_count == len(values), "nothing but NULL")
            return Field(-1)
        case Form.TEXT | Form.BYTEA:
            return _as_it_is(values, b"")
        case Form.JSONB:
            return _as_it_is(values, b"\x01")
    return _fixed(values, _FORMS[column.form](column, values))


def arrow_type(form: Form) -> pa.DataType:
    """The type as which the driver has to give a column."""
    match form:
        case Form.NOTHING | Form.BIGINT | Form.BOOLEAN | Form.EPOCH:
            return pa.int64()
        case Form.DOUBLE | Form.NUMERIC:
            return pa.float64()
        case Form.BYTEA:
            return pa.binary()
    return pa.string()


def probe(form: Form) -> str:
    """A value that makes the driver give a column that type: it takes the first rows' types."""
    kind = arrow_type(form)
    return {pa.int64(): "0", pa.float64(): "0.0", pa.binary(): "x''"}.get(kind, "''")


def _as_it_is(values: pa.Array, prefix: bytes) -> Field:
    lengths = np.diff(_offsets(values)) + len(prefix)
    if values.null_count:
        lengths = np.where(_valid(values), lengths, -1)
    return Field(lengths, payload=values.view(pa.binary()), prefix=prefix)


def _fixed(values: pa.Array, records: Numbers) -> Field:
    """Give a field of values that are all as long."""
    width = records.dtype.itemsize
    if not values.null_count:
        return Field(width, fixed=records)
    assert values.offset == 0
    validity = values.buffers()[0]
    payload = pa.Array.from_buffers(
        pa.binary(), len(values), [validity, strides(len(values), width), pa.py_buffer(records)]
    )
    return Field(np.where(_valid(values), width, -1), payload=payload)


def strides(count: int, width: int) -> pa.Buffer:
    """The offsets of values that are all as long."""
    return pa.py_buffer(np.arange(0, (count + 1) * width, width, dtype=np.int32))


def _bigint(column: Column, values: pa.Array) -> Numbers:
    return _within(column, values).astype(">i8")


def _boolean(column: Column, values: pa.Array) -> Numbers:
    numbers = _numbers(values)
    _require(bool(((numbers == 0) | (numbers == 1)).all()), "0 or 1")
    return numbers.astype("u1")


def _double(column: Column, values: pa.Array) -> Numbers:
    return _within(column, values).astype(">f8")


def _numeric(column: Column, values: pa.Array) -> Numbers:
    """Encode doubles as the decimal numbers of ``scale`` digits that are nearest to them.

    Leading and trailing groups of zeros are allowed: numeric_recv strips them.
    """
    numbers = _within(column, values)
    scaled = np.rint(numbers * 10.0**column.scale)
    _require(bool((np.abs(scaled) < 10**EXACT_DIGITS).all()), f"at most {EXACT_DIGITS} digits")
    _require(bool((scaled / 10.0**column.scale == numbers).all()), f"{column.scale} digits at most")
    whole = scaled.astype(np.int64)
    after = -(-column.scale // _GROUP_DIGITS)
    groups = after + max(1, -(-(EXACT_DIGITS - column.scale) // _GROUP_DIGITS))
    head = [("groups", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">u2")]
    records = np.zeros(len(numbers), dtype=[*head, ("digits", ">i2", (groups,))])
    records["groups"] = groups
    records["weight"] = groups - after - 1
    records["sign"] = np.where(whole < 0, _NEGATIVE, 0)
    records["scale"] = column.scale
    rest = np.abs(whole)
    # The last group after the point is filled up with zeros.
    zeros = 10 ** (after * _GROUP_DIGITS - column.scale)
    for place in reversed(range(groups)):
        size = _GROUP // zeros
        records["digits"][:, place] = rest % size * zeros
        rest //= size
        zeros = 1
    return records


def _uuid(column: Column, values: pa.Array) -> Numbers:
    digits = _of_length(values, (36,))[:, _UUID_DIGITS]
    nibbles = _NIBBLES[digits]
    _require(bool((nibbles < 16).all()), "a UUID")
    found = ((nibbles[:, 0::2] << 4) | nibbles[:, 1::2]).astype(np.uint8)
    records = np.zeros((len(values), 16), np.uint8)
    records[_valid(values)] = found
    return records.view("V16").ravel()


def _date(column: Column, values: pa.Array) -> Numbers:
    _check_lengths(column, values)
    return (_numbers(pc.cast(pc.cast(values, pa.date32()), pa.int32())) - _EPOCH_DAYS).astype(">i4")


def _timestamp(column: Column, values: pa.Array) -> Numbers:
    _check_lengths(column, values)
    if column.separator:
        starts = _offsets(values)[:-1]
        if values.null_count:
            starts = starts[_valid(values)]
        marks = np.frombuffer(_data(values), np.uint8)[starts + len("YYYY-MM-DD")]
        _require(bool((marks == ord(column.separator)).all()), f"{column.separator!r} after a date")
    zone = "UTC" if column.is_zoned else None
    moments = pc.cast(pc.cast(values, pa.timestamp("us", tz=zone)), pa.int64())
    return (_numbers(moments) - _EPOCH_MICROSECONDS).astype(">i8")


def _epoch(column: Column, values: pa.Array) -> Numbers:
    moments = _within(column, values)
    first, last = _FIRST_SECOND * column.scale, (_LAST_SECOND + 1) * column.scale - 1
    _require(bool(((moments >= first) & (moments <= last)).all()), "the years 1 to 9999")
    return (moments * (1_000_000 // column.scale) - _EPOCH_MICROSECONDS).astype(">i8")


_FORMS: dict[Form, Callable[[Column, pa.Array], Numbers]] = {
    Form.BIGINT: _bigint,
    Form.BOOLEAN: _boolean,
    Form.DOUBLE: _double,
    Form.NUMERIC: _numeric,
    Form.UUID: _uuid,
    Form.DATE: _date,
    Form.TIMESTAMP: _timestamp,
    Form.EPOCH: _epoch,
}

_UUID_DIGITS = np.array([place for place in range(36) if place not in (8, 13, 18, 23)])
_NIBBLES = np.full(256, 16, np.uint8)
_NIBBLES[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)


def _within(column: Column, values: pa.Array) -> Numbers:
    """Give the numbers, all within what the census saw; NULL is 0 here and no number."""
    if column.low is not None and len(values) > values.null_count:
        seen = pc.min_max(values).as_py()
        low, high = seen["min"], seen["max"]
        _require(column.low <= low and high <= column.high, f"{column.low} to {column.high}")
    return _numbers(values)


def _numbers(values: pa.Array) -> Numbers:
    filled = values.fill_null(0) if values.null_count else values
    found: Numbers = filled.to_numpy(zero_copy_only=False)
    return found


def _valid(values: pa.Array) -> Numbers:
    found: Numbers = values.is_valid().to_numpy(zero_copy_only=False)
    return found


def _offsets(values: pa.Array) -> Numbers:
    start = values.offset
    return np.frombuffer(values.buffers()[1], np.int32)[start : start + len(values) + 1]


def _data(values: pa.Array) -> pa.Buffer:
    return values.buffers()[2] or pa.py_buffer(b"")


def _check_lengths(column: Column, values: pa.Array) -> None:
    lengths = np.diff(_offsets(values))
    if values.null_count:
        lengths = lengths[_valid(values)]
    fits = lengths == column.lengths[0]
    for other in column.lengths[1:]:
        fits |= lengths == other
    _require(bool(fits.all()), f"lengths {column.lengths}")


def _of_length(values: pa.Array, lengths: tuple[int]) -> Numbers:
    """Give the bytes of the values that are not NULL, a row each."""
    offsets = _offsets(values)
    _require(bool((np.diff(offsets)[_valid(values)] == lengths[0]).all()), f"length {lengths[0]}")
    return np.frombuffer(_data(values), np.uint8)[offsets[0] : offsets[-1]].reshape(-1, lengths[0])


def _require(condition: bool, expected: str) -> None:
    if not condition:
        raise Refused(f"a value is not what the census saw: {expected}")
