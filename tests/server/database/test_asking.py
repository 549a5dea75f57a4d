"""PRAGMA, sqlite_master and what else an application asks of its database."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


def test_table_info(db: Any) -> None:
    rows = [tuple(row) for row in db.execute("PRAGMA table_info(Tasks)")]
    assert rows == [
        (0, "TaskId", "INTEGER", 0, None, 1),
        (1, "Title", "TEXT", 1, None, 0),
        (2, "person_id", "INTEGER", 0, None, 0),
        (3, "order", "INTEGER", 0, "0", 0),
    ]


def test_table_info_of_what_is_not_there(db: Any) -> None:
    assert db.execute("PRAGMA table_info(nowhere)").fetchall() == []


def test_table_info_by_name(db: Any) -> None:
    names = {row["name"]: row["type"] for row in db.execute("PRAGMA table_info('people')")}
    assert names["created_at"] == "TEXT"


def test_table_info_as_a_table(db: Any) -> None:
    sql = "SELECT name FROM pragma_table_info(?) WHERE pk"
    assert db.execute(sql, ("people",)).fetchone()[0] == "id"


def test_tables_in_sqlite_master(db: Any) -> None:
    rows = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "ORDER BY name"
    )
    assert [row["name"] for row in rows] == [
        "Tasks",
        "audit",
        "events",
        "links",
        "people",
        "settings",
    ]


def test_one_table_in_sqlite_master(db: Any) -> None:
    sql = "SELECT name FROM sqlite_master WHERE type='table' AND name=?"
    assert db.execute(sql, ("people",)).fetchone() is not None
    assert db.execute(sql, ("nowhere",)).fetchone() is None


def test_the_definition_in_sqlite_master(db: Any) -> None:
    sql = "SELECT sql FROM sqlite_master WHERE name = 'settings'"
    found = db.execute(sql).fetchone()[0]
    assert found == "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT)"


def test_views_and_triggers_in_sqlite_master(db: Any) -> None:
    rows = db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger')")
    assert sorted(tuple(row) for row in rows) == [
        ("trigger", "people_renamed"),
        ("view", "adults"),
    ]


def test_index_list(db: Any) -> None:
    assert "people_by_age" in [row["name"] for row in db.execute("PRAGMA index_list(people)")]


def test_foreign_key_list(db: Any) -> None:
    row = db.execute("PRAGMA foreign_key_list(Tasks)").fetchone()
    assert (row["table"], row["from"], row["to"], row["on_delete"]) == (
        "people",
        "person_id",
        "id",
        "CASCADE",
    )


def test_pragmas_that_applications_set(db: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "busy_timeout = 5000",
        "cache_size = -2000",
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        db.execute(f"PRAGMA {pragma}")
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_user_version(db: Any) -> None:
    assert db.execute("PRAGMA user_version").fetchone()[0] == 0
    db.execute("PRAGMA user_version = 7")
    assert db.execute("PRAGMA user_version").fetchone()[0] == 7


def test_integrity_check(db: Any) -> None:
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_vacuum_and_analyze(db: Any) -> None:
    db.execute("VACUUM")
    db.execute("ANALYZE")
    db.execute("REINDEX")


def test_sqlite_version(db: Any) -> None:
    assert db.execute("SELECT sqlite_version()").fetchone()[0].startswith("3.")


def test_a_pragma_that_sets_gives_no_row(db: Any) -> None:
    cursor = db.execute("PRAGMA user_version = 3")
    assert cursor.fetchall() == []
    assert cursor.description is None


def test_explain_query_plan(db: Any) -> None:
    sql = "EXPLAIN QUERY PLAN SELECT * FROM people WHERE id = ?"
    assert "people" in db.execute(sql, (1,)).fetchone()["detail"]


def test_what_is_refused_says_what_to_do(backend: Any, db: Any) -> None:
    if backend.is_sqlite:
        return
    for sql, hint in (
        ("EXPLAIN QUERY PLAN SELECT 1", "Run EXPLAIN of PostgreSQL"),
        ("ATTACH 'x.db' AS x", "one PostgreSQL database"),
        ("CREATE VIRTUAL TABLE f USING fts5(a)", "FTS"),
        ("INSERT OR FAIL INTO settings VALUES ('a', 'b')", "OR FAIL"),
    ):
        with pytest.raises(sqlite3.NotSupportedError) as caught:
            db.execute(sql)
        assert hint.lower() in str(caught.value).lower(), sql
    assert db.execute("SELECT 1").fetchone()[0] == 1
