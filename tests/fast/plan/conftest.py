"""Small databases, made by the stdlib's SQLite and read by the real reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.model.census import Census
from outgrow.model.source import SourceDatabase
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot

Read = tuple[SourceDatabase, Census]
Rows = dict[str, Sequence[Sequence[object]]]


@pytest.fixture
def read() -> Callable[[Path], Read]:
    """Read a file as the program does."""

    def read_file(path: Path) -> Read:
        with open_snapshot(path) as snapshot:
            source = read_catalog(snapshot)
            return source, take_census(snapshot, source)

    return read_file


@pytest.fixture
def made(tmp_path: Path, read: Callable[[Path], Read]) -> Callable[..., Read]:
    """Make a database of a script and rows by table, and read it."""

    def make(script: str, rows: Rows | None = None) -> Read:
        path = tmp_path / "a.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(script)
            for table, values in (rows or {}).items():
                quoted = table.replace('"', '""')
                marks = ", ".join("?" * len(values[0]))
                connection.executemany(f'INSERT INTO "{quoted}" VALUES ({marks})', values)
        return read(path)

    return make
