"""Several connections to one state of a file, and the census by several threads."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import samples
from outgrow.errors import SourceError
from outgrow.sqlite import census as census_module
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.failures import CORRUPT
from outgrow.sqlite.readers import Readers
from outgrow.sqlite.snapshot import Snapshot, open_snapshot

COUNT = "SELECT count(*) FROM t"

WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0.2)
try:
    connection.execute("INSERT INTO t VALUES (0)")
    connection.commit()
except sqlite3.OperationalError as error:
    print(error)
else:
    print("written")
"""


def written_by_another_process(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def make(path: Path, mode: str = "delete") -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    for table in ("t", "u", "v"):
        connection.execute(f"CREATE TABLE {table} (a)")
        connection.executemany(f"INSERT INTO {table} VALUES (?)", ((n,) for n in range(500)))
    connection.commit()
    return connection


def rows(snapshot: Snapshot) -> int:
    ((count,),) = snapshot.connection.execute(COUNT)
    return int(str(count))


def test_another_connection_sees_the_same_and_its_end_lets_no_writer_in(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    make(path).close()
    with open_snapshot(path) as snapshot:
        second = snapshot.again()
        assert second is not None
        assert rows(second) == 500
        second.close()
        assert written_by_another_process(path) == "database is locked"
        third = snapshot.again()
        assert third is not None
        assert rows(third) == rows(snapshot) == 500
        third.close()
    assert written_by_another_process(path) == "written"


def test_of_a_wal_that_may_grow_there_is_one_connection(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(make(path, "wal")), open_snapshot(path) as snapshot:
        assert snapshot.again() is None
        assert written_by_another_process(path) == "written"
        assert rows(snapshot) == 500
        with Readers(snapshot, 3) as readers:
            assert list(readers.map(lambda reader, _: rows(reader), range(4))) == [500] * 4


def test_a_private_copy_of_a_wal_is_read_by_several(tmp_path: Path) -> None:
    writer = make(tmp_path / "app.db", "wal")
    for suffix in ("", "-wal"):
        (tmp_path / f"left.db{suffix}").write_bytes((tmp_path / f"app.db{suffix}").read_bytes())
    writer.close()
    with open_snapshot(tmp_path / "left.db") as snapshot:
        second = snapshot.again()
        assert second is not None
        assert rows(second) == 500
        second.close()
        assert rows(snapshot) == 500


@pytest.mark.parametrize("name", ["sakila.db", "chinook.db"])
def test_the_census_is_the_same_by_one_thread_and_by_several(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = samples.FOLDER / name
    if not path.exists():
        pytest.skip(samples.MISSING)
    with open_snapshot(path) as snapshot:
        source = read_catalog(snapshot)
        monkeypatch.setattr(census_module, "_WORTH_THREADS", 1 << 40)
        alone = take_census(snapshot, source)
        monkeypatch.setattr(census_module, "_WORTH_THREADS", 0)
        told: list[str] = []
        together = take_census(snapshot, source, progress=lambda table, *_: told.append(table))
    assert alone == together
    assert told == [table.name for table in source.tables]


def test_a_failure_ends_all_threads(tmp_path: Path) -> None:
    make(tmp_path / "app.db").close()

    def work(reader: Snapshot, table: str) -> int:
        if table == "u":
            raise SourceError(CORRUPT, "told", where=table)
        # Longer than anyone waits, unless it is interrupted.
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n"
        return sum(1 for _ in reader.connection.execute(f"SELECT count(*) FROM ({endless})"))

    with (
        open_snapshot(tmp_path / "app.db") as snapshot,
        pytest.raises(SourceError, match="told"),
        Readers(snapshot, 2) as readers,
    ):
        list(readers.map(work, ["u", "t", "v"]))
