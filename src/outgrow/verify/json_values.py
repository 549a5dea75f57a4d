"""Whether two JSON texts parse to equal values: numbers exactly, spacing and key order aside."""

from __future__ import annotations

import json
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any


def json_equal(one: Any, other: Any) -> bool:
    """Whether two texts are JSON of equal values; anything that is not JSON is equal to nothing.

    Numbers are compared as decimals of any length: 1.0 equals 1, and 0.1 is not the double 0.1.
    """
    try:
        return _equal(one, other)
    except RecursionError:
        # A thread of its own begins at depth 0, where the census had read the text.
        with ThreadPoolExecutor(1) as apart:
            try:
                return apart.submit(_equal, one, other).result()
            except RecursionError:
                return False


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(parse(one) == parse(other))
    except (ValueError, TypeError):
        return False


def hashable(text: Any) -> Hashable:
    """Give what is equal, and hashes equal, for texts that are equal JSON; else the text."""
    try:
        return _frozen(parse(text))
    except (ValueError, TypeError, RecursionError):
        return ("not JSON", text)


def _frozen(value: Any) -> Hashable:
    match value:
        case dict():
            return frozenset((key, _frozen(item)) for key, item in value.items())
        case list():
            return ("list", *map(_frozen, value))
        case _:
            return type(value), value


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
