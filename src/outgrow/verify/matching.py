"""Rows matched by key or by all of their values, and those that found no partner."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from outgrow.model.types import Kind
from outgrow.verify.canonical import Reading, Row
from outgrow.verify.differences import Difference
from outgrow.verify.json_values import hashable
from outgrow.verify.merging import Consumed, bits, sort_key

#: Rows and bytes that wait for a partner at most; later ones are told at once.
_MOST_ROWS = 100_000
_MOST_BYTES = 64 << 20

#: Rows a side among which the most similar one is looked for.
_MOST_SIMILAR = 100


class RowJudge(Protocol):
    """What says whether two rows are the same, and words it where they are not."""

    @property
    def readings(self) -> Sequence[Reading]:
        """The columns of a row."""
        ...

    @property
    def match_slots(self) -> Sequence[int]:
        """The slots by which both sides are sorted and rows are matched."""
        ...

    @property
    def is_keyed(self) -> bool:
        """Whether these slots are a key, so that they name the row."""
        ...

    def is_refused(self, row: Row) -> bool:
        """Whether a source row rightly has no counterpart."""
        ...

    def is_unsortable(self, row: Row) -> bool:
        """Whether a source row's place among the others tells nothing."""
        ...

    def expected(self, row: Row) -> Row:
        """A source row as the target should have it."""
        ...

    def differences(self, ours: Row, theirs: Row) -> Iterator[Difference]:
        """Compare two rows that belong together."""
        ...

    def tell_missing(self, row: Row) -> Difference:
        """Say that a source row has no counterpart."""
        ...

    def tell_extra(self, row: Row) -> Difference:
        """Say that a target row has no counterpart."""
        ...


@dataclass(slots=True)
class Matcher:
    """Takes the rows of two sorted streams that are not identical, and tells what differs.

    Rows without a partner wait to the end: a repaired text may be in the key of a row, or a table
    has no key and one value was changed; then what belongs together was not sorted together.
    """

    judge: RowJudge
    tell: Callable[[Iterable[Difference]], None]
    missing: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    _bytes: int = 0

    def step(self, ours: Row | None, theirs: Row | None) -> Consumed:
        """Take two rows, or one that is left over (see `merging.walk`)."""
        if ours is not None and theirs is not None and not self.judge.is_unsortable(ours):
            slots = self.judge.match_slots
            mine, other = sort_key(ours, slots), sort_key(theirs, slots)
            if mine == other:
                return self._take_both(ours, theirs)
            if mine > other:
                ours = None
        if ours is not None:
            self._take_missing(ours)
            return Consumed.OURS
        assert theirs is not None
        self._take_extra(theirs)
        return Consumed.THEIRS

    def _take_both(self, ours: Row, theirs: Row) -> Consumed:
        """Take two rows that match. Without a key, others may match as well, and better."""
        if self.judge.is_keyed:
            self.tell(self.judge.differences(ours, theirs))
        elif self._common(ours, theirs) < len(self.judge.readings):
            self._take_missing(ours)
            self._take_extra(theirs)
        return Consumed.BOTH

    def _take_missing(self, row: Row) -> None:
        if self.judge.is_refused(row):
            return
        if self._has_room(row):
            self.missing.append(row)
        else:
            self.tell([self.judge.tell_missing(row)])

    def _take_extra(self, row: Row) -> None:
        if self._has_room(row):
            self.extra.append(row)
        else:
            self.tell([self.judge.tell_extra(row)])

    def _has_room(self, row: Row) -> bool:
        self._bytes += sum(len(value) for value in row if isinstance(value, str | bytes))
        return self._bytes <= _MOST_BYTES and len(self.missing) + len(self.extra) < _MOST_ROWS

    def settle(self) -> None:
        """Pair what belongs together, the best fit first, and tell all that differs."""
        self._pair(self._identity)
        self._pair(lambda row: sort_key(row, self.judge.match_slots))
        if not self.judge.is_keyed:
            self._pair_similar()
        self.tell(map(self.judge.tell_missing, self.missing))
        self.tell(map(self.judge.tell_extra, self.extra))

    def _identity(self, row: Row) -> Hashable:
        """Give what two rows have in common only if they are the same."""
        readings = self.judge.readings
        documents = [each.start for each in readings if each.type.kind is Kind.JSONB]
        others = [slot for each in readings for slot in each.slots if slot not in documents]
        same = bits([row[slot] for slot in others])
        return same, tuple(hashable(row[slot]) for slot in documents)

    def _pair(self, same: Callable[[Row], Hashable]) -> None:
        """Pair each missing row, as it should have arrived, with an extra one."""
        if not self.missing or not self.extra:
            return
        waiting: dict[Hashable, deque[Row]] = {}
        for row in self.extra:
            waiting.setdefault(same(row), deque()).append(row)
        unpaired = []
        for row in self.missing:
            partners = waiting.get(same(self.judge.expected(row)))
            if partners:
                self.tell(self.judge.differences(row, partners.popleft()))
            else:
                unpaired.append(row)
        self.missing = unpaired
        self.extra = [row for rows in waiting.values() for row in rows]

    def _pair_similar(self) -> None:
        """Pair rows with at least half of their values in common, so that a column is named."""
        if len(self.missing) > _MOST_SIMILAR or len(self.extra) > _MOST_SIMILAR:
            return
        unpaired = []
        for row in self.missing:
            scores = [self._common(row, other) for other in self.extra]
            best = max(scores, default=0)
            if best and best * 2 >= len(self.judge.readings):
                self.tell(self.judge.differences(row, self.extra.pop(scores.index(best))))
            else:
                unpaired.append(row)
        self.missing = unpaired

    def _common(self, ours: Row, theirs: Row) -> int:
        return sum(each.equal(each.of(ours), each.of(theirs)) for each in self.judge.readings)
