"""execute, executemany, executescript, and what they leave on cursor and connection."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

ADA = "INSERT INTO people (name, age) VALUES ('Ada', 36)"


def test_execute_gives_a_cursor_of_rows(db: Any) -> None:
    assert [tuple(row) for row in db.execute("SELECT 1, 'two', 3.5, NULL")] == [
        (1, "two", 3.5, None)
    ]


def test_execute_of_a_cursor_gives_the_cursor(db: Any) -> None:
    cursor = db.cursor()
    assert cursor.execute("SELECT 1") is cursor


def test_cursor_knows_its_connection(db: Any) -> None:
    assert db.cursor().connection is db


def test_connection_is_one_of_sqlite3(db: Any) -> None:
    assert isinstance(db, sqlite3.Connection)


def test_executemany_of_tuples(db: Any) -> None:
    cursor = db.executemany(
        "INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", 2), ("c", 3)]
    )
    assert cursor.rowcount == 3
    assert db.execute("SELECT sum(age) FROM people").fetchone()[0] == 6


def test_executemany_of_a_generator(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", ((f"n{n}",) for n in range(5)))
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 5


def test_executemany_of_dicts(db: Any) -> None:
    db.executemany(
        "INSERT INTO people (name, age) VALUES (:name, :age)",
        [{"name": "a", "age": 1}, {"name": "b", "age": None}],
    )
    assert [tuple(r) for r in db.execute("SELECT name, age FROM people ORDER BY id")] == [
        ("a", 1),
        ("b", None),
    ]


def test_executemany_of_nothing(db: Any) -> None:
    cursor = db.executemany("INSERT INTO people (name) VALUES (?)", [])
    assert cursor.rowcount in (0, -1)
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_executemany_of_mixed_classes(db: Any) -> None:
    db.executemany(
        "INSERT INTO people (name, score) VALUES (?, ?)",
        [("a", 1), ("b", 2.5), ("c", None), ("d", 4)],
    )
    rows = db.execute("SELECT score, typeof(score) FROM people ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [
        (1.0, "real"),
        (2.5, "real"),
        (None, "null"),
        (4.0, "real"),
    ]


def test_executemany_of_a_select_is_refused(db: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="executemany\\(\\) can only execute DML"):
        db.executemany("SELECT ?", [(1,)])


def test_executemany_updates(db: Any) -> None:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", 2)])
    cursor = db.executemany("UPDATE people SET age = ? WHERE name = ?", [(10, "a"), (20, "b")])
    assert cursor.rowcount == 2
    assert [r[0] for r in db.execute("SELECT age FROM people ORDER BY id")] == [10, 20]


def test_executemany_that_fails_keeps_the_rows_before(db: Any) -> None:
    rows = [("a", "a@x"), ("b", "b@x"), ("c", "a@x"), ("d", "d@x")]
    with pytest.raises(sqlite3.IntegrityError):
        db.executemany("INSERT INTO people (name, email) VALUES (?, ?)", rows)
    db.rollback()
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_executemany_that_fails_half_way_keeps_what_went_before(db: Any) -> None:
    rows = [("a", "a@x"), ("b", "b@x"), ("c", "a@x"), ("d", "d@x")]
    with pytest.raises(sqlite3.IntegrityError):
        db.executemany("INSERT INTO people (name, email) VALUES (?, ?)", rows)
    assert [r[0] for r in db.execute("SELECT name FROM people ORDER BY id")] == ["a", "b"]


def test_executescript_runs_each_statement(db: Any) -> None:
    db.executescript(
        """
        -- a comment; with a semicolon
        INSERT INTO people (name) VALUES ('semi;colon');
        INSERT INTO people (name) VALUES ('it''s'); /* another; */
        UPDATE people SET age = 7
        """
    )
    rows = db.execute("SELECT name, age FROM people ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [("semi;colon", 7), ("it's", 7)]


def test_executescript_commits_first(db: Any, other: Any) -> None:
    db.execute(ADA)
    assert db.in_transaction
    db.executescript("SELECT 1")
    assert not db.in_transaction
    assert other.execute("SELECT count(*) FROM people").fetchone()[0] == 1


def test_executescript_leaves_no_transaction(db: Any) -> None:
    db.executescript(f"{ADA}; {ADA};")
    assert not db.in_transaction
    db.rollback()
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 2


def test_executescript_with_its_own_transaction(db: Any) -> None:
    db.executescript(f"BEGIN; {ADA}; COMMIT;")
    assert not db.in_transaction
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 1


def test_executescript_with_an_open_transaction(db: Any) -> None:
    db.executescript(f"BEGIN; {ADA};")
    assert db.in_transaction
    db.rollback()
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_executescript_that_fails_keeps_what_went_before(db: Any) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        db.executescript(f"{ADA}; INSERT INTO nowhere VALUES (1); {ADA}")
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 1


def test_executescript_with_a_trigger(db: Any) -> None:
    db.executescript(
        """
        CREATE TABLE pairs (a, b);
        CREATE TRIGGER pairs_filled AFTER INSERT ON pairs BEGIN
            UPDATE settings SET value = 'a;b' WHERE key = 'seen';
            INSERT INTO audit (what) VALUES ('pairs; filled');
        END;
        INSERT INTO pairs VALUES (1, 2);
        """
    )
    assert db.execute("SELECT what FROM audit").fetchone()[0] == "pairs; filled"


def test_executescript_of_nothing(db: Any) -> None:
    db.executescript("")
    db.executescript(" -- nothing\n ; ;")
    assert db.execute("SELECT 1").fetchone()[0] == 1


def test_executescript_of_a_cursor(db: Any) -> None:
    cursor = db.cursor()
    assert cursor.executescript(f"{ADA};") is cursor


def test_executescript_takes_texts_only(db: Any) -> None:
    with pytest.raises(TypeError):
        db.executescript(b"SELECT 1")


def test_execute_takes_texts_only(db: Any) -> None:
    with pytest.raises(TypeError):
        db.execute(b"SELECT 1")


def test_two_statements_at_once_are_refused(db: Any) -> None:
    with pytest.raises(
        (sqlite3.ProgrammingError, sqlite3.Warning), match="one statement at a time"
    ):
        db.execute("SELECT 1; SELECT 2")


def test_a_semicolon_and_a_comment_at_the_end(db: Any) -> None:
    assert db.execute("SELECT 1; -- the end").fetchone()[0] == 1


@pytest.mark.parametrize("sql", ["", "  ", "-- nothing", ";"])
def test_an_empty_statement_does_nothing(db: Any, sql: str) -> None:
    cursor = db.execute(sql)
    assert cursor.fetchall() == []
    assert cursor.description is None


def test_total_changes(db: Any) -> None:
    before = db.total_changes
    db.execute(ADA)
    db.execute(ADA)
    db.execute("UPDATE people SET age = 1")
    db.execute("DELETE FROM people")
    db.execute("SELECT 1")
    assert db.total_changes - before == 6


def test_total_changes_of_executemany(db: Any) -> None:
    before = db.total_changes
    db.executemany("INSERT INTO people (name) VALUES (?)", [("a",), ("b",)])
    assert db.total_changes - before == 2


def test_total_changes_begins_anew(db: Any, adapter: Any) -> None:
    db.execute(ADA)
    db.commit()
    with adapter.get_connection() as second:
        assert second.total_changes == 0


def test_set_trace_callback(db: Any) -> None:
    told: list[str] = []
    db.set_trace_callback(told.append)
    db.execute("SELECT 42")
    db.set_trace_callback(None)
    db.execute("SELECT 43")
    assert told == ["SELECT 42"]


def test_executemany_without_transactions_keeps_what_went_before(db: Any) -> None:
    db.isolation_level = None
    rows = [("a", "a@x"), ("b", "b@x"), ("c", "a@x"), ("d", "d@x")]
    with pytest.raises(sqlite3.IntegrityError):
        db.executemany("INSERT INTO people (name, email) VALUES (?, ?)", rows)
    assert not db.in_transaction
    assert [r[0] for r in db.execute("SELECT name FROM people ORDER BY id")] == ["a", "b"]


def test_executemany_whose_values_do_not_fit_leaves_the_transaction(db: Any) -> None:
    db.execute(ADA)
    with pytest.raises(sqlite3.ProgrammingError):
        db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b",)])
    with pytest.raises(sqlite3.Error):
        db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("x", 1), ("y", object())])
    db.execute(ADA)
    db.commit()
    assert db.execute("SELECT count(*) FROM people WHERE name = 'Ada'").fetchone()[0] == 2


def test_a_nul_in_a_statement(db: Any) -> None:
    for run in (db.execute, lambda sql: db.executemany(sql, [])):
        with pytest.raises(sqlite3.ProgrammingError, match=r"^the query contains a null char"):
            run("SELECT 1\0")
    with pytest.raises(ValueError, match="embedded null character"):
        db.executescript("SELECT 1;\0")


def test_half_of_a_surrogate_pair_in_a_statement(db: Any) -> None:
    with pytest.raises(UnicodeEncodeError):
        db.execute("SELECT '\ud800'")


def test_arguments_have_no_names(db: Any) -> None:
    with pytest.raises(TypeError):
        db.execute(sql="SELECT 1")
    with pytest.raises(TypeError):
        db.execute(None)
