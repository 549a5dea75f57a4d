"""What an application is told whose role may do little."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.database import PostgreSQLAdapter

EACH_DRIVER = pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])


def run(conninfo: str, *statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def reader(database: str) -> Iterator[str]:
    """A role that may read the application's table, and nothing else."""
    with PostgreSQLAdapter(database) as adapter, adapter.get_connection() as connection:
        connection.execute("CREATE TABLE t (a TEXT, r REAL)")
        connection.execute("INSERT INTO t VALUES ('x', 1.5)")
    role = f"reader_{uuid4().hex[:8]}"
    run(
        database,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
    )
    yield make_conninfo(database, user=role)
    run(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@EACH_DRIVER
def test_a_right_to_the_schema_outgrow_is_missing(database: str, reader: str, driver: str) -> None:
    with PostgreSQLAdapter(reader, driver=driver, timeout=30) as adapter:
        assert not adapter.health_check()
        assert "GRANT USAGE ON SCHEMA outgrow" in adapter.health_error
        began = monotonic()
        with pytest.raises(sqlite3.OperationalError, match="GRANT"), adapter.get_connection():
            pass
        assert monotonic() - began < 20, "it waited for a connection that lives"
        role = conninfo_to_dict(reader)["user"]
        run(
            database,
            f"GRANT USAGE ON SCHEMA outgrow TO {role}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA outgrow TO {role}",
        )
        assert adapter.health_check(), adapter.health_error
        with adapter.get_connection() as connection:
            assert connection.execute("SELECT a FROM t").fetchone()[0] == "x"


@EACH_DRIVER
def test_a_function_that_the_role_may_not_make(database: str, reader: str, driver: str) -> None:
    role = conninfo_to_dict(reader)["user"]
    run(
        database,
        f"GRANT USAGE ON SCHEMA outgrow TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA outgrow TO {role}",
    )
    statement = "SELECT printf('%05.1f', r) FROM t"
    with PostgreSQLAdapter(reader, driver=driver) as adapter:
        with (
            pytest.raises(sqlite3.Error, match="run it once as the owner"),
            adapter.get_connection() as connection,
        ):
            connection.execute(statement)
        with PostgreSQLAdapter(database) as owner, owner.get_connection() as connection:
            connection.execute(statement)
        with adapter.get_connection() as connection:
            assert connection.execute(statement).fetchone()[0] == "001.5"


@EACH_DRIVER
def test_a_schema_outgrow_that_was_dropped_meanwhile(database: str, driver: str) -> None:
    with PostgreSQLAdapter(database, driver=driver) as adapter:
        with adapter.get_connection() as connection:
            connection.execute("CREATE TABLE t (a TEXT)")
            connection.execute("PRAGMA user_version = 3")
        run(database, "DROP SCHEMA outgrow CASCADE")
        with adapter.get_connection() as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == 0


def test_a_superuser_makes_nothing_in_the_schema_of_another_role(database: str) -> None:
    """Whose triggers would run with all the rights of a superuser."""
    role = f"mallory_{uuid4().hex[:8]}"
    name = conninfo_to_dict(database)["dbname"]
    run(database, f"CREATE ROLE {role} LOGIN", f"GRANT CREATE ON DATABASE {name} TO {role}")
    run(make_conninfo(database, user=role), "CREATE SCHEMA outgrow")
    run(database, "CREATE TABLE t AS SELECT 1.5::float8 AS r")
    statement = "SELECT printf('%05.1f', r) FROM t"
    with PostgreSQLAdapter(database) as adapter:
        with (
            pytest.raises(sqlite3.OperationalError, match=role),
            adapter.get_connection() as connection,
        ):
            connection.execute(statement)
        run(database, "ALTER SCHEMA outgrow OWNER TO CURRENT_USER")
        with adapter.get_connection() as connection:
            assert connection.execute(statement).fetchone()[0] == "001.5"
    run(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
