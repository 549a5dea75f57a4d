"""What verification says about a table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from outgrow.errors import Code, define
from outgrow.model.types import Kind
from outgrow.verify.canonical import Reading, Row, Value

VALUE_DIFFERS = define("OG-600", "A value in the target is not the value in the source.")
ROW_MISSING = define("OG-601", "A row of the source is not in the target.")
ROW_EXTRA = define("OG-602", "A row of the target is not in the source, or stands there twice.")
NOT_KEPT = define(
    "OG-603", "A value was repaired or made NULL, and its original is not in quarantine."
)
UNREADABLE = define("OG-604", "A table or view of the target can't be read as what it should be.")

#: Differences of a table that are kept one by one; the others are counted.
MOST_TOLD = 100

#: Characters of a value that a person is shown.
_SHOWN = 200

#: Characters before the first that differs.
_BEFORE = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where both sides differ.

    ``table``, ``key`` and ``column`` are named as in the source; ``column`` is '' for a
    whole row. Values are written for people; ``None`` where there is none.
    """

    table: str
    key: str
    column: str
    source_value: str | None
    target_value: str | None
    says: str
    code: Code


@dataclass(frozen=True, slots=True)
class TableComparison:
    """What became of a table's rows.

    ``differences`` are the first ones of ``total``. ``repaired``, ``nullified`` and ``refused``
    count what differs as it should: the originals are in quarantine; ``changed`` names the columns
    in which that is so.
    """

    table: str
    rows_source: int
    rows_target: int
    differences: tuple[Difference, ...] = ()
    total: int = 0
    repaired: int = 0
    nullified: int = 0
    refused: int = 0
    changed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every value arrived or is accounted for."""
        return self.total == 0


def unreadable(name: str, error: psycopg.Error) -> Difference:
    """Say why PostgreSQL can't read a table or view, without the query that was verification's."""
    says = f"PostgreSQL can't read it: {error.diag.message_primary or error}"
    return Difference(name, "", "", None, None, " ".join(says.split()), UNREADABLE)


def shown_apart(reading: Reading, ours: Row, theirs: Row) -> tuple[str, str]:
    """Write two values that differ; long ones from where they do, so that it can be seen."""
    one, other = _value(reading, ours), _value(reading, theirs)
    start = 0
    if isinstance(one, str | bytes) and type(one) is type(other):
        common = _common_length(one, other)
        start = max(common - _BEFORE, 0) if common >= _SHOWN // 2 else 0
    return _shown(one, start), _shown(other, start)


def _common_length(one: Value, other: Value) -> int:
    """Count what two texts, or bytes, have in common at their start, without a loop over it."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _shown(value: Value, start: int = 0) -> str:
    """Write a value as SQL would, cut when it is long; ``start`` is what is left out before."""
    match value:
        case None:
            return "NULL"
        case bytes():
            return _cut(f"{'…' if start else ''}x'{value[start : start + _SHOWN].hex()}'")
        case str():
            return _cut(f"{'…' if start else ''}'{value[start : start + _SHOWN + 1]}'")
        case _:
            return repr(value)


def shown_row(readings: Sequence[Reading], row: Row) -> str:
    """Write the first values of a row."""
    return _cut(", ".join(_shown(_value(each, each.of(row))) for each in readings[:8]))


def plain(reading: Reading, slots: Row) -> str | None:
    """Write a value of a key as quarantine does, without quotes."""
    match _value(reading, slots):
        case None:
            return None
        case bytes() as value:
            return value.decode(errors="replace")
        case value:
            return str(value)


def _value(reading: Reading, slots: Row) -> Value:
    if reading.type.kind is Kind.NUMERIC and len(slots) == 2 and slots[1] is not None:
        return slots[1]
    return slots[0]


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
