"""Whether rows that are not identical may differ, and what to say of those that may not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import apsw

from outgrow.errors import Code
from outgrow.model.names import fold
from outgrow.model.types import Kind
from outgrow.verify.canonical import Reading, Row
from outgrow.verify.differences import (
    NOT_KEPT,
    ROW_EXTRA,
    ROW_MISSING,
    VALUE_DIFFERS,
    Difference,
    plain,
    shown_apart,
    shown_row,
)
from outgrow.verify.quarantine import Original, TableQuarantine
from outgrow.verify.tables import TableReader

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class Judge:
    """Compares single rows of one table; nothing but quarantine excuses a difference.

    ``excused`` counts, by action and column, what differs as it should.
    """

    reader: TableReader
    set_aside: TableQuarantine
    snapshot: apsw.Connection
    excused: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The columns of a row."""
        return self.reader.readings

    @property
    def match_slots(self) -> tuple[int, ...]:
        """The slots by which both sides are sorted and rows are matched."""
        return self.reader.match_slots

    @property
    def is_keyed(self) -> bool:
        """Whether rows are matched by their declared key."""
        return self.reader.is_keyed

    def is_unsortable(self, row: Row) -> bool:
        """Whether a source row's place among the others tells nothing."""
        return self.reader.is_unsortable(row)

    def key_of(self, row: Row) -> str:
        """Give the key of a source row, which stands behind its slots."""
        key: bytes = row[-1]
        return key.decode(self.reader.encoding, "replace")

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns in which values differ as they should."""
        return tuple(sorted({column for _, column in self.excused if column}))

    def is_refused(self, row: Row) -> bool:
        """Whether a source row was refused as a whole and is kept in quarantine; counts it."""
        if not self.set_aside.refused or not self.set_aside.refuses(self.key_of(row)):
            return False
        self.excused["refused", ""] += 1
        return True

    def differences(self, ours: Row, theirs: Row) -> Iterator[Difference]:
        """Compare two rows that belong together."""
        for each in self.reader.readings:
            a, b = each.of(ours), each.of(theirs)
            if not each.equal(a, b):
                difference = self._judge(each, self.key_of(ours), a, b)
                if difference is not None:
                    yield difference

    def _judge(self, each: Reading, key: str, ours: Row, theirs: Row) -> Difference | None:
        action = self._action(each, ours, theirs)
        if action and self.set_aside.holds(
            key, self._target_name(each), action, self._originals(each, ours)
        ):
            self.excused[action, each.name] += 1
            if action == "repaired" or self.excused[action, each.name] <= self._may_nullify(each):
                return None
        code, says = VALUE_DIFFERS, "the value differs"
        if action:
            code, says = NOT_KEPT, f"the value was {action}, but quarantine does not account for it"
        return self._tell(code, key, each.name, *shown_apart(each, ours, theirs), says)

    def _action(self, each: Reading, ours: Row, theirs: Row) -> str:
        """Name what the loader seems to have done to a value."""
        mended = self._mended(each, ours)
        if mended is not None and theirs[0] == mended:
            return "repaired"
        return "nullified" if theirs[0] is None and self._may_nullify(each) else ""

    def _mended(self, each: Reading, slots: Row) -> str | None:
        """Give what stands for a text that PostgreSQL can't hold; ``None`` for all other values."""
        value = slots[0]
        if not each.is_text:
            return None
        if isinstance(value, bytes) and len(slots) == 2 and not slots[1]:
            value = value.decode(self.reader.encoding, "replace")
        elif not isinstance(value, str) or "\0" not in value:
            return None
        return str(value).replace("\0", REPLACEMENT)

    def _may_nullify(self, each: Reading) -> int:
        return self.reader.plan.column(each.name).quarantined

    def _target_name(self, each: Reading) -> str:
        return self.reader.plan.column(each.name).name

    def _originals(self, each: Reading, slots: Row) -> Iterator[Original]:
        """Give what quarantine may hold for a value.

        Where slots tell no integer from a real of the same value, no number from its text, or no
        text from a blob of the same bytes, all are given.
        """
        for value in slots if each.type.kind is Kind.NUMERIC else slots[:1]:
            match value:
                case str():
                    classes = ("text", "integer", "real") if each.is_text else ("text",)
                    yield from ((one, value.encode(self.reader.encoding)) for one in classes)
                case bytes():
                    yield from ((storage, value) for storage in self._of_bytes(each, slots))
                case int():
                    yield "integer", str(value).encode(self.reader.encoding)
                case float():
                    sql = "SELECT CAST(CAST(? AS TEXT) AS BLOB)"
                    yield "real", next(iter(self.snapshot.execute(sql, (value,))))[0]

    @staticmethod
    def _of_bytes(each: Reading, slots: Row) -> tuple[str, ...]:
        """Give the storage classes that bytes can have had; a second slot tells."""
        if each.is_text and len(slots) == 2:
            return ("blob",) if slots[1] else ("text",)
        return "blob", "text"

    def expected(self, row: Row) -> Row:
        """Give a source row as the target should have it, its repaired and missing values too."""
        values = list(row)
        for each in self.reader.readings:
            slots = each.of(row)
            mended = self._mended(each, slots)
            if mended is not None:
                values[each.start] = mended
            if self._may_nullify(each) and self._is_nullified(each, row):
                values[each.start : each.slots.stop] = [None] * len(slots)
        return tuple(values)

    def _is_nullified(self, each: Reading, row: Row) -> bool:
        return self.set_aside.holds(
            self.key_of(row),
            self._target_name(each),
            "nullified",
            self._originals(each, each.of(row)),
        )

    def tell_missing(self, row: Row) -> Difference:
        """Say that a source row has no counterpart."""
        return self._tell(
            ROW_MISSING, self.key_of(row), "", shown_row(self.readings, row), None, "row is missing"
        )

    def tell_extra(self, row: Row) -> Difference:
        """Say that a target row has no counterpart: it is new, or one row too many."""
        keys = set(map(fold, self.reader.key_columns))
        key = {
            each.name: plain(each, each.of(row))
            for each in self.reader.readings
            if fold(each.name) in keys
        }
        text = json.dumps(key, ensure_ascii=False) if key else ""
        says = "row is not in the source, or stands here more often"
        return self._tell(ROW_EXTRA, text, "", None, shown_row(self.readings, row), says)

    def _tell(
        self,
        code: Code,
        key: str,
        column: str,
        ours: str | None,
        theirs: str | None,
        says: str,
    ) -> Difference:
        return Difference(self.reader.table.name, key, column, ours, theirs, says, code)
