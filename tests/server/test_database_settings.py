"""Settings of a role or a database change nothing of what an application reads and writes."""

from __future__ import annotations

import sqlite3
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from pooler import pooled
from psycopg import sql

from outgrow.database import DatabaseAdapter, PostgreSQLAdapter, SQLiteAdapter
from outgrow.database.settings import SettingsError
from outgrow.postgres.embedded import EmbeddedServer

EACH_DRIVER = pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])

#: Each changes what some statement comes to.
ODD = {
    "standard_conforming_strings": "off",
    "session_replication_role": "replica",
    "quote_all_identifiers": "on",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "extra_float_digits": "-15",
    "bytea_output": "escape",
    "IntervalStyle": "sql_standard",
    "DateStyle": "SQL, DMY",
    "TimeZone": "Asia/Kathmandu",
    "default_transaction_isolation": "serializable",
    "search_path": "pg_temp, nowhere",
    "xmloption": "document",
    "client_encoding": "LATIN1",
}

DEFINITIONS = """
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE, r REAL, b BLOB, x,
 d TEXT DEFAULT (date('2024-01-31', '+1 month')));
CREATE TABLE c (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE log (said TEXT);
CREATE TRIGGER told AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('new ' || NEW.a); END;
CREATE INDEX by_a ON t (lower(a));
"""

STATEMENTS = (
    r"INSERT INTO t (a, r, b, x) VALUES ('back\slash', 0.1 + 0.2, x'00ff5c', 'te\xt')",
    r"INSERT INTO t (a, r, x) VALUES ('it''s \''é', 1e300 / 3, NULL)",
    "INSERT INTO c VALUES (1, 1), (2, 2)",
    "INSERT INTO c VALUES (3, 99)",
    "SELECT * FROM t ORDER BY id",
    r"SELECT id FROM t WHERE a = 'back\slash' OR x = NULL",
    "INSERT INTO t (r, a) VALUES (2.25, 'short')",
    "SELECT r || '', json_array(r, a, x) FROM t WHERE a = 'short'",
    "SELECT quote(b), hex(a), json_array(a, x) FROM t ORDER BY id",
    "SELECT julianday('2024-01-02 12:00'), strftime('%s', '2024-01-02'), datetime(0, 'unixepoch')",
    "DELETE FROM t WHERE id = 1",
    "SELECT * FROM c",
    "SELECT * FROM log",
)


def outcomes(adapter: DatabaseAdapter) -> list[object]:
    """What each statement gives, or the class of its error."""
    told: list[object] = []
    with adapter.get_connection() as connection:
        connection.executescript(DEFINITIONS)
    for statement in STATEMENTS:
        try:
            with adapter.get_connection() as connection:
                told.append([tuple(row) for row in connection.execute(statement).fetchall()])
        except sqlite3.Error as error:
            told.append(sqlite3.IntegrityError if isinstance(error, sqlite3.IntegrityError) else 0)
    return told


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    path = tmp_path_factory.mktemp("settings") / "app.db"
    told = outcomes(SQLiteAdapter(path, foreign_keys=True))
    assert told[3] is sqlite3.IntegrityError
    return told


def set_for_the_database(conninfo: str, name: str, value: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        database = sql.Identifier(connection.info.dbname)
        names = sql.SQL(", ").join(each.strip() for each in value.split(","))
        given: Any = names if name == "search_path" else value
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET {} = {}").format(database, sql.Identifier(name), given)
        )


@EACH_DRIVER
def test_an_application_reads_and_writes_the_same(
    database: str, expected: list[object], driver: str
) -> None:
    for name, value in ODD.items():
        set_for_the_database(database, name, value)
    with PostgreSQLAdapter(database, driver=driver) as adapter:
        assert outcomes(adapter) == expected


#: PgBouncer gives other clients what was set for one, but for a few that it keeps apart.
NOT_KEPT = ("session_replication_role", "extra_float_digits", "transform_null_equals")


