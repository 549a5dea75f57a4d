"""The extracted schema replays in plain SQLite to the very same schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.sqlite.extract import replayable_schema
from outgrow.sqlite.snapshot import open_snapshot

Schema = list[tuple[str, str, str, str]]
SCHEMA = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"


def schema_of(path: Path) -> Schema:
    with closing(sqlite3.connect(path)) as connection:
        found: Schema = connection.execute(SCHEMA).fetchall()
    return [row for row in found if not row[1].startswith("sqlite_stat")]


def extract(path: Path) -> str:
    with open_snapshot(path) as snapshot:
        return replayable_schema(snapshot)


def replayed(sql: str, folder: Path) -> Schema:
    path = folder / "replayed.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    return schema_of(path)


@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila"])
def test_real_schemas(name: str, shared_database: Callable[[str], Path], tmp_path: Path) -> None:
    path = shared_database(name)
    assert replayed(extract(path), tmp_path) == schema_of(path)


HOSTILE = """
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT -- the last comment
);
INSERT INTO a(x) VALUES (1);
ANALYZE;
CREATE INDEX "one; two" ON a(x) -- ends in a comment
;
CREATE VIEW v AS SELECT * FROM w /* w comes later */;
CREATE VIEW w AS SELECT x FROM a -- comment;
;
CREATE TRIGGER late AFTER INSERT ON b BEGIN SELECT 1; SELECT ';'; END;
CREATE TRIGGER of_view INSTEAD OF INSERT ON w BEGIN INSERT INTO a(x) VALUES (new.x); END;
CREATE VIRTUAL TABLE words USING fts5(body);
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
CREATE TABLE words_of_mine(x);
CREATE TABLE wr(k TEXT PRIMARY KEY, v ANY) WITHOUT ROWID, STRICT;
"""


def test_hostile_schemas(make: Callable[..., Path], tmp_path: Path) -> None:
    path = make("CREATE TABLE b(x REFERENCES c); CREATE TABLE c(y PRIMARY KEY);" + HOSTILE)
    sql = extract(path)
    assert replayed(sql, tmp_path) == schema_of(path)
    assert "sqlite_sequence" not in sql
    assert "words_data" not in sql


def test_what_plain_sqlite_cannot_make_is_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_function("of_the_app", 1, lambda x: x, deterministic=True)
        connection.execute("CREATE TABLE t(x)")
        connection.execute("CREATE INDEX plain ON t(x)")
        connection.execute("CREATE INDEX i ON t(of_the_app(x),\n x)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_schema VALUES"
            " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING gone(x)'),"
            " ('table', 'broken', 'broken', 0, 'DROP TABLE t')"
        )
    sql = extract(path)
    assert [row[1] for row in replayed(sql, tmp_path)] == ["plain", "t"]
    assert "-- CREATE INDEX i ON t(of_the_app(x),\n--  x)\n" in sql
    assert "-- CREATE VIRTUAL TABLE v USING gone(x)\n" in sql
    assert "-- DROP TABLE t\n" in sql
