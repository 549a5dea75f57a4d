"""What has to work on an adapter before an application may rely on it, tried one by one.

Only temporary tables are written, so that it can be run against a database in use.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from outgrow.database.connection import DatabaseAdapter, in_one_line


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what was tried, whether it works, and what was found or why it does not."""

    name: str
    ok: bool
    says: str = ""


def check_adapter(adapter: DatabaseAdapter) -> Iterator[Checked]:
    """Try everything; stops after the first check where the database does not answer."""
    healthy = adapter.health_check()
    yield Checked("the database answers", healthy, "" if healthy else adapter.health_error)
    if not healthy:
        return
    for name, check in _CHECKS:
        try:
            yield Checked(name, True, check(adapter) or "")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            yield Checked(name, False, in_one_line(error))


def _version(adapter: DatabaseAdapter) -> str:
    with adapter.get_connection() as connection:
        (version,) = connection.execute("SELECT sqlite_version()").fetchone()
    if adapter.get_db_type() == "sqlite":
        return f"SQLite {version}"
    with adapter.get_connection(native_sql=True) as connection:
        (version,) = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {version}"


def _rows(adapter: DatabaseAdapter) -> None:
    with adapter.get_connection() as connection:
        row = connection.execute("SELECT 1 AS one, 'two' AS two").fetchone()
    first, second = row
    given = (row[0], row["TWO"], first, second, dict(row))
    _equal(given, (1, "two", 1, "two", {"one": 1, "two": "two"}))


def _placeholders(adapter: DatabaseAdapter) -> str:
    with adapter.get_connection() as connection:
        given = [
            tuple(connection.execute(f"SELECT {mark}, {mark}", (7, "x")).fetchone())
            for mark in ("?", "%s", adapter.placeholder())
        ]
    _equal(given, [(7, "x")] * 3)
    return "? and %s"


def _now(adapter: DatabaseAdapter) -> str:
    with adapter.get_connection() as connection:
        (text,) = connection.execute(f"SELECT {adapter.now_function()}").fetchone()
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    if abs(datetime.now(UTC) - moment) > timedelta(minutes=5):
        raise AssertionError(f"it says {text} UTC, and here it is {datetime.now(UTC):%H:%M:%S} UTC")
    return f"{text} UTC"


def _writing(adapter: DatabaseAdapter) -> None:
    with adapter.get_connection() as connection:
        _make_table(connection)
        cursor = connection.execute("INSERT INTO outgrow_check (name) VALUES (?)", ("first",))
        _equal((cursor.lastrowid, cursor.rowcount), (1, 1))
        cursor = connection.execute("UPDATE outgrow_check SET name = 'other'")
        _equal(cursor.rowcount, 1)
        connection.rollback()


def _failing(adapter: DatabaseAdapter) -> None:
    """A failed statement leaves what was done before it."""
    with adapter.get_connection() as connection:
        _make_table(connection)
        connection.execute("INSERT INTO outgrow_check (name) VALUES ('kept')")
        with suppress(sqlite3.IntegrityError):
            connection.execute("INSERT INTO outgrow_check (name) VALUES (NULL)")
            raise AssertionError("NULL was taken for a column that is NOT NULL")
        rows = connection.execute("SELECT name FROM outgrow_check").fetchall()
        _equal([tuple(row) for row in rows], [("kept",)])
        connection.rollback()


def _undone(adapter: DatabaseAdapter) -> None:
    """An exception rolls back."""
    with suppress(_Stop), adapter.get_connection() as connection:
        connection.execute("BEGIN")
        _make_table(connection)
        raise _Stop
    with adapter.get_connection() as connection:
        try:
            connection.execute("SELECT * FROM outgrow_check")
        except sqlite3.OperationalError:
            return
    raise AssertionError("what was done before an exception is still there")


class _Stop(Exception):
    pass


def _make_table(connection: Any) -> None:
    connection.execute(
        "CREATE TEMP TABLE outgrow_check (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"
    )


def _equal(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{found!r} instead of {expected!r}")


_CHECKS: tuple[tuple[str, Callable[[DatabaseAdapter], str | None]], ...] = (
    ("its version", _version),
    ("rows by index, by name and by unpacking", _rows),
    ("placeholders", _placeholders),
    ("the present moment", _now),
    ("INSERT and UPDATE, lastrowid and rowcount", _writing),
    ("a failed statement leaves the transaction", _failing),
    ("an exception rolls back", _undone),
)