@EACH_DRIVER
@pytest.mark.parametrize("name", NOT_KEPT)
def test_behind_pgbouncer_what_can_not_be_set_is_refused(
    database: str, name: str, driver: str
) -> None:
    set_for_the_database(database, name, ODD[name])
    with PostgreSQLAdapter(database, driver=driver, pgbouncer=True) as adapter:
        with pytest.raises(SettingsError, match=name), adapter.get_connection():
            pass
        assert not adapter.health_check()
        assert name in adapter.health_error


def test_behind_pgbouncer_strings_are_as_in_sqlite(database: str, expected: list[object]) -> None:
    set_for_the_database(database, "standard_conforming_strings", "off")
    with PostgreSQLAdapter(database, pgbouncer=True) as adapter:
        assert outcomes(adapter) == expected


def test_a_database_in_another_encoding_is_refused(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        name = f"ascii_{uuid4().hex}"
        how = "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(f"CREATE DATABASE {name} {how}".encode())
        own = psycopg.conninfo.make_conninfo(server.url, dbname=name)
        with (
            PostgreSQLAdapter(own) as adapter,
            pytest.raises(SettingsError, match=r"OG-402.*SQL_ASCII"),
            adapter.get_connection(),
        ):
            pass
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@EACH_DRIVER
def test_a_role_that_may_not_set_it_is_told(database: str, driver: str) -> None:
    """Who may not switch triggers on again is told, and works where they are on."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE ROLE nobody_special LOGIN")
        connection.execute("GRANT CREATE, USAGE ON SCHEMA public TO nobody_special")
    try:
        own = psycopg.conninfo.make_conninfo(database, user="nobody_special")
        with PostgreSQLAdapter(own, driver=driver) as adapter:
            assert adapter.health_check(), adapter.health_error
        set_for_the_database(database, "session_replication_role", "replica")
        with PostgreSQLAdapter(own, driver=driver, timeout=3) as adapter:
            with (
                pytest.raises(sqlite3.OperationalError, match="session_replication_role"),
                adapter.get_connection(),
            ):
                pass
            assert not adapter.health_check()
            assert "session_replication_role" in adapter.health_error
    finally:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP OWNED BY nobody_special; DROP ROLE nobody_special")


@EACH_DRIVER
def test_a_pooler_that_keeps_no_sessions_is_refused(
    database: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With statements that another client has prepared, a SELECT might delete."""
    with pooled(database, shared=True) as behind:
        with PostgreSQLAdapter(behind, driver=driver) as adapter:
            with pytest.raises(SettingsError, match="POSTGRES_PGBOUNCER"), adapter.get_connection():
                pass
            assert not adapter.health_check()
            assert "POSTGRES_PGBOUNCER" in adapter.health_error
        monkeypatch.setenv("POSTGRES_PGBOUNCER", "true")
        with PostgreSQLAdapter(behind, driver=driver) as adapter:
            assert adapter.health_check(), adapter.health_error


@EACH_DRIVER
def test_a_pooler_that_keeps_sessions_is_as_good_as_none(database: str, driver: str) -> None:
    with (
        pooled(database, shared=False) as behind,
        PostgreSQLAdapter(behind, driver=driver) as adapter,
    ):
        for number in range(20):
            with adapter.get_connection() as connection:
                assert connection.execute("SELECT ?", (number,)).fetchone()[0] == number


def test_no_two_sessions_name_what_they_prepare_alike(database: str) -> None:
    sql = "SELECT name FROM pg_prepared_statements"

    def prepared(adapter: PostgreSQLAdapter) -> set[str]:
        with adapter.get_connection() as connection:
            for number in range(20):
                connection.execute("SELECT ? + 1", (number,)).fetchone()
        with adapter.get_connection(native_sql=True) as connection:
            return {name for (name,) in connection.execute(sql)}

    with (
        PostgreSQLAdapter(database, pool_max=1) as one,
        PostgreSQLAdapter(database, pool_max=1) as other,
    ):
        here, there = prepared(one), prepared(other)
    assert here
    assert there
    assert not here & there
