"""The census: every value of a file is looked at, in SQL, inside SQLite.

Nobody is believed: neither the declared type nor a sample. A cheap sample and the declaration
only say which questions are worth asking; the answers count every value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from outgrow.model.census import Census, ColumnFacts, TableFacts
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
from outgrow.sqlite.census.views import view_classes
from outgrow.sqlite.failures import reading
from outgrow.sqlite.readers import Readers
from outgrow.sqlite.snapshot import Snapshot

#: Tables are counted side by side, as SQLite works without Python's lock, in files from a size on.
_THREADS = 2
_WORTH_THREADS = 4 << 20


def take_census(
    snapshot: Snapshot,
    source: SourceDatabase,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> Census:
    """Count every value of every table, and see what the views give.

    Args:
        snapshot: the open file.
        source: its catalog.
        progress: called before each table with its name, the tables done and their number.

    Raises:
        SourceError: SQLite can't read a table to its end.

    """
    tables: dict[str, TableFacts] = {}
    with _readers(snapshot, source) as readers:
        counted = readers.map(lambda reader, table: _table(reader, source, table), source.tables)
        for done, table in enumerate(source.tables):
            if progress:
                progress(table.name, done, len(source.tables))
            tables[table.name] = next(counted)
    return Census(snapshot.file, tables, view_classes(snapshot, source))


def _readers(snapshot: Snapshot, source: SourceDatabase) -> Readers:
    worth = snapshot.size >= _WORTH_THREADS and len(source.tables) > 1
    return Readers(snapshot, _THREADS if worth else 1)


def _table(reader: Snapshot, source: SourceDatabase, table: SourceTable) -> TableFacts:
    with reading(reader, table.name):
        return _count(Scan(reader, source, table), table)


def _count(scan: Scan, table: SourceTable) -> TableFacts:
    rows, columns = count_classes(scan)
    columns = refine(scan, columns)
    asked = questions_about(scan, columns)
    times = count_times(scan, _of(columns, asked, Question.TIME))
    decimals = count_decimals(scan, _of(columns, asked, Question.DECIMAL))
    uuids = count_uuids(scan, _of(columns, asked, Question.UUID))
    miscomputed = count_miscomputed(scan)
    others = other_integers(scan, _of(columns, asked, Question.BOOLEAN))
    columns = [
        replace(
            facts,
            times=times.get(facts.column),
            decimals=decimals.get(facts.column),
            uuids=uuids.get(facts.column),
            not_zero_or_one=others.get(facts.column, ()),
            miscomputed=miscomputed.get(facts.column, 0),
        )
        for facts in columns
    ]
    columns = audit_texts(scan, columns, {f.column for f in _of(columns, asked, Question.JSON)})
    return TableFacts(
        table=table.name,
        rows=rows,
        columns=tuple(columns),
        foreign_keys=check_foreign_keys(scan),
        null_keys=count_null_keys(scan),
        bytes=sum(f.total_bytes + 8 * (f.integers + f.reals) for f in columns),
    )


def _of(
    columns: list[ColumnFacts], asked: dict[str, set[Question]], question: Question
) -> list[ColumnFacts]:
    return [facts for facts in columns if question in asked[facts.column]]
