"""Errors: the classes that applications catch, the words they look for, the driver's own class."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import psycopg2
import pytest

DRIVERS = {"psycopg": psycopg, "psycopg2": psycopg2}


@pytest.fixture
def filled(db: Any) -> Any:
    db.execute("INSERT INTO people (id, name, email) VALUES (1, 'Ada', 'a@x')")
    db.execute("INSERT INTO Tasks (TaskId, Title, person_id) VALUES (1, 't', 1)")
    db.execute("INSERT INTO settings (key, value) VALUES ('k', 'v')")
    db.commit()
    return db


UNIQUE = "INSERT INTO people (name, email) VALUES ('Bob', 'a@x')"


def error_of(db: Any, sql: str, parameters: Any = ()) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        db.execute(sql, parameters)
    return caught.value


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (UNIQUE, "UNIQUE constraint failed: people.email"),
        (
            "INSERT INTO tasks (title, PERSON_ID) VALUES ('t', 1)",
            "UNIQUE constraint failed: Tasks.person_id, Tasks.Title",
        ),
        ("INSERT INTO people (id, name) VALUES (1, 'x')", "UNIQUE constraint failed: people.id"),
        ("INSERT INTO settings (key) VALUES ('k')", "UNIQUE constraint failed: settings.key"),
        ("UPDATE people SET name = NULL", "NOT NULL constraint failed: people.name"),
        ("INSERT INTO Tasks (TaskId) VALUES (9)", "NOT NULL constraint failed: Tasks.Title"),
        ("INSERT INTO people (name, age) VALUES ('x', -1)", "CHECK constraint failed: age >= 0"),
        (
            "INSERT INTO Tasks (Title, person_id) VALUES ('x', 99)",
            "FOREIGN KEY constraint failed",
        ),
    ],
)
def test_constraints(filled: Any, sql: str, message: str) -> None:
    error = error_of(filled, sql)
    assert isinstance(error, sqlite3.IntegrityError)
    assert str(error) == message


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("INSERT INTO nowhere VALUES (1)", "no such table: nowhere"),
        ("UPDATE nowhere SET a = 1", "no such table: nowhere"),
        ("SELECT missing FROM people", "no such column: missing"),
        ("SELECT p.missing FROM people p", "no such column: p.missing"),
        ("SELECT x.id FROM people", "no such column: x.id"),
        ("UPDATE people SET missing = 1", "no such column: missing"),
        (
            "INSERT INTO people (missing) VALUES (1)",
            "table people has no column named missing",
        ),
        ("INSERT INTO people VALUES (1)", "table people has 7 columns but 1 values were supplied"),
        ("SELEC 1", 'near "SELEC": syntax error'),
        ("SELECT FROM people", 'near "FROM": syntax error'),
        ("SELECT (1", "incomplete input"),
        ("SELECT nofunction(1)", "no such function: nofunction"),
        ("SELECT substr()", "wrong number of arguments to function substr()"),
        ("CREATE TABLE people (id INTEGER)", "table people already exists"),
        ("DROP TABLE nowhere", "no such table: nowhere"),
        ("DROP INDEX nowhere", "no such index: nowhere"),
        ("DROP VIEW nowhere", "no such view: nowhere"),
        ("ALTER TABLE people ADD COLUMN name TEXT", "duplicate column name: name"),
        ("ALTER TABLE nowhere ADD COLUMN a", "no such table: nowhere"),
        ("CREATE INDEX people_by_age ON people (age)", "index people_by_age already exists"),
        (
            "SELECT id FROM people, tasks JOIN people",
            "ambiguous column name: id",
        ),
        ("SELECT 1 UNION SELECT 1, 2", "SELECTs to the left and right of UNION do not have"),
        ("INSERT INTO adults (name) VALUES ('x')", "cannot modify adults because it is a view"),
        (
            "INSERT INTO people (name) VALUES ('x') ON CONFLICT (age) DO NOTHING",
            "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
        ),
    ],
)
def test_what_sqlite_does_not_take(filled: Any, sql: str, message: str) -> None:
    error = error_of(filled, sql)
    assert isinstance(error, sqlite3.OperationalError)
    assert message in str(error)


def test_an_error_is_one_line_without_codes(filled: Any) -> None:
    for sql in (UNIQUE, "SELECT * FROM nowhere", "SELECT FROM"):
        message = str(error_of(filled, sql))
        assert "\n" not in message
        assert not message.startswith("OG-")


def test_errors_are_the_driver_s_as_well(backend: Any, filled: Any) -> None:
    if backend.is_sqlite:
        return
    driver = DRIVERS[backend.kind.driver]
    error = error_of(filled, UNIQUE)
    assert isinstance(error, driver.IntegrityError)
    assert isinstance(error, driver.Error)
    assert error.diag.sqlstate == "23505"  # type: ignore[attr-defined]
    assert error.__cause__ is not None


def test_errors_are_caught_by_either_name(backend: Any, filled: Any) -> None:
    if backend.is_sqlite:
        return
    driver = DRIVERS[backend.kind.driver]
    for name in (sqlite3.IntegrityError, sqlite3.DatabaseError, driver.DatabaseError):
        with pytest.raises(name):
            filled.execute(UNIQUE)


@pytest.mark.parametrize(
    ("sql", "name", "code"),
    [
        (UNIQUE, "SQLITE_CONSTRAINT_UNIQUE", 2067),
        ("UPDATE people SET name = NULL", "SQLITE_CONSTRAINT_NOTNULL", 1299),
        ("INSERT INTO people (name, age) VALUES ('x', -1)", "SQLITE_CONSTRAINT_CHECK", 275),
        (
            "INSERT INTO Tasks (Title, person_id) VALUES ('x', 99)",
            "SQLITE_CONSTRAINT_FOREIGNKEY",
            787,
        ),
        ("SELECT * FROM nowhere", "SQLITE_ERROR", 1),
        ("INSERT INTO people (id, name) VALUES (1, 'x')", "SQLITE_CONSTRAINT_PRIMARYKEY", 1555),
        ("INSERT INTO settings (key) VALUES ('k')", "SQLITE_CONSTRAINT_PRIMARYKEY", 1555),
    ],
)
def test_names_and_codes_of_sqlite(filled: Any, sql: str, name: str, code: int) -> None:
    error = error_of(filled, sql)
    assert (error.sqlite_errorname, error.sqlite_errorcode) == (name, code)


def test_a_unique_index(filled: Any) -> None:
    filled.execute("CREATE UNIQUE INDEX one_name ON people (name, age)")
    filled.execute("INSERT INTO people (name, age) VALUES ('x', 1)")
    error = error_of(filled, "INSERT INTO people (name, age) VALUES ('x', 1)")
    assert str(error) == "UNIQUE constraint failed: people.name, people.age"


def test_a_unique_index_over_an_expression(filled: Any) -> None:
    filled.execute("CREATE UNIQUE INDEX one_lower ON people (lower(name))")
    error = error_of(filled, "INSERT INTO people (name) VALUES ('ADA')")
    assert str(error) == "UNIQUE constraint failed: index 'one_lower'"


def test_a_unique_column_that_knows_no_case(filled: Any) -> None:
    filled.execute("CREATE TABLE tags (name TEXT UNIQUE COLLATE NOCASE)")
    filled.execute("INSERT INTO tags VALUES ('a')")
    error = error_of(filled, "INSERT INTO tags VALUES ('A')")
    assert str(error) == "UNIQUE constraint failed: tags.name"


def test_a_check_with_a_name(filled: Any) -> None:
    filled.execute("CREATE TABLE sizes (n INTEGER, CONSTRAINT small CHECK (n < 10))")
    error = error_of(filled, "INSERT INTO sizes VALUES (11)")
    assert str(error) == "CHECK constraint failed: small"


def test_several_checks_without_names(filled: Any) -> None:
    filled.execute("CREATE TABLE sizes (a INTEGER CHECK (a > 0), b INTEGER CHECK (b < 5))")
    assert str(error_of(filled, "INSERT INTO sizes VALUES (1, 9)")) == (
        "CHECK constraint failed: b < 5"
    )
    assert str(error_of(filled, "INSERT INTO sizes VALUES (0, 1)")) == (
        "CHECK constraint failed: a > 0"
    )


@pytest.mark.parametrize(
    ("limit", "values"),
    [("'many'", ()), ("1.5", ()), ("?", (None,)), ("?", ("many",)), ("1 OFFSET 'x'", ())],
)
def test_a_limit_that_is_no_number(filled: Any, limit: str, values: tuple[Any, ...]) -> None:
    error = error_of(filled, f"SELECT name FROM people LIMIT {limit}", values)
    assert isinstance(error, sqlite3.IntegrityError)
    assert str(error) == "datatype mismatch"


def test_raise_in_a_trigger(filled: Any) -> None:
    filled.executescript(
        """
        CREATE TRIGGER no_bob BEFORE INSERT ON people WHEN new.name = 'Bob'
        BEGIN SELECT RAISE(ABORT, 'no Bob here'); END;
        """
    )
    error = error_of(filled, "INSERT INTO people (name) VALUES ('Bob')")
    assert isinstance(error, sqlite3.IntegrityError)
    assert str(error) == "no Bob here"


def test_deleting_what_is_referred_to(filled: Any) -> None:
    filled.execute("CREATE TABLE notes (task INTEGER REFERENCES Tasks (TaskId))")
    filled.execute("INSERT INTO notes VALUES (1)")
    error = error_of(filled, "DELETE FROM Tasks")
    assert str(error) == "FOREIGN KEY constraint failed"


def test_deleting_in_cascade(filled: Any) -> None:
    filled.execute("DELETE FROM people")
    assert filled.execute("SELECT count(*) FROM Tasks").fetchone()[0] == 0


def test_malformed_json(db: Any) -> None:
    error = error_of(db, "SELECT json_extract(?, '$.a')", ("{nope",))
    assert isinstance(error, sqlite3.OperationalError)
    assert "malformed JSON" in str(error)


def test_division_by_zero_is_null(db: Any) -> None:
    assert tuple(db.execute("SELECT 1 / 0, 1 % 0, 1.0 / 0").fetchone()) == (None, None, None)


def test_an_integer_that_grows_too_large(db: Any) -> None:
    db.execute("INSERT INTO people (name, age) VALUES ('x', 9223372036854775807)")
    assert db.execute("SELECT age + 1 FROM people").fetchone()[0] == 9223372036854775808.0


def test_what_no_row_can_answer(db: Any) -> None:
    error = error_of(db, "SELECT abs(-9223372036854775807 - ?)", (1,))
    assert str(error) == "integer overflow"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_function", ("f", 1, abs)),
        ("create_aggregate", ("f", 1, list)),
        ("create_collation", ("c", None)),
        ("backup", (None,)),
        ("iterdump", ()),
        ("enable_load_extension", (True,)),
        ("load_extension", ("x",)),
        ("set_authorizer", (None,)),
        ("set_progress_handler", (None, 1)),
        ("blobopen", ("people", "photo", 1)),
        ("serialize", ()),
        ("deserialize", (b"",)),
        ("getlimit", (1,)),
        ("setlimit", (1, 1)),
        ("create_window_function", ("f", 1, None)),
    ],
)
def test_what_postgresql_has_not(backend: Any, db: Any, name: str, arguments: Any) -> None:
    if backend.is_sqlite:
        return
    with pytest.raises(sqlite3.NotSupportedError, match="works with SQLite only"):
        getattr(db, name)(*arguments)
