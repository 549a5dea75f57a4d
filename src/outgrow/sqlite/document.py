r"""A whole SQLite row as a text that gives back every value with its storage class.

The text is one JSON object that a person can read and edit:

- ``null``, integers as numbers,
- reals as ``{"real": "0.1"}`` with the shortest digits that read back as the same double,
- texts as strings (a NUL is ``\u0000``), and as ``{"text": "c328"}``, the bytes that SQLite
  stores in hexadecimal, where they are not valid in the file's encoding,
- blobs as ``{"blob": "00ff"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outgrow.sqlite.rows import quote_identifier

Plain = None | int | float | bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A value with its storage class. A text is its bytes in the file's encoding."""

    storage: str
    value: Plain


def exactly(column: str) -> str:
    """Write the SELECT expression that `stored` reads; one column of SQLite's 2,000 each."""
    name = quote_identifier(column)
    return (
        f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) "
        f"WHEN 'blob' THEN 'x' || hex({name}) ELSE {name} END"
    )


def stored(value: object) -> Stored:
    """Read what `exactly` gave: bytes are a text's, and a text holds a blob's hexadecimal."""
    match value:
        case None:
            return Stored("null", None)
        case bytes():
            return Stored("text", value)
        case str():
            return Stored("blob", bytes.fromhex(value[1:]))
        case int() | float():
            return Stored("real" if isinstance(value, float) else "integer", value)
    raise TypeError(f"no value of SQLite: {value!r}")


def write_document(row: Iterable[tuple[str, Stored]], encoding: str) -> bytes:
    """Write a row, by source column."""
    values = {column: _written(value, encoding) for column, value in row}
    return json.dumps(values, ensure_ascii=False).encode()


def read_document(document: bytes, encoding: str) -> Mapping[str, Stored]:
    """Read a row, also one that a person has edited.

    Raises:
        ValueError: it is no such document.

    """
    values = json.loads(document)
    if not isinstance(values, dict):
        raise TypeError("a row is kept as a JSON object")
    return {column: _read(value, encoding) for column, value in values.items()}


def _written(kept: Stored, encoding: str) -> object:
    match kept.value:
        case float():
            return {"real": repr(kept.value)}
        case bytes() if kept.storage == "blob":
            return {"blob": kept.value.hex()}
        case bytes():
            try:
                return kept.value.decode(encoding)
            except UnicodeDecodeError:
                return {"text": kept.value.hex()}
    return kept.value


def _read(value: object, encoding: str) -> Stored:
    match value:
        case None:
            return Stored("null", None)
        case bool():
            pass
        case int():
            return Stored("integer", value)
        case str():
            return Stored("text", value.encode(encoding))
        case {"real": str() as digits, **rest} if not rest:
            return Stored("real", float(digits))
        case {"text": str() as digits, **rest} if not rest:
            return Stored("text", bytes.fromhex(digits))
        case {"blob": str() as digits, **rest} if not rest:
            return Stored("blob", bytes.fromhex(digits))
    raise ValueError(f"no value of SQLite: {json.dumps(value)[:60]}")
