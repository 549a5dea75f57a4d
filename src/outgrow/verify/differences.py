"""What verification says about a table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def shown(reading: Reading, slots: Row) -> str:
    """Write a value as SQL would, cut when it is long."""
    match _value(reading, slots):
        case None:
            return "NULL"
        case bytes() as value:
            return _cut(f"x'{value[:_SHOWN].hex()}'")
        case str() as value:
            return _cut(f"'{value[: _SHOWN + 1]}'")
        case value:
            return repr(value)


def shown_row(readings: Sequence[Reading], row: Row) -> str:
    """Write the first values of a row."""
    return _cut(", ".join(shown(each, each.of(row)) for each in readings[:8]))


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
