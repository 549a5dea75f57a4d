"""The census: every value of a file is looked at, in SQL, inside SQLite.

Nobody is believed: neither the declared type nor a sample. A cheap sample and the declaration
only say which questions are worth asking; the answers count every value.
"""

from __future__ import annotations

from collections.abc import Callable

from outgrow.model.census import Census, TableFacts
from outgrow.model.source import SourceDatabase
from outgrow.sqlite.census.table import begin_table
from outgrow.sqlite.census.views import view_classes
from outgrow.sqlite.readers import Readers
from outgrow.sqlite.snapshot import Snapshot

#: Tables and columns are looked at side by side, as SQLite works without Python's lock, in files
#: from a size on.
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
    with _readers(snapshot) as readers:
        begun = readers.map(
            lambda reader, table: begin_table(readers, reader, source, table), source.tables
        )
        for done, table in enumerate(source.tables):
            if progress:
                progress(table.name, done, len(source.tables))
            tables[table.name] = next(begun).facts()
    return Census(snapshot.file, tables, view_classes(snapshot, source))


def _readers(snapshot: Snapshot) -> Readers:
    return Readers(snapshot, _THREADS if snapshot.size >= _WORTH_THREADS else 1)
