"""Python's values by declared type, for ``native=True``: where a column is text or a number.

Only the standard library. What is not of its type stays the value it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import Any

Converter = Callable[[bytes], Any]


def _converted(make: Callable[[str], Any], written: bytes) -> Any:
    text = written.decode()
    try:
        return make(text)
    except (ValueError, InvalidOperation):
        return text


def _truth(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


CONVERTERS: dict[str, Converter] = {
    name: partial(_converted, make)
    for make, names in (
        (datetime.fromisoformat, ("TIMESTAMP", "DATETIME")),
        (date.fromisoformat, ("DATE",)),
        (_truth, ("BOOLEAN", "BOOL")),
        (Decimal, ("DECIMAL", "NUMERIC", "MONEY")),
        (json.loads, ("JSON", "JSONB")),
    )
    for name in names
}


def converter_of(declared: str) -> Converter | None:
    """Give what sqlite3 would take for a declared type: its first word, in any case.

    https://docs.python.org/3/library/sqlite3.html#sqlite3.PARSE_DECLTYPES
    """
    word = declared.replace("(", " ").partition(" ")[0]
    return CONVERTERS.get(word.upper())


@cache
def learn() -> None:
    """Tell sqlite3; only connections that detect types ask it."""
    for name, converter in CONVERTERS.items():
        sqlite3.register_converter(name, converter)
