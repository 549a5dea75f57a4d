"""The rows of views on both sides, compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw
import psycopg

from outgrow.errors import Code, define
from outgrow.model.source import SourceView
from outgrow.model.steps import BuiltView
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import qualified, quote
from outgrow.sqlite.rows import quote_identifier
from outgrow.verify.canonical import Reading, Row, placed, view_reading
from outgrow.verify.differences import (
    MOST_TOLD,
    ROW_EXTRA,
    ROW_MISSING,
    VALUE_DIFFERS,
    Difference,
    TableComparison,
    shown_apart,
    shown_row,
    unreadable,
)
from outgrow.verify.matching import Matcher
from outgrow.verify.merging import Alike, Consumed, Step, walk
from outgrow.verify.streams import Sizes, source_blocks, target_rows
from outgrow.verify.view_order import ViewOrder, view_order

ORDER_DIFFERS = define("OG-605", "A view gives the same rows in another order.")

#: Rows of a view are not weighed: nothing says how large they can be before it has run.
_BLOCK_ROWS = 500


class _OutOfStep(Exception):
    """The rows don't come in the same order, or differ."""


def compare_view(
    snapshot_connection: apsw.Connection,
    connection: psycopg.Connection[Any],
    view: SourceView,
    built: BuiltView,
    *,
    schema: str,
) -> TableComparison:
    """Compare the rows of a view; sums of REAL agree to a relative 1e-12.

    With an ORDER BY the rows must come in the same order, those aside that it holds equal.
    What differs is looked at a second time: the clock may have ticked between both sides.

    Raises:
        SourceError: SQLite can't run the view.
        psycopg.OperationalError: the connection to PostgreSQL is lost.

    """
    comparing = _ViewComparing(snapshot_connection, connection, view, built, schema)
    result = comparing.run()
    if result.ok:
        return result
    return _ViewComparing(snapshot_connection, connection, view, built, schema).run()


@dataclass(frozen=True, slots=True)
class _ViewJudge:
    """Compares rows of a view, which have no key and which nothing excuses."""

    name: str
    readings: tuple[Reading, ...]
    is_keyed: bool = False

    @property
    def match_slots(self) -> tuple[int, ...]:
        """The slots in which equal rows are identical."""
        return tuple(slot for each in self.readings if _is_exact(each) for slot in each.slots)

    def is_refused(self, row: Row) -> bool:
        return False

    def is_unsortable(self, row: Row) -> bool:
        return False

    def expected(self, row: Row) -> Row:
        return row

    def differences(self, ours: Row, theirs: Row) -> Iterator[Difference]:
        for each in self.readings:
            a, b = each.of(ours), each.of(theirs)
            if not each.equal(a, b):
                yield self._tell(
                    VALUE_DIFFERS,
                    each.name,
                    *shown_apart(each, a, b),
                    "the value differs",
                    shown_row(self.readings, ours),
                )

    def tell_missing(self, row: Row) -> Difference:
        return self._tell(ROW_MISSING, "", shown_row(self.readings, row), None, "row is missing")

    def tell_extra(self, row: Row) -> Difference:
        return self._tell(
            ROW_EXTRA, "", None, shown_row(self.readings, row), "row is not in the source's view"
        )

    def _tell(
        self,
        code: Code,
        column: str,
        ours: str | None,
        theirs: str | None,
        says: str,
        key: str = "",
    ) -> Difference:
        return Difference(self.name, key, column, ours, theirs, says, code)


def _is_exact(reading: Reading) -> bool:
    return reading.type.kind not in (Kind.DOUBLE, Kind.NUMERIC, Kind.JSONB)


@dataclass(slots=True)
class _ViewComparing:
    snapshot: apsw.Connection
    connection: psycopg.Connection[Any]
    view: SourceView
    built: BuiltView
    schema: str
    told: list[Difference] = field(default_factory=list)
    total: int = 0

    def run(self) -> TableComparison:
        judge = _ViewJudge(self.view.name, placed(self._readings()))
        order = view_order(self.view.sql, self.view.columns)
        try:
            try:
                return self._in_order(judge)
            except _OutOfStep:
                rows = self._matched(judge)
            if order.is_ordered and not self.total:
                self._tell(self._order_differences(judge, order))
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            self._tell([unreadable(self.view.name, error)])
            rows = (0, 0)
        return TableComparison(self.view.name, *rows, tuple(self.told), self.total)

    def _readings(self) -> Iterator[Reading]:
        for number, (name, kind) in enumerate(self.built.columns):
            target = f"{quote(self.built.target)}.c{number}"
            yield view_reading(name, kind, f"v.c{number}", target)

    def _in_order(self, judge: _ViewJudge) -> TableComparison:
        rows = self._walk(judge.readings, _never_differs(judge), ())
        return TableComparison(self.view.name, *rows)

    def _matched(self, judge: _ViewJudge) -> tuple[int, int]:
        matcher = Matcher(judge, self._tell)
        rest = [
            slot
            for each in judge.readings
            if not _is_exact(each) and each.type.kind is not Kind.JSONB
            for slot in each.slots
        ]
        rows = self._walk(judge.readings, matcher.step, (*judge.match_slots, *rest))
        matcher.settle()
        return rows

    def _order_differences(self, judge: _ViewJudge, order: ViewOrder) -> Iterator[Difference]:
        """Compare the columns of ORDER BY alone, in the order in which they come."""
        if not order.columns:
            return
        readings = [judge.readings[column] for column in order.columns]
        sorted_by = _ViewJudge(self.view.name, placed(readings))
        try:
            self._walk(sorted_by.readings, _never_differs(sorted_by), ())
        except _OutOfStep:
            names = ",".join(each.name for each in readings)
            says = f"the same rows come in another order of {names}"
            yield Difference(self.view.name, "", names, None, None, says, ORDER_DIFFERS)

    def _walk(
        self, readings: Sequence[Reading], step: Step, order: Sequence[int]
    ) -> tuple[int, int]:
        names = ", ".join(f"c{number}" for number in range(len(self.built.columns)))
        ours = ", ".join(sql for each in readings for sql in each.source)
        theirs = ", ".join(sql for each in readings for sql in each.target)
        source = (
            f"WITH v({names}) AS (SELECT * FROM main.{quote_identifier(self.view.name)}) "
            f"SELECT {ours} FROM v"
        )
        view, alias = qualified(self.schema, self.built.target), quote(self.built.target)
        target = f"SELECT {theirs} FROM {view} AS {alias} ({names})"
        if order:
            source += " ORDER BY " + ", ".join(f"{slot + 1} COLLATE BINARY" for slot in order)
            target += " ORDER BY " + ", ".join(f"{slot + 1} NULLS FIRST" for slot in order)
        sizes = Sizes(rows=_BLOCK_ROWS, widest=1)
        blocks = source_blocks(self.snapshot, source, sizes, self.view.name)
        with target_rows(self.connection, target, sizes) as rows:
            return walk(blocks, rows, Alike(readings), step)

    def _tell(self, differences: Iterable[Difference]) -> None:
        for difference in differences:
            self.total += 1
            if len(self.told) < MOST_TOLD:
                self.told.append(difference)


def _never_differs(judge: _ViewJudge) -> Step:
    def step(ours: Row | None, theirs: Row | None) -> Consumed:
        if ours is None or theirs is None or next(judge.differences(ours, theirs), None):
            raise _OutOfStep
        return Consumed.BOTH

    return step
