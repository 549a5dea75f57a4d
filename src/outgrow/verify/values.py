"""Every value of a table on both sides, compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import apsw
import psycopg

from outgrow.model.census import TableFacts
from outgrow.model.names import fold
from outgrow.model.plan import TablePlan
from outgrow.model.source import SourceTable
from outgrow.sqlite.rows import quote_identifier
from outgrow.verify.canonical import Row
from outgrow.verify.differences import MOST_TOLD, Difference, TableComparison, unreadable
from outgrow.verify.judging import Judge
from outgrow.verify.matching import Matcher
from outgrow.verify.merging import Alike, Consumed, Step, walk
from outgrow.verify.quarantine import Quarantined, TableQuarantine
from outgrow.verify.refused import kept_whole
from outgrow.verify.streams import BLOCK_BYTES, BLOCK_ROWS, Sizes, target_rows
from outgrow.verify.tables import TableReader, file_encoding, sizes_for

#: Columns compared at once: each can take two results of a SELECT, of which PostgreSQL has 1,664
#: (https://www.postgresql.org/docs/current/limits.html).
_MOST_COLUMNS = 700


class _OutOfStep(Exception):
    """The rows don't come in the same order, or differ: they have to be sorted and matched."""


def compare_table(
    snapshot_connection: apsw.Connection,
    connection: psycopg.Connection[Any],
    table: SourceTable,
    plan: TablePlan,
    *,
    schema: str,
    facts: TableFacts | None,
    quarantine: Quarantined,
    progress: Callable[[int], None] | None = None,
    block_rows: int = BLOCK_ROWS,
    block_bytes: int = BLOCK_BYTES,
) -> TableComparison:
    """Compare every value of a table, in blocks of flat memory.

    Rows come first in the order in which they are stored: right after loading that is the same on
    both sides, and equal streams are equal tables. Otherwise both sides sort, and rows are matched
    by key; without a key, by all of their values.

    Args:
        snapshot_connection: SQLite, inside its read transaction.
        connection: PostgreSQL; nothing in it is changed.
        table: the source table.
        plan: what it was to become.
        schema: where it is now: the staging schema, or the published one.
        facts: what the census says of its sizes and texts; nothing else of it is believed.
        quarantine: the originals that the loader set aside.
        progress: told the rows that were read, after each block.
        block_rows: rows in memory at once.
        block_bytes: bytes of one side in memory at once, a single row aside.

    Raises:
        SourceError: SQLite can't read the table.
        psycopg.OperationalError: the connection to PostgreSQL is lost.

    """
    reader = TableReader(
        table, plan, schema, file_encoding(snapshot_connection), _invalid_texts(facts)
    )
    comparing = _Comparing(
        snapshot_connection,
        connection,
        reader,
        kept_whole(snapshot_connection, reader, quarantine.of(plan.name)),
        sizes_for(facts, Sizes(block_rows, block_bytes)),
        progress or (lambda _rows: None),
    )
    parts = [_compare_part(replace(comparing, reader=part)) for part in _parts(comparing.reader)]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _compare_part(comparing: _Comparing) -> TableComparison:
    try:
        return comparing.run()
    except UnicodeDecodeError:
        every = frozenset(column.source for column in comparing.reader.plan.columns)
        return replace(comparing, reader=replace(comparing.reader, raw=every)).run()


def _parts(reader: TableReader) -> Iterator[TableReader]:
    """Cut a table too wide for PostgreSQL's lists of results into parts that have its key."""
    columns = reader.plan.columns
    if len(columns) <= _MOST_COLUMNS:
        yield reader
        return
    names = set(map(fold, reader.key_columns))
    key = tuple(column for column in columns if fold(column.source) in names)
    rest = [column for column in columns if column not in key]
    for start in range(0, len(rest), _MOST_COLUMNS):
        part = (*key, *rest[start : start + _MOST_COLUMNS])
        yield replace(reader, plan=replace(reader.plan, columns=part))


