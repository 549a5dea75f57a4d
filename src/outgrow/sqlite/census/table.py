"""The census of one table: its texts are looked at while another reader counts its numbers.

A file often has one table that is larger than all others. So that no reader waits for the one that
has it, what takes long and nothing waits for is work of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from outgrow.model.census import ColumnFacts, ForeignKeyFacts, TableFacts
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.sqlite.census.basics import count_classes, refine
from outgrow.sqlite.census.computed import count_miscomputed
from outgrow.sqlite.census.decimals import count_decimals
from outgrow.sqlite.census.examples import other_integers
from outgrow.sqlite.census.foreign_keys import check_foreign_keys, count_null_keys
from outgrow.sqlite.census.questions import Question, questions_about
from outgrow.sqlite.census.scan import Scan
from outgrow.sqlite.census.texts import audit_texts
from outgrow.sqlite.census.times import count_times
from outgrow.sqlite.census.uuids import count_uuids
from outgrow.sqlite.failures import reading
from outgrow.sqlite.readers import Readers
from outgrow.sqlite.snapshot import Snapshot

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Begun:
    """A table of which all but the last looks is done."""

    table: str
    rows: int
    columns: list[ColumnFacts]
    numbers: Future[dict[str, dict[str, Any]]]
    foreign_keys: Future[tuple[ForeignKeyFacts, ...]]
    null_keys: int

    def facts(self) -> TableFacts:
        """Wait for the looks that are left, and give everything.

        Raises:
            SourceError: SQLite can't read the table to its end.

        """
        found = self.numbers.result()
        columns = tuple(replace(facts, **found.get(facts.column, {})) for facts in self.columns)
        return TableFacts(
            table=self.table,
            rows=self.rows,
            columns=columns,
            foreign_keys=self.foreign_keys.result(),
            null_keys=self.null_keys,
            bytes=sum(f.total_bytes + 8 * (f.integers + f.reals) for f in columns),
        )


def begin_table(
    readers: Readers, reader: Snapshot, source: SourceDatabase, table: SourceTable
) -> Begun:
    """Count what other looks depend on, hand out those that take long, and look at the texts.

    Raises:
        SourceError: SQLite can't read the table to its end.

    """

    def later(look: Callable[[Scan], Result]) -> Future[Result]:
        return readers.submit(partial(_look, source, table, look))

    with reading(reader, table.name):
        scan = Scan(reader, source, table)
        rows, columns = count_classes(scan)
        foreign_keys = later(check_foreign_keys)
        columns = refine(scan, columns)
        asked = questions_about(scan, columns)
        numbers = later(partial(_numbers, columns=columns, asked=asked))
        times = count_times(scan, _of(columns, asked, Question.TIME))
        uuids = count_uuids(scan, _of(columns, asked, Question.UUID))
        columns = [
            replace(facts, times=times.get(facts.column), uuids=uuids.get(facts.column))
            for facts in columns
        ]
        documents = {facts.column for facts in _of(columns, asked, Question.JSON)}
        columns = audit_texts(scan, columns, documents)
        return Begun(table.name, rows, columns, numbers, foreign_keys, count_null_keys(scan))


def _look(
    source: SourceDatabase, table: SourceTable, look: Callable[[Scan], Result], reader: Snapshot
) -> Result:
    with reading(reader, table.name):
        return look(Scan(reader, source, table))


def _numbers(
    scan: Scan, columns: list[ColumnFacts], asked: dict[str, set[Question]]
) -> dict[str, dict[str, Any]]:
    """Give what is found in columns by the names of their facts."""
    found: dict[str, dict[str, Any]] = {facts.column: {} for facts in columns}
    for fact, answers in (
        ("decimals", count_decimals(scan, _of(columns, asked, Question.DECIMAL))),
        ("not_zero_or_one", other_integers(scan, _of(columns, asked, Question.BOOLEAN))),
        ("miscomputed", count_miscomputed(scan)),
    ):
        for column, answer in answers.items():
            found[column][fact] = answer
    return found


def _of(
    columns: list[ColumnFacts], asked: dict[str, set[Question]], question: Question
) -> list[ColumnFacts]:
    return [facts for facts in columns if question in asked[facts.column]]
