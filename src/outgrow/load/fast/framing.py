"""Columns of a block as rows of COPY's binary form.

A row is its number of fields, then each field's length and bytes
(https://www.postgresql.org/docs/current/sql-copy.html). What is as long in every row is laid out
as one array of records; Arrow joins these and the texts between them, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from outgrow.load.fast.columns import Field, Numbers, strides


def rows_of(fields: Sequence[Field], count: int) -> memoryview:
    """Give the bytes of ``count`` rows."""
    pieces: list[pa.Array] = []
    run = _Run(count)
    run.add(">i2", len(fields))
    for field in fields:
        run.add(">i4", field.lengths)
        if field.fixed is not None:
            run.add(field.fixed.dtype, field.fixed)
        if field.payload is None:
            continue
        if field.prefix and not field.payload.null_count:
            run.add("S1", field.prefix)
        pieces.append(run.close())
        if field.prefix and field.payload.null_count:
            pieces.append(_repeated(field.prefix, field.payload))
        pieces.append(field.payload)
        run = _Run(count)
    if run.parts:
        pieces.append(run.close())
    return _bytes(_joined(pieces))


class _Run:
    """Neighbours that are as long in every row."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.parts: list[tuple[Any, Numbers | int | bytes]] = []

    def add(self, kind: Any, values: Numbers | int | bytes) -> None:
        self.parts.append((kind, values))

    def close(self) -> pa.Array:
        """Lay them out."""
        records = np.empty(
            self.count, np.dtype([(f"part{n}", kind) for n, (kind, _) in enumerate(self.parts)])
        )
        for number, (_, values) in enumerate(self.parts):
            records[f"part{number}"] = values
        buffers = [None, strides(self.count, records.dtype.itemsize), pa.py_buffer(records)]
        return pa.Array.from_buffers(pa.binary(), self.count, buffers)


def _repeated(prefix: bytes, payload: pa.Array) -> pa.Array:
    """Give the prefix where there is a value."""
    return pc.if_else(payload.is_valid(), pa.scalar(prefix, pa.binary()), _empty())


def _empty() -> pa.Scalar:
    return pa.scalar(b"", pa.binary())


def _joined(pieces: list[pa.Array]) -> pa.Array:
    if len(pieces) == 1:
        return pieces[0]
    return pc.binary_join_element_wise(
        *pieces, _empty(), null_handling="replace", null_replacement=b""
    )


def _bytes(rows: pa.Array) -> memoryview:
    offsets = np.frombuffer(rows.buffers()[1], np.int32)
    data = rows.buffers()[2]
    return memoryview(data)[offsets[0] : offsets[len(rows)]]
