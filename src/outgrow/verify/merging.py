"""Two streams of rows, walked together: wholesale where they agree, row by row where not."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice
from operator import itemgetter
from typing import Any

from outgrow.model.types import Kind
from outgrow.verify.canonical import Reading, Row, Value
from outgrow.verify.json_values import json_equal


class Consumed(Enum):
    """Which rows a step is done with."""

    OURS = auto()
    THEIRS = auto()
    BOTH = auto()


#: Told of two rows that are not identical, or of one that has no other left to stand against.
Step = Callable[[Row | None, Row | None], Consumed]


@dataclass(slots=True)
class Alike:
    """Compares blocks at C speed.

    Python's ``==`` is too kind to numbers (1 == 1.0 == True, 0.0 == -0.0), so that these are
    compared again by type and bits; or whole rows are, where they are known to be small. Rows of
    the source may carry more behind their slots; it is not compared.
    """

    readings: Sequence[Reading]
    are_small: bool = False
    _slots: int = field(init=False)
    _plain: list[int] = field(init=False)
    _numbers: list[int] = field(init=False)
    _json: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._json = [each.start for each in self.readings if each.type.kind is Kind.JSONB]
        slots = [slot for each in self.readings for slot in each.slots]
        self._slots = len(slots)
        self._plain = [slot for slot in slots if slot not in self._json]
        self._numbers = [slot for each in self.readings if each.is_number for slot in each.slots]

    def __call__(self, ours: list[Row], theirs: list[Row]) -> bool:
        """Whether both blocks hold the same rows. A wrong "no" only costs time."""
        if len(ours) != len(theirs):
            return False
        mine, other = self._cut(ours, self._plain), self._cut(theirs, self._plain)
        if self.are_small:
            same = bits(mine) == bits(other)
        else:
            same = mine == other and self._same_numbers(ours, theirs)
        return same and all(self._same_json(slot, ours, theirs) for slot in self._json)

    def _same_numbers(self, ours: list[Row], theirs: list[Row]) -> bool:
        if not self._numbers:
            return True
        return bits(self._cut(ours, self._numbers)) == bits(self._cut(theirs, self._numbers))

    def _cut(self, block: list[Row], slots: list[int]) -> list[Any]:
        if not block or (len(slots) == self._slots == len(block[0])):
            return block
        if slots == list(range(len(slots))):
            return list(map(itemgetter(slice(len(slots))), block))
        return list(map(itemgetter(*slots), block))

    @staticmethod
    def _same_json(slot: int, ours: list[Row], theirs: list[Row]) -> bool:
        return all(
            a[slot] == b[slot] or json_equal(a[slot], b[slot])
            for a, b in zip(ours, theirs, strict=True)
        )


def bits(values: list[Any]) -> bytes:
    """Give bytes that are the same for the same values only, by type and bits.

    Where a column has got another type since, there are values of types that SQLite has not.
    """
    try:
        # Version 2 writes every number with its type and all its bits, and refers to nothing
        # (https://docs.python.org/3/library/marshal.html).
        return marshal.dumps(values, 2)
    except ValueError:
        return repr(values).encode()


def walk(
    source: Iterator[list[Row]],
    target: Iterator[Row],
    alike: Alike,
    step: Step,
) -> tuple[int, int]:
    """Walk both streams to their ends and give the rows that each had.

    ``step`` is called with rows that are not identical; it says which of them it is done with.
    A block that differs costs a Python loop; the next ones are compared wholesale again, because
    both buffers then start at the same row.
    """
    seen_source = seen_target = 0
    ours: list[Row] = []
    theirs: list[Row] = []
    while True:
        if not ours:
            ours = next(source, [])
            seen_source += len(ours)
        fresh = list(islice(target, max(len(ours) - len(theirs), 0)))
        seen_target += len(fresh)
        theirs += fresh
        if not ours or not theirs:
            break
        size = min(len(ours), len(theirs))
        if alike(ours[:size], theirs[:size]):
            ours, theirs = ours[size:], theirs[size:]
        else:
            ours, theirs = _walk_block(ours, theirs, alike, step)
    for row in ours:
        step(row, None)
    for block in source:
        seen_source += len(block)
        for row in block:
            step(row, None)
    for row in theirs:
        step(None, row)
    for row in target:
        seen_target += 1
        step(None, row)
    return seen_source, seen_target


def _walk_block(
    ours: list[Row], theirs: list[Row], alike: Alike, step: Step
) -> tuple[list[Row], list[Row]]:
    """Walk until one side has no row left, and give what is left of the other.

    Runs of rows that agree are found in growing strides, so that few differences cost little.
    """
    i = j = 0
    stride = 1
    while i < len(ours) and j < len(theirs):
        size = min(stride, len(ours) - i, len(theirs) - j)
        if alike(ours[i : i + size], theirs[j : j + size]):
            i, j, stride = i + size, j + size, size * 2
        elif size > 1:
            stride = size // 2
        else:
            consumed = step(ours[i], theirs[j])
            i += consumed is not Consumed.THEIRS
            j += consumed is not Consumed.OURS
    return ours[i:], theirs[j:]


def sort_key(row: Row, slots: Sequence[int]) -> tuple[tuple[int, Value], ...]:
    """Order rows as ORDER BY does on both sides: NULL, numbers, NaN, text by code point, blobs."""
    return tuple(map(_ranked, (row[slot] for slot in slots)))


def _ranked(value: Value) -> tuple[int, Value]:
    match value:
        case None:
            return 0, 0
        case int() | float():
            return (1, value) if value == value else (2, 0)  # noqa: PLR0124 - NaN
        case str():
            return 3, value
        case bytes():
            return 4, value
        case _:
            return 5, repr(value)
