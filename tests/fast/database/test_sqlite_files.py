"""Several files of one application, by their names."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.database import SQLiteAdapter


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE place (path TEXT)")
        connection.execute("INSERT INTO place VALUES (?)", (str(path),))
        connection.commit()
    return path


def opened(adapter: SQLiteAdapter, database: str | None = None) -> str:
    with adapter.get_connection(database=database) as connection:
        return connection.execute("SELECT path FROM place").fetchone()[0]


def test_files_in_several_folders(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a" / "app.db"), make(tmp_path / "b" / "past.sqlite3")
    adapter = SQLiteAdapter(first, files={"app": first, "history": second})
    assert opened(adapter) == opened(adapter, "app") == str(first)
    assert opened(adapter, "history") == str(second)


def test_with_another_path_nothing_of_the_application_is_opened(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a" / "app.db"), make(tmp_path / "b" / "past.sqlite3")
    mine, beside = make(tmp_path / "test" / "mine.db"), make(tmp_path / "test" / "past.sqlite3")
    adapter = SQLiteAdapter(mine, files={"app": first, "history": second})
    assert opened(adapter) == opened(adapter, "app") == str(mine)
    assert opened(adapter, "history") == str(beside)


def test_files_that_are_called_alike_stay_two(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "db.sqlite", tmp_path / "b" / "db.sqlite"
    mine, beside = make(tmp_path / "t" / "db.sqlite"), make(tmp_path / "t" / "b_db.sqlite")
    adapter = SQLiteAdapter(mine, files={"a_db": first, "b_db": second})
    assert (opened(adapter), opened(adapter, "b_db")) == (str(mine), str(beside))


def test_a_name_that_nobody_knows_makes_no_file(tmp_path: Path) -> None:
    first = make(tmp_path / "app.db")
    adapter = SQLiteAdapter(first, files={"app": first})
    with pytest.raises(sqlite3.OperationalError, match=r"'histroy'; there are: app"):
        opened(adapter, "histroy")
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".db"} == {"app.db"}


def test_every_file_has_to_be_there(tmp_path: Path) -> None:
    first, second = make(tmp_path / "app.db"), tmp_path / "past.db"
    adapter = SQLiteAdapter(first, files={"app": first, "past": second})
    assert not adapter.health_check()
    assert f"there is no file {second}" in adapter.health_error
    assert not second.exists()
    make(second)
    assert adapter.health_check()
    assert not adapter.health_error
    second.write_text("no database")
    assert not adapter.health_check()
    assert str(second) in adapter.health_error


def test_in_memory_all_names_are_one_database() -> None:
    adapter = SQLiteAdapter(":memory:", files={"app": Path("/a.db"), "past": Path("/b.db")})
    assert adapter.health_check()
    with adapter.get_connection(database="past") as connection:
        connection.execute("CREATE TABLE t (a)")
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT * FROM t").fetchall() == []
    adapter.close()
