"""Helper functions: each made once, a newer body in the place of an older one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from outgrow.translate import shims

Connection = psycopg.Connection[Any]


def installed(connection: Connection) -> dict[str, str]:
    def run(sql: str) -> Sequence[Sequence[Any]]:
        return connection.execute(sql).fetchall()  # type: ignore[call-overload]

    return shims.installed(run)


def upgrade(connection: Connection, *names: str) -> None:
    sql = shims.upgrade_sql(installed(connection), names)
    if sql:
        connection.execute(sql)  # type: ignore[call-overload]


def test_only_what_is_missing_is_made(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        assert installed(connection) == {}
        assert shims.missing({}, ["text_integer"])[-1] == "text_integer"
        upgrade(connection, "text_integer")
        known = installed(connection)
        assert "text_integer" in known
        assert shims.missing(known, ["text_integer"]) == []
        assert shims.upgrade_sql(known, ["text_integer"]) == ""
        assert connection.execute("SELECT outgrow.text_integer('12abc')").fetchone() == (12,)
        with pytest.raises(KeyError):
            shims.missing(known, ["no such helper"])


def test_an_old_body_is_replaced_under_a_view_and_an_index(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(shims.install_sql(["text_integer"]))  # type: ignore[call-overload]
        connection.execute(
            "CREATE OR REPLACE FUNCTION outgrow.text_integer(x text) RETURNS bigint "
            "LANGUAGE sql IMMUTABLE STRICT AS 'SELECT -1::bigint'"
        )
        connection.execute("UPDATE outgrow.helpers SET digest = 'old' WHERE name = 'text_integer'")
        connection.execute("CREATE TABLE t (a text)")
        connection.execute("INSERT INTO t VALUES ('7x')")
        connection.execute("CREATE VIEW v AS SELECT outgrow.text_integer(a) AS n FROM t")
        connection.execute("CREATE INDEX i ON t (outgrow.text_integer(a))")
        assert connection.execute("SELECT n FROM v").fetchall() == [(-1,)]
        assert shims.missing(installed(connection), ["text_integer"]) == ["text_integer"]
        upgrade(connection, "text_integer")
        assert connection.execute("SELECT n FROM v").fetchall() == [(7,)]
        assert shims.missing(installed(connection), ["text_integer"]) == []


def test_two_processes_make_them_at_once(database: str) -> None:
    def make(_: int) -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(shims.install_sql())  # type: ignore[call-overload]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    with psycopg.connect(database, autocommit=True) as connection:
        assert shims.missing(installed(connection), installed(connection)) == []


def test_all_helpers_are_made_in_a_second(database: str) -> None:
    """About 0.07 s on two quiet cores; a busy machine gets several chances."""

    def seconds() -> float:
        started = time.monotonic()
        with connection.transaction(force_rollback=True):
            connection.execute(shims.install_sql())  # type: ignore[call-overload]
        return time.monotonic() - started

    with psycopg.connect(database, autocommit=True) as connection:
        assert any(seconds() < 1 for _ in range(20))
