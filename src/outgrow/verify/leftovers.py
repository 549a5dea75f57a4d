"""Rows that found no partner: they may still belong together, or are missing and extra."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from outgrow.verify.canonical import Row
from outgrow.verify.differences import Difference
from outgrow.verify.judging import Judge
from outgrow.verify.merging import sort_key

#: Rows and bytes that wait for a partner at most; later ones are told at once.
_MOST_ROWS = 100_000
_MOST_BYTES = 64 << 20

#: Rows a side among which the most similar one is looked for.
_MOST_SIMILAR = 100


@dataclass(slots=True)
class Leftovers:
    """Collects rows without partner, and in the end gives what differs.

    A repaired text is in the key of a row, or a table has no key and one value of a row was
    changed: then what belongs together was not sorted together.
    """

    judge: Judge
    missing: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    _bytes: int = 0

    def add_missing(self, row: Row) -> Difference | None:
        """Take a source row; gives the difference at once when there is no more room."""
        if self._is_full(row):
            return self.judge.tell_missing(row)
        self.missing.append(row)
        return None

    def add_extra(self, row: Row) -> Difference | None:
        """Take a target row; gives the difference at once when there is no more room."""
        if self._is_full(row):
            return self.judge.tell_extra(row)
        self.extra.append(row)
        return None

    def _is_full(self, row: Row) -> bool:
        self._bytes += sum(len(value) for value in row if isinstance(value, str | bytes))
        return self._bytes > _MOST_BYTES or len(self.missing) + len(self.extra) >= _MOST_ROWS

    def settle(self) -> Iterator[Difference]:
        """Pair what belongs together, and give all that differs."""
        yield from self._pair_expected()
        if not self.judge.reader.is_keyed:
            yield from self._pair_similar()
        yield from map(self.judge.tell_missing, self.missing)
        yield from map(self.judge.tell_extra, self.extra)

    def _pair_expected(self) -> Iterator[Difference]:
        if not self.extra:
            return
        slots = self.judge.reader.match_slots
        waiting: dict[object, list[Row]] = {}
        for row in self.extra:
            waiting.setdefault(sort_key(row, slots), []).append(row)
        unpaired = []
        for row in self.missing:
            partners = waiting.get(sort_key(self.judge.expected(row), slots))
            if partners:
                yield from self.judge.differences(row, partners.pop(0))
            else:
                unpaired.append(row)
        self.missing = unpaired
        self.extra = [row for rows in waiting.values() for row in rows]

    def _pair_similar(self) -> Iterator[Difference]:
        """Pair rows with at least half of their values in common, so that a column is named."""
        if len(self.missing) > _MOST_SIMILAR or len(self.extra) > _MOST_SIMILAR:
            return
        unpaired = []
        for row in self.missing:
            best = max(self.extra, key=lambda other: self._common(row, other), default=None)
            if best is not None and self._common(row, best) * 2 >= len(self.judge.reader.readings):
                self.extra.remove(best)
                yield from self.judge.differences(row, best)
            else:
                unpaired.append(row)
        self.missing = unpaired

    def _common(self, ours: Row, theirs: Row) -> int:
        return sum(
            each.equal(each.of(ours), each.of(theirs)) for each in self.judge.reader.readings
        )