def _joined(parts: list[TableComparison]) -> TableComparison:
    """Put the parts of a wide table together; rows are told by the first alone."""
    first, *others = parts
    told = [*first.differences]
    total = first.total
    for part in others:
        values = [each for each in part.differences if each.column]
        told += values
        total += part.total - (len(part.differences) - len(values))
    return replace(
        first,
        differences=tuple(told[:MOST_TOLD]),
        total=total,
        repaired=sum(part.repaired for part in parts),
        nullified=sum(part.nullified for part in parts),
        changed=tuple(sorted({name for part in parts for name in part.changed})),
    )


def _invalid_texts(facts: TableFacts | None) -> frozenset[str]:
    columns = facts.columns if facts else ()
    return frozenset(column.column for column in columns if column.invalid_utf8)


@dataclass(slots=True)
class _Comparing:
    """One comparison of one table."""

    snapshot: apsw.Connection
    connection: psycopg.Connection[Any]
    reader: TableReader
    set_aside: TableQuarantine
    sizes: Sizes
    progress: Callable[[int], None]
    told: list[Difference] = field(init=False, default_factory=list)
    total: int = field(init=False, default=0)

    def run(self) -> TableComparison:
        try:
            try:
                return self._as_stored()
            except _OutOfStep:
                return self._matched()
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            return self._unreadable(error)

    def _as_stored(self) -> TableComparison:
        """Compare in the order of storage; a difference that nothing excuses ends it."""
        judge = Judge(self.reader, self.set_aside, self.snapshot)
        excusing = bool(self.set_aside)

        def step(ours: Row | None, theirs: Row | None) -> Consumed:
            if not excusing or ours is None:
                raise _OutOfStep
            if judge.is_refused(ours):
                return Consumed.OURS
            if theirs is None or next(judge.differences(ours, theirs), None) is not None:
                raise _OutOfStep
            return Consumed.BOTH

        return self._walk(step, judge, ordered=False, keys=excusing)

    def _matched(self) -> TableComparison:
        """Compare in sorted order, row by row where blocks differ."""
        judge = Judge(self.reader, self.set_aside, self.snapshot)
        matcher = Matcher(judge, self._tell)
        counted = self._walk(matcher.step, judge, ordered=True, keys=True)
        matcher.settle()
        return self._comparison(counted.rows_source, counted.rows_target, judge)

    def _walk(self, step: Step, judge: Judge, *, ordered: bool, keys: bool) -> TableComparison:
        source = self.reader.source_blocks(
            self.snapshot, self.sizes, self.reader.table.name, ordered=ordered, keys=keys
        )
        sql = self.reader.target_sql(ordered=ordered)
        seen = 0

        def told() -> Iterable[list[Row]]:
            nonlocal seen
            for block in source:
                yield block
                seen += len(block)
                self.progress(seen)

        with target_rows(self.connection, sql, self.sizes) as target:
            alike = Alike(self.reader.readings, are_small=not self.sizes.weighs)
            rows = walk(iter(told()), target, alike, step)
        return self._comparison(*rows, judge)

    def _tell(self, differences: Iterable[Difference]) -> None:
        for difference in differences:
            self.total += 1
            if len(self.told) < MOST_TOLD:
                self.told.append(difference)

    def _comparison(self, source: int, target: int, judge: Judge) -> TableComparison:
        def excused(action: str) -> int:
            return sum(count for (done, _), count in judge.excused.items() if done == action)

        return TableComparison(
            self.reader.table.name,
            source,
            target,
            tuple(self.told),
            self.total,
            excused("repaired"),
            excused("nullified"),
            excused("refused"),
            judge.changed,
        )

    def _unreadable(self, error: psycopg.Error) -> TableComparison:
        name = self.reader.table.name
        sql = f"SELECT count(*) FROM main.{quote_identifier(name)}"
        (rows,) = next(iter(self.snapshot.execute(sql)))
        return TableComparison(name, int(rows), 0, (unreadable(name, error),), 1)
