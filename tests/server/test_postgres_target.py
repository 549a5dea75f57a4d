"""Sessions and failures against real servers that were set up to be difficult."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from waiting import reload_configuration

from outgrow.errors import TargetError
from outgrow.postgres import target as target_module
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.failures import explain, require_privileges
from outgrow.postgres.target import connect, parse_target

SECRET = "sw0rdf1sh"

#: A server where nobody but the superuser comes in without being asked.
STRICT = """
local all postgres            trust
local all rejected            reject
local all somebody_else       peer
local all all                 scram-sha-256
"""

ROLES = f"""
CREATE ROLE asked LOGIN PASSWORD '{SECRET}';
CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD '{SECRET}';
CREATE ROLE group_only NOLOGIN PASSWORD '{SECRET}';
CREATE ROLE somebody_else LOGIN;
CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0;
"""


@pytest.fixture(scope="module", params=["pg15", "pg18"])
def strict(
    request: pytest.FixtureRequest,
    servers_folder: Path,
    own_server: Callable[..., EmbeddedServer],
) -> Iterator[dict[str, str]]:
    """Give the place of a server that asks for passwords."""
    settings = {"max_connections": "8", "max_locks_per_transaction": "10"}
    name = f"strict-{request.param}-{uuid4().hex[:8]}"
    with own_server(servers_folder / name, request.param, settings) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for statement in filter(None, map(str.strip, ROLES.split(";"))):
                connection.execute(statement)
            (rules,) = connection.execute("SHOW hba_file").fetchone()
            Path(rules).write_text(STRICT)
        reload_configuration(server.url)
        place = conninfo_to_dict(server.url)
        yield {"host": place["host"], "dbname": place["dbname"]}


def failure(conninfo: str) -> TargetError:
    with pytest.raises(TargetError) as caught:
        connect(parse_target(conninfo)).close()
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("more", "code", "names"),
    [
        ({"user": "asked", "password": f"{SECRET}!"}, "OG-404", "asked"),
        ({"user": "asked"}, "OG-404", "PGPASSWORD"),
        ({"user": "asked", "password": SECRET, "dbname": "no 'such'"}, "OG-405", "\"no 'such'\""),
        ({"user": "postgres", "dbname": "latin"}, "OG-402", "LATIN1"),
        ({"user": "group_only", "password": SECRET}, "OG-406", "ALTER ROLE group_only LOGIN"),
        ({"user": "crowded", "password": SECRET}, "OG-410", "CONNECTION LIMIT"),
        ({"user": "rejected"}, "OG-412", "pg_hba.conf"),
        ({"user": "somebody_else"}, "OG-412", "somebody_else"),
    ],
)
def test_who_is_not_let_in(
    strict: dict[str, str], more: dict[str, str], code: str, names: str
) -> None:
    error = failure(make_conninfo("", **(strict | more)))
    assert error.code.name == code
    assert names in str(error)
    assert error.fix


def test_no_such_role(database: str) -> None:
    error = failure(make_conninfo(database, user="nobody here"))
    assert error.code.name == "OG-406"
    assert 'CREATE ROLE "nobody here" LOGIN' in error.fix


def test_the_password_may_come_from_the_environment(
    strict: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conninfo = make_conninfo("", **strict, user="asked")
    monkeypatch.setenv("PGPASSWORD", f"{SECRET}!")
    assert failure(conninfo).code.name == "OG-404"
    monkeypatch.setenv("PGPASSWORD", SECRET)
    connect(parse_target(conninfo)).close()


def test_every_connection_is_taken(strict: dict[str, str]) -> None:
    conninfo = make_conninfo("", **strict, user="asked", password=SECRET)
    taken: list[psycopg.Connection] = []
    try:
        with pytest.raises(TargetError) as caught:
            for _ in range(9):
                taken.append(connect(parse_target(conninfo)))
    finally:
        for connection in taken:
            connection.close()
    assert caught.value.code.name == "OG-410"
    assert taken


def test_out_of_locks_names_the_setting(strict: dict[str, str]) -> None:
    with connect(parse_target(make_conninfo("", **strict, user="postgres"))) as connection:
        with pytest.raises(psycopg.Error) as caught, connection.transaction(force_rollback=True):
            connection.execute(
                "DO $$BEGIN FOR i IN 1..20000 LOOP"
                " EXECUTE format('CREATE TABLE public.t%s ()', i); END LOOP; END$$"
            )
        told = explain(caught.value, "here", connection)
    assert told.code.name == "OG-415"
    assert "max_locks_per_transaction" in told.fix


def test_too_old(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target_module, "OLDEST", 99)
    assert failure(database).code.name == "OG-401"


def test_read_only(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
                sql.Identifier(connection.info.dbname)
            )
        )
    assert failure(database).code.name == "OG-403"


def test_a_standby_is_not_written_to(
    servers_folder: Path, own_server: Callable[..., EmbeddedServer]
) -> None:
    folder = servers_folder / f"standby-{uuid4().hex[:8]}"
    settings = {"wal_level": "replica"}
    with own_server(folder, "pg18", settings):
        pass
    (folder / "data" / "standby.signal").touch()
    with own_server(folder, "pg18", settings) as server:
        assert failure(server.url).code.name == "OG-403"


def test_a_session_is_the_same_whatever_was_set(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {
        "search_path": "pg_toast",
        "TimeZone": "Asia/Kathmandu",
        "DateStyle": "German",
        "IntervalStyle": "sql_standard",
        "bytea_output": "escape",
        "extra_float_digits": "-15",
        "standard_conforming_strings": "off",
        "client_encoding": "LATIN1",
        "statement_timeout": "20s",
        "lock_timeout": "20s",
        "row_security": "on",
        "synchronize_seqscans": "on",
    }
    with psycopg.connect(database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        for key, value in odd.items():
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.SQL(key), value)
            )
    monkeypatch.setenv("PGTZ", "America/Lima")
    monkeypatch.setenv("PGDATESTYLE", "SQL")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("PGOPTIONS", "-c extra_float_digits=0 -c search_path=public")
    with connect(parse_target(database), application_name="a test") as connection:
        row = connection.execute(
            "SELECT 1e-5::float8 / 3, (0.1::float8 + 0.2)::text,"
            " 'a\\b'::text, '\\x00ff'::bytea::text,"
            " '2024-02-03 04:05:06+00'::timestamptz::text, 'é'::text,"
            " current_setting('search_path'), current_setting('row_security'),"
            " current_setting('synchronize_seqscans'), current_setting('application_name'),"
            " current_setting('statement_timeout'), current_setting('lock_timeout')"
        ).fetchone()
    assert row == (
        1e-5 / 3,
        "0.30000000000000004",
        "a\\b",
        "\\x00ff",
        "2024-02-03 04:05:06+00",
        "é",
        "pg_catalog",
        "off",
        "off",
        "a test",
        "0",
        "30s",
    )


@pytest.mark.parametrize("autocommit", [True, False])
def test_autocommit_is_as_asked(database: str, autocommit: bool) -> None:
    with connect(parse_target(database), autocommit=autocommit) as connection:
        assert connection.autocommit is autocommit
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


@pytest.fixture
def poor(database: str) -> Iterator[str]:
    """Give the conninfo of the database for a role that may do nothing in it."""
    role = f'poor "role" {uuid4().hex[:8]}'
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute('CREATE TABLE public."it\'s" (a int)')
        try:
            yield make_conninfo(database, user=role)
        finally:
            # What it owns or was granted is in this database alone.
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA staging",
        "CREATE TABLE public.t (a int)",
        'SELECT * FROM public."it\'s"',
    ],
)
def test_the_missing_grant_is_the_very_one(database: str, poor: str, statement: str) -> None:
    with (
        connect(parse_target(poor)) as connection,
        psycopg.connect(database, autocommit=True) as owner,
    ):
        owner.execute("SET search_path = public")
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(statement)
        told = explain(caught.value, "here", connection)
        assert told.code.name == "OG-416"
        owner.execute(told.fix)
        connection.execute(statement)


def test_missing_privileges_are_told_before_any_work(database: str, poor: str) -> None:
    with (
        connect(parse_target(poor)) as connection,
        psycopg.connect(database, autocommit=True) as owner,
    ):
        with pytest.raises(TargetError) as caught:
            require_privileges(connection, "public", "here")
        _, _, statements = caught.value.fix.partition("run: ")
        owner.execute(statements)
        require_privileges(connection, "public", "here")
        require_privileges(connection, "not yet there", "here")
        connection.execute("CREATE SCHEMA staging")
        connection.execute("CREATE TABLE public.t (a int)")


def test_the_connection_is_cut(database: str) -> None:
    with connect(parse_target(database)) as victim, psycopg.connect(database) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", (victim.info.backend_pid,))
        with pytest.raises(psycopg.Error) as caught:
            victim.execute("SELECT 1")
        assert explain(caught.value, "here", victim).code.name == "OG-413"
        with pytest.raises(psycopg.Error) as caught:
            victim.execute("SELECT 1")
        assert explain(caught.value, "here", victim).code.name == "OG-413"


def test_somebody_cancels(database: str) -> None:
    with connect(parse_target(database)) as victim:
        over = threading.Event()

        def cancel() -> None:
            # The first may come before the statement runs.
            while not over.wait(0.2):
                victim.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        with pytest.raises(psycopg.Error) as caught:
            victim.execute("SELECT pg_sleep(240)")
        over.set()
        thread.join()
    assert explain(caught.value, "here").code.name == "OG-418"


def test_somebody_holds_a_lock(database: str) -> None:
    with connect(parse_target(database)) as waiting, psycopg.connect(database) as holder:
        holder.execute("CREATE TABLE t (a int)")
        holder.commit()
        holder.execute("LOCK TABLE t")
        with pytest.raises(psycopg.Error) as caught, waiting.transaction():
            waiting.execute("LOCK TABLE public.t NOWAIT")
        holder.rollback()
    assert explain(caught.value, "here").code.name == "OG-417"
