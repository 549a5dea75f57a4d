"""SAVEPOINT, RELEASE and ROLLBACK TO, nested and among failures."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


def names(db: Any) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM people ORDER BY id")]


def add(db: Any, name: str) -> None:
    db.execute("INSERT INTO people (name, email) VALUES (?, ?)", (name, f"{name}@x"))


def fail(db: Any, sql: str = "INSERT INTO people (name) VALUES (NULL)") -> None:
    with pytest.raises(sqlite3.Error):
        db.execute(sql)


def test_savepoint_rolled_back(db: Any) -> None:
    add(db, "a")
    db.execute("SAVEPOINT one")
    add(db, "b")
    db.execute("ROLLBACK TO one")
    add(db, "c")
    db.execute("RELEASE one")
    db.commit()
    assert names(db) == ["a", "c"]


def test_savepoint_begins_a_transaction(db: Any, other: Any) -> None:
    db.execute("SAVEPOINT one")
    assert db.in_transaction
    add(db, "a")
    assert names(other) == []
    db.execute("RELEASE one")
    assert not db.in_transaction
    assert names(other) == ["a"]


def test_savepoint_within_begin(db: Any, other: Any) -> None:
    db.execute("BEGIN")
    db.execute("SAVEPOINT one")
    add(db, "a")
    db.execute("RELEASE SAVEPOINT one")
    assert db.in_transaction
    assert names(other) == []
    db.execute("COMMIT")
    assert names(other) == ["a"]


def test_nested_savepoints(db: Any) -> None:
    db.execute("SAVEPOINT one")
    add(db, "a")
    db.execute("SAVEPOINT two")
    add(db, "b")
    db.execute("SAVEPOINT three")
    add(db, "c")
    db.execute("ROLLBACK TO two")
    add(db, "d")
    db.execute("RELEASE one")
    assert names(db) == ["a", "d"]


def test_savepoints_of_one_name(db: Any) -> None:
    db.execute("SAVEPOINT s")
    add(db, "a")
    db.execute("SAVEPOINT s")
    add(db, "b")
    db.execute("ROLLBACK TO s")
    db.execute("RELEASE s")
    assert db.in_transaction
    db.execute("RELEASE s")
    assert not db.in_transaction
    assert names(db) == ["a"]


def test_savepoint_names_in_any_case_and_quotes(db: Any) -> None:
    db.execute('SAVEPOINT "My Point"')
    add(db, "a")
    db.execute('ROLLBACK TO SAVEPOINT "my point"')
    db.execute('RELEASE "MY POINT"')
    db.execute("SAVEPOINT Upper")
    db.execute("RELEASE uPPER")
    assert names(db) == []


def test_savepoint_that_is_not_there(db: Any) -> None:
    for sql in ("RELEASE gone", "ROLLBACK TO gone"):
        with pytest.raises(sqlite3.OperationalError, match="no such savepoint: gone"):
            db.execute(sql)
    add(db, "a")
    with pytest.raises(sqlite3.OperationalError, match="no such savepoint: gone"):
        db.execute("RELEASE gone")
    assert names(db) == ["a"]


def test_failed_statements_among_savepoints(db: Any) -> None:
    add(db, "a")
    db.execute("SAVEPOINT one")
    fail(db)
    add(db, "b")
    fail(db)
    db.execute("SAVEPOINT two")
    fail(db)
    fail(db)
    add(db, "c")
    fail(db)
    db.execute("ROLLBACK TO two")
    fail(db)
    add(db, "d")
    db.execute("RELEASE one")
    fail(db)
    add(db, "e")
    db.commit()
    assert names(db) == ["a", "b", "d", "e"]


def test_rollback_beyond_savepoints(db: Any) -> None:
    db.execute("SAVEPOINT one")
    add(db, "a")
    db.rollback()
    assert not db.in_transaction
    with pytest.raises(sqlite3.OperationalError, match="no such savepoint"):
        db.execute("RELEASE one")
    assert names(db) == []


def test_commit_releases_savepoints(db: Any, other: Any) -> None:
    db.execute("SAVEPOINT one")
    add(db, "a")
    db.commit()
    assert names(other) == ["a"]


def test_definitions_within_savepoints(db: Any) -> None:
    db.execute("BEGIN")
    db.execute("SAVEPOINT one")
    db.execute("CREATE TABLE fresh (a)")
    db.execute("INSERT INTO fresh VALUES (1)")
    db.execute("ROLLBACK TO one")
    fail(db, "SELECT * FROM fresh")
    db.execute("CREATE TABLE fresh (b)")
    db.execute("INSERT INTO fresh (b) VALUES (2)")
    db.execute("COMMIT")
    assert tuple(db.execute("SELECT * FROM fresh").fetchone()) == (2,)
