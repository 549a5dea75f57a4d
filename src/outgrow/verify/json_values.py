"""Whether two JSON texts parse to equal values: numbers exactly, spacing and key order aside."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def json_equal(one: Any, other: Any) -> bool:
    """Whether two texts are JSON of equal values; anything that is not JSON is equal to nothing.

    Numbers are compared as decimals of any length: 1.0 equals 1, and 0.1 is not the double 0.1.
    """
    try:
        return bool(parse(one) == parse(other))
    except (ValueError, TypeError, RecursionError):
        return False


def parse(text: Any) -> Any:
    """Parse a JSON text; an object's later duplicate key is an error, as NaN and Infinity are."""
    return _DECODER.decode(text)


def _number(text: str) -> tuple[Decimal]:
    # In a tuple, which no other JSON value becomes: Python holds True equal to 1.
    return (Decimal(text),)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object has a key twice")
    return result


_DECODER = json.JSONDecoder(
    parse_float=_number,
    parse_int=_number,
    parse_constant=_no_constant,
    object_pairs_hook=_no_duplicates,
)
