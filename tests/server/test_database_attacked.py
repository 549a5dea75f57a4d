"""What an attack on the database layer found: each went wrong on PostgreSQL once."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest
from waiting import wait_until

from outgrow.database import DatabaseAdapter, PostgreSQLAdapter, SQLiteAdapter

_SLOW = (
    "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 100000000) "
    "SELECT count(*) FROM x"
)
#: Longer than anything takes on a busy machine.
_TIMEOUT = 60.0


@pytest.fixture(params=["psycopg", "psycopg2"])
def postgres(database: str, request: pytest.FixtureRequest) -> Iterator[PostgreSQLAdapter]:
    """PostgreSQL with an empty table."""
    with PostgreSQLAdapter(database, timeout=_TIMEOUT, driver=request.param) as adapter:
        _prepared(adapter)
        yield adapter


@pytest.fixture(params=["sqlite", "psycopg", "psycopg2"])
def adapter(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> Iterator[DatabaseAdapter]:
    """Each database with an empty table."""
    driver = request.param
    made: DatabaseAdapter = (
        SQLiteAdapter(str(tmp_path / "it.db"))
        if driver == "sqlite"
        else PostgreSQLAdapter(database, timeout=_TIMEOUT, driver=driver)
    )
    with made:
        _prepared(made)
        yield made


def _prepared(adapter: DatabaseAdapter) -> None:
    with adapter.get_connection() as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")


def _names(adapter: DatabaseAdapter) -> list[str]:
    with adapter.get_connection() as connection:
        return [row[0] for row in connection.execute("SELECT name FROM t ORDER BY id")]


def _kill_all(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _broken_off() -> Iterator[tuple[Any]]:
    yield ("a",)
    yield ("b",)
    raise ZeroDivisionError


@pytest.mark.parametrize("rows", [lambda: iter([("a",), ("b",), (object(),)]), _broken_off])
@pytest.mark.parametrize("isolation", ["", None])
def test_rows_before_one_that_cannot_be_bound_stay(
    adapter: DatabaseAdapter, rows: Any, isolation: str | None
) -> None:
    with adapter.get_connection() as connection:
        connection.isolation_level = isolation
        with pytest.raises((sqlite3.Error, ZeroDivisionError)):
            connection.executemany("INSERT INTO t (name) VALUES (?)", rows())
    assert _names(adapter) == ["a", "b"]


def test_an_insert_after_with_begins_no_transaction(adapter: DatabaseAdapter) -> None:
    """Python's sqlite3 looks at the first word only."""
    with adapter.get_connection() as connection:
        sql = "/* 1 */ WITH x AS (SELECT ? AS y) INSERT INTO t (name) SELECT y FROM x"
        connection.execute(sql, ("a",))
        assert not connection.in_transaction
        connection.rollback()
        connection.execute("/* 1 */ INSERT INTO t (name) VALUES ('b')")
        assert connection.in_transaction
        connection.execute(sql, ("c",))
        connection.rollback()
    assert _names(adapter) == ["a"]


@pytest.mark.parametrize("size", [0, -1, 1, 2, 9])
def test_fetchmany_of_any_size(adapter: DatabaseAdapter, size: int) -> None:
    with adapter.get_connection() as connection:
        cursor = connection.execute("SELECT 1 UNION SELECT 2 UNION SELECT 3")
        assert len(cursor.fetchmany(size)) == (min(size, 3) if size > 0 else 3)


def test_rowcount_of_a_statement_that_failed(adapter: DatabaseAdapter) -> None:
    with adapter.get_connection() as connection:
        cursor = connection.cursor()
        cursor.execute("INSERT INTO t VALUES (1, 'a')")
        for sql in ("SELECT nothing", "INSERT INTO t VALUES (1, 'b')"):
            with pytest.raises(sqlite3.Error):
                cursor.execute(sql)
            assert cursor.rowcount == -1


def test_commit_after_the_connection_was_lost_tells_it(
    postgres: PostgreSQLAdapter, database: str
) -> None:
    """An application that goes on after errors would not hear that its rows are gone."""

    def write() -> None:
        with postgres.get_connection() as connection:
            connection.execute("INSERT INTO t (name) VALUES ('a')")
            _kill_all(database)
            for _ in range(2):
                with pytest.raises(sqlite3.OperationalError):
                    connection.execute("INSERT INTO t (name) VALUES ('b')")

    with pytest.raises(sqlite3.OperationalError, match="connection was lost"):
        write()
    assert _names(postgres) == []


def test_a_pool_of_lost_connections_is_ready_at_once(
    postgres: PostgreSQLAdapter, database: str
) -> None:
    """After each lost one, psycopg_pool's own check waits twice as long: 1, 2, 4, 8, 16 seconds."""
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(postgres.get_connection()).execute("SELECT 1")
    _kill_all(database)
    begun = monotonic()
    assert _names(postgres) == []
    assert monotonic() - begun < 15


@contextmanager
def _ctrl_c_in_the_slow_statement(database: str) -> Iterator[None]:
    """Press Ctrl-C once the server is at it."""
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE %s"

    def press() -> None:
        with psycopg.connect(database, autocommit=True) as other:
            slow = ["%WITH RECURSIVE x(i)%"]
            wait_until(lambda: other.execute(running, slow).fetchall() == [(1,)])
        os.kill(os.getpid(), signal.SIGINT)

    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(press)
        yield
        pressed.result()


@pytest.mark.parametrize("before", [(), ("INSERT INTO t (name) VALUES ('a')",)])
def test_ctrl_c_in_a_slow_statement(database: str, before: tuple[str, ...]) -> None:
    """It is not told as an error of the database, nor does its answer go to the next statement."""

    def write() -> None:
        with adapter.get_connection() as connection:
            for sql in before:
                connection.execute(sql)
            connection.execute(_SLOW).fetchall()

    with PostgreSQLAdapter(database, timeout=_TIMEOUT) as adapter:
        _prepared(adapter)
        with _ctrl_c_in_the_slow_statement(database), pytest.raises(KeyboardInterrupt):
            write()
        assert _names(adapter) == []


def test_what_ctrl_c_took_back_is_not_committed_in_silence(database: str) -> None:
    def write() -> None:
        with adapter.get_connection() as connection:
            connection.execute("INSERT INTO t (name) VALUES ('a')")
            with pytest.raises(KeyboardInterrupt):
                connection.execute(_SLOW).fetchall()

    lost = pytest.raises(sqlite3.OperationalError, match="connection was lost")
    with PostgreSQLAdapter(database, timeout=_TIMEOUT) as adapter:
        _prepared(adapter)
        with _ctrl_c_in_the_slow_statement(database), lost:
            write()
        assert _names(adapter) == []


@pytest.mark.parametrize("many", [False, True])
def test_half_a_surrogate_pair_loses_nothing(adapter: DatabaseAdapter, many: bool) -> None:
    insert = "INSERT INTO t (name) VALUES (?)"
    with adapter.get_connection() as connection:
        connection.execute(insert, ("kept",))
        for _ in range(4):
            with pytest.raises(UnicodeEncodeError):
                if many:
                    connection.executemany(insert, [("one",), ("\ud800",), ("\N{GRINNING FACE}",)])
                else:
                    connection.execute(insert, ("\ud800",))
        with pytest.raises(UnicodeEncodeError):
            connection.execute("SELECT typeof(?)", ("\ud800",))
    assert _names(adapter) == ["kept", *["one"] * (4 * many)]
