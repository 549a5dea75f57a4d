"""Transactions, savepoints, and what a failed statement leaves of them."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import pytest

ADD = "INSERT INTO people (name, email) VALUES (?, ?)"


def names(db: Any) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM people ORDER BY id")]


def add(db: Any, name: str) -> None:
    db.execute(ADD, (name, f"{name}@x"))


def fail(db: Any, sql: str = "INSERT INTO people (name) VALUES (NULL)") -> None:
    with pytest.raises(sqlite3.Error):
        db.execute(sql)


def test_a_change_begins_a_transaction(db: Any) -> None:
    assert not db.in_transaction
    add(db, "a")
    assert db.in_transaction
    db.commit()
    assert not db.in_transaction


def test_a_select_begins_none(db: Any) -> None:
    db.execute("SELECT * FROM people")
    assert not db.in_transaction


def test_a_definition_begins_none(db: Any) -> None:
    db.execute("CREATE TABLE fresh (a)")
    assert not db.in_transaction
    db.rollback()
    assert db.execute("SELECT count(*) FROM fresh").fetchone()[0] == 0


def test_rollback(db: Any) -> None:
    add(db, "a")
    db.rollback()
    assert names(db) == []
    assert not db.in_transaction


def test_commit_and_rollback_of_nothing(db: Any) -> None:
    db.commit()
    db.rollback()
    db.commit()


def test_begin_and_commit_as_statements(db: Any, other: Any) -> None:
    db.execute("BEGIN")
    assert db.in_transaction
    add(db, "a")
    db.execute("COMMIT")
    assert not db.in_transaction
    assert names(other) == ["a"]


@pytest.mark.parametrize("begin", ["BEGIN", "begin transaction", "BEGIN DEFERRED TRANSACTION"])
@pytest.mark.parametrize("end", ["ROLLBACK", "rollback transaction"])
def test_begin_and_rollback_as_statements(db: Any, begin: str, end: str) -> None:
    db.execute(begin)
    add(db, "a")
    db.execute(end)
    assert names(db) == []


@pytest.mark.parametrize("kind", ["IMMEDIATE", "EXCLUSIVE"])
def test_begin_that_locks(db: Any, kind: str) -> None:
    db.execute(f"BEGIN {kind}")
    assert db.in_transaction
    add(db, "a")
    db.execute("END")
    assert names(db) == ["a"]


def test_begin_and_then_the_method(db: Any) -> None:
    db.execute("BEGIN IMMEDIATE")
    add(db, "a")
    db.commit()
    db.execute("BEGIN IMMEDIATE")
    add(db, "b")
    db.rollback()
    assert names(db) == ["a"]


def test_begin_twice(db: Any) -> None:
    db.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="cannot start a transaction within a"):
        db.execute("BEGIN")
    assert db.in_transaction


def test_begin_immediate_twice(db: Any) -> None:
    add(db, "a")
    with pytest.raises(sqlite3.OperationalError, match="cannot start a transaction within a"):
        db.execute("BEGIN IMMEDIATE")
    assert names(db) == ["a"]


def test_commit_without_a_transaction(db: Any) -> None:
    with pytest.raises(sqlite3.OperationalError, match="cannot commit - no transaction is active"):
        db.execute("COMMIT")
    with pytest.raises(sqlite3.OperationalError, match="cannot rollback - no transaction is act"):
        db.execute("ROLLBACK")


def test_a_failed_statement_leaves_what_was_before(db: Any) -> None:
    add(db, "a")
    fail(db)
    assert db.in_transaction
    add(db, "b")
    db.commit()
    assert names(db) == ["a", "b"]


def test_several_failed_statements_in_a_row(db: Any) -> None:
    add(db, "a")
    for _ in range(3):
        fail(db)
        fail(db, "SELECT * FROM nowhere")
        fail(db, "INSERT INTO people (name, email) VALUES ('x', 'a@x')")
        fail(db, "nonsense")
    add(db, "b")
    db.commit()
    assert names(db) == ["a", "b"]


def test_a_failed_first_statement(db: Any) -> None:
    fail(db)
    add(db, "a")
    fail(db)
    db.commit()
    assert names(db) == ["a"]


def test_a_failed_first_statement_begins_a_transaction(db: Any) -> None:
    fail(db)
    assert db.in_transaction
    db.rollback()
    assert not db.in_transaction


def test_failed_statements_after_begin(db: Any) -> None:
    db.execute("BEGIN")
    fail(db)
    fail(db)
    add(db, "a")
    fail(db)
    db.execute("COMMIT")
    assert names(db) == ["a"]


def test_failed_statements_after_begin_immediate(db: Any) -> None:
    db.execute("BEGIN IMMEDIATE")
    fail(db)
    add(db, "a")
    fail(db)
    fail(db)
    add(db, "b")
    db.execute("COMMIT")
    assert names(db) == ["a", "b"]


def test_failed_reads_in_a_transaction(db: Any) -> None:
    add(db, "a")
    db.execute("SELECT * FROM people").fetchall()
    fail(db, "SELECT json_extract('{', '$')")
    assert names(db) == ["a"]
    fail(db, "SELECT json_extract('{', '$')")
    db.commit()
    assert names(db) == ["a"]


def test_failures_in_a_loop(db: Any) -> None:
    done = 0
    for number in range(20):
        try:
            add(db, f"n{number % 5}")
            done += 1
        except sqlite3.IntegrityError:
            db.execute(
                "UPDATE people SET age = coalesce(age, 0) + 1 WHERE name = ?", (f"n{number % 5}",)
            )
    db.commit()
    assert done == 5
    assert [row[0] for row in db.execute("SELECT age FROM people")] == [3] * 5


def test_a_failed_statement_of_several_rows(db: Any) -> None:
    add(db, "a")
    fail(db, "INSERT INTO people (name, email) VALUES ('b', 'b@x'), ('c', 'a@x')")
    assert names(db) == ["a"]


def test_a_failed_definition_in_a_transaction(db: Any) -> None:
    db.execute("BEGIN")
    add(db, "a")
    fail(db, "CREATE TABLE people (a)")
    fail(db, "ALTER TABLE people ADD COLUMN name TEXT")
    db.execute("CREATE TABLE fresh (a INTEGER UNIQUE)")
    db.execute("INSERT INTO fresh VALUES (1)")
    fail(db, "INSERT INTO fresh VALUES (1)")
    add(db, "b")
    db.commit()
    assert names(db) == ["a", "b"]
    assert db.execute("SELECT count(*) FROM fresh").fetchone()[0] == 1


def test_a_definition_that_is_rolled_back(db: Any) -> None:
    db.execute("BEGIN")
    db.execute("CREATE TABLE fresh (a)")
    db.execute("INSERT INTO fresh VALUES (1)")
    db.rollback()
    with pytest.raises(sqlite3.OperationalError, match="no such table: fresh"):
        db.execute("SELECT * FROM fresh")


def test_isolation_level_is_empty(db: Any) -> None:
    assert db.isolation_level == ""


def test_isolation_level_none(db: Any, other: Any) -> None:
    db.isolation_level = None
    add(db, "a")
    assert not db.in_transaction
    assert names(other) == ["a"]


def test_isolation_level_none_with_its_own_begin(db: Any, other: Any) -> None:
    db.isolation_level = None
    db.execute("BEGIN")
    add(db, "a")
    fail(db)
    assert names(other) == []
    db.execute("COMMIT")
    assert names(other) == ["a"]


@pytest.mark.parametrize("level", ["DEFERRED", "IMMEDIATE", "EXCLUSIVE", "immediate"])
def test_isolation_levels(db: Any, level: str) -> None:
    db.isolation_level = level
    assert db.isolation_level == level.upper()
    add(db, "a")
    assert db.in_transaction
    db.rollback()
    assert names(db) == []


def test_isolation_level_that_is_none(db: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        db.isolation_level = "sometimes"


def test_isolation_level_none_commits(db: Any, other: Any) -> None:
    add(db, "a")
    db.isolation_level = None
    assert not db.in_transaction
    assert names(other) == ["a"]


# --- with ---------------------------------------------------------------------------------------


def test_with_the_connection_commits(db: Any, other: Any) -> None:
    with db:
        add(db, "a")
    assert names(other) == ["a"]
    add(db, "b")


def test_with_the_connection_rolls_back(db: Any) -> None:
    with pytest.raises(ZeroDivisionError), db:
        add(db, "a")
        raise ZeroDivisionError
    assert names(db) == []
    add(db, "b")
    assert names(db) == ["b"]


def test_get_connection_commits(adapter: Any) -> None:
    with adapter.get_connection() as first:
        add(first, "a")
    with adapter.get_connection() as second:
        assert names(second) == ["a"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, sqlite3.IntegrityError])
def test_get_connection_rolls_back(adapter: Any, error: type[BaseException]) -> None:
    with pytest.raises(error), adapter.get_connection() as first:
        add(first, "a")
        raise error
    with adapter.get_connection() as second:
        assert names(second) == []


def test_get_connection_keeps_what_was_committed(adapter: Any) -> None:
    with pytest.raises(ZeroDivisionError), adapter.get_connection() as first:
        add(first, "a")
        first.commit()
        add(first, "b")
        raise ZeroDivisionError
    with adapter.get_connection() as second:
        assert names(second) == ["a"]


def test_get_connection_within_another(adapter: Any) -> None:
    with adapter.get_connection() as outer:
        add(outer, "a")
        with adapter.get_connection() as inner:
            assert names(inner) == []
        outer.commit()
        with adapter.get_connection() as inner:
            assert names(inner) == ["a"]
            add(inner, "b")
    with adapter.get_connection() as last:
        assert names(last) == ["a", "b"]


def test_get_connection_commits_an_explicit_begin(adapter: Any) -> None:
    with adapter.get_connection() as first:
        first.execute("BEGIN")
        add(first, "a")
    with adapter.get_connection() as second:
        assert names(second) == ["a"]


# --- deferred foreign keys ----------------------------------------------------------------------


def test_a_deferred_key_is_looked_at_when_it_commits(db: Any) -> None:
    db.execute("INSERT INTO links VALUES (1, 2)")
    db.execute("INSERT INTO links VALUES (2, 1)")
    db.commit()
    assert db.execute("SELECT count(*) FROM links").fetchone()[0] == 2


def test_a_deferred_key_that_leads_nowhere(db: Any) -> None:
    db.execute("INSERT INTO links VALUES (1, 99)")
    with pytest.raises(sqlite3.IntegrityError, match=r"^FOREIGN KEY constraint failed$"):
        db.commit()
    db.rollback()
    assert db.execute("SELECT count(*) FROM links").fetchone()[0] == 0


def test_a_deferred_key_leaves_the_transaction_open(db: Any) -> None:
    db.execute("INSERT INTO links VALUES (1, 99)")
    with pytest.raises(sqlite3.IntegrityError):
        db.commit()
    assert db.in_transaction
    db.execute("INSERT INTO links VALUES (99, NULL)")
    db.commit()
    assert db.execute("SELECT count(*) FROM links").fetchone()[0] == 2


def test_autocommit_is_the_old_way(db: Any) -> None:
    """Python 3.12 has ``autocommit``; without it, `isolation_level` rules."""
    if sys.version_info < (3, 12):
        return
    assert db.autocommit == sqlite3.LEGACY_TRANSACTION_CONTROL
    db.autocommit = sqlite3.LEGACY_TRANSACTION_CONTROL
    add(db, "a")
    assert db.in_transaction
