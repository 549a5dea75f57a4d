"""The six methods of an adapter, health, pools, what is loaded."""

from __future__ import annotations

import inspect
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from conformance.backends import TIMEOUT, clean_environment

from outgrow.database import (
    DatabaseAdapter,
    PostgreSQLAdapter,
    SQLiteAdapter,
)

SIX = {
    *("get_connection", "placeholder", "now_function", "close", "health_check", "get_db_type"),
}


def test_six_abstract_methods() -> None:
    assert DatabaseAdapter.__abstractmethods__ == SIX


def test_both_adapters_have_the_same_signatures() -> None:
    for name in SIX:
        expected = inspect.signature(getattr(DatabaseAdapter, name)).parameters
        for adapter in (SQLiteAdapter, PostgreSQLAdapter):
            assert list(inspect.signature(getattr(adapter, name)).parameters) == list(expected)


def test_what_the_adapter_says(backend: Any, adapter: Any) -> None:
    found = (adapter.placeholder(), adapter.now_function(), adapter.get_db_type())
    if backend.is_sqlite:
        assert found == ("?", "datetime('now')", "sqlite")
    else:
        assert found == ("%s", "NOW()", "postgresql")


def test_an_adapter_is_closed_by_with(backend: Any) -> None:
    with backend.another() as adapter, adapter.get_connection() as connection:
        assert connection.execute("SELECT 1").fetchone()[0] == 1


def test_closing_twice_and_using_again(backend: Any) -> None:
    adapter = backend.another()
    adapter.close()
    with adapter.get_connection() as connection:
        connection.execute("SELECT 1")
    adapter.close()
    adapter.close()
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT 1").fetchone()[0] == 1


def test_health(adapter: Any) -> None:
    assert adapter.health_check() is True
    assert adapter.health_error == ""


def test_another_database_name(backend: Any, adapter: Any) -> None:
    with adapter.get_connection(database="workflow_history") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS flows (name TEXT)")
        connection.execute("INSERT INTO flows VALUES ('f')")
    with adapter.get_connection(database="workflow_history") as connection:
        assert connection.execute("SELECT name FROM flows").fetchone()[0] == "f"
    if backend.is_sqlite:
        assert (backend.path.parent / "workflow_history.db").exists()
    else:
        with adapter.get_connection() as connection:
            assert connection.execute("SELECT name FROM flows").fetchone()[0] == "f"


def test_another_database_name_with_its_extension(adapter: Any) -> None:
    with adapter.get_connection(database="more.db") as connection:
        assert connection.execute("SELECT 1").fetchone()[0] == 1


# --- what is not there ---------------------------------------------------------------------------


def test_no_constructor_connects(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.db"
    SQLiteAdapter(path).close()
    assert not path.parent.exists()
    for driver in ("psycopg", "psycopg2"):
        PostgreSQLAdapter(host="192.0.2.1", driver=driver).close()


def test_health_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    adapter = SQLiteAdapter(tmp_path / "none.db", timeout=1)
    assert adapter.health_check() is False
    assert "there is no file" in adapter.health_error
    assert not (tmp_path / "none.db").exists()


def test_health_of_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is no database at all, only text " * 50)
    adapter = SQLiteAdapter(path, timeout=1)
    assert adapter.health_check() is False
    assert "not a database" in adapter.health_error


def test_health_of_a_folder(tmp_path: Path) -> None:
    adapter = SQLiteAdapter(tmp_path, timeout=1)
    assert adapter.health_check() is False
    assert adapter.health_error


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_health_without_a_server(driver: str, tmp_path: Path) -> None:
    adapter = PostgreSQLAdapter(
        host=str(tmp_path),
        port=5499,
        dbname="a",
        user="u",
        password="geheim",
        driver=driver,
        timeout=60,
    )
    began = monotonic()
    assert adapter.health_check() is False
    assert monotonic() - began < 30
    assert adapter.health_error
    assert "geheim" not in adapter.health_error
    assert "\n" not in adapter.health_error
    adapter.close()


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_connection_without_a_server(driver: str, tmp_path: Path) -> None:
    adapter = PostgreSQLAdapter(host=str(tmp_path), port=5499, driver=driver, timeout=2)
    with pytest.raises(sqlite3.OperationalError) as caught, adapter.get_connection():
        pass
    assert "\n" not in str(caught.value)
    adapter.close()


def test_health_of_a_database_that_is_not_there(backend: Any) -> None:
    if backend.is_sqlite:
        return
    adapter = backend.another(dbname="not_there_at_all")
    assert adapter.health_check() is False
    assert "not_there_at_all" in adapter.health_error
    with (
        pytest.raises(sqlite3.OperationalError, match="not_there_at_all"),
        adapter.get_connection(),
    ):
        pass


def test_health_with_a_wrong_password(backend: Any) -> None:
    """A role that has to give a password is refused by name; the test server trusts the rest."""
    if backend.is_sqlite:
        return
    adapter = backend.another(user="nobody_of_this_name", password="geheim")
    assert adapter.health_check() is False
    assert "nobody_of_this_name" in adapter.health_error
    assert "geheim" not in adapter.health_error


def test_a_pool_that_is_full_waits(backend: Any) -> None:
    if backend.is_sqlite:
        return
    adapter = backend.another(pool_min=1, pool_max=1, timeout=0.4)
    with adapter.get_connection():
        began = monotonic()
        full = pytest.raises(sqlite3.OperationalError, match="connections of the pool were in use")
        with full, adapter.get_connection():
            pass
        assert 0.3 < monotonic() - began < TIMEOUT
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT 1").fetchone()[0] == 1


def test_a_connection_that_the_server_ended(backend: Any) -> None:
    if backend.is_sqlite:
        return
    adapter = backend.another(application_name="to be ended")
    with adapter.get_connection() as connection:
        connection.execute("SELECT 1")
    backend.direct.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'to be ended' AND datname = current_database()"
    )
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT 1").fetchone()[0] == 1


def test_application_name_and_time_zone(backend: Any) -> None:
    if backend.is_sqlite:
        return
    adapter = backend.another(application_name="the shop")
    with adapter.get_connection(native_sql=True) as connection:
        found = connection.execute(
            "SELECT current_setting('application_name'), current_setting('TimeZone')"
        ).fetchone()
    assert tuple(found) == ("the shop", "UTC")


def test_a_statement_timeout(backend: Any) -> None:
    if backend.is_sqlite:
        return
    adapter = backend.another(statement_timeout=1)
    with adapter.get_connection(native_sql=True) as connection:
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("SELECT pg_sleep(60)")
        assert connection.execute("SELECT 1").fetchone()[0] == 1


# --- SQLite alone -------------------------------------------------------------------------------


def test_in_memory() -> None:
    adapter = SQLiteAdapter(":memory:")
    assert adapter.health_check()
    with adapter.get_connection() as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("INSERT INTO a VALUES (1)")
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT b FROM a").fetchone()["b"] == 1
    adapter.close()
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    adapter.close()


def test_two_databases_in_memory() -> None:
    first, second = SQLiteAdapter(":memory:"), SQLiteAdapter(":memory:")
    with first.get_connection() as connection:
        connection.execute("CREATE TABLE a (b)")
    with second.get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    first.close()
    second.close()


def test_foreign_keys_on_request(tmp_path: Path) -> None:
    for wanted in (False, True):
        adapter = SQLiteAdapter(tmp_path / "a.db", foreign_keys=wanted)
        with adapter.get_connection() as connection:
            assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == int(wanted)


def test_wal(tmp_path: Path) -> None:
    for wanted, mode in ((False, "delete"), (True, "wal")):
        path = tmp_path / f"{mode}.db"
        with SQLiteAdapter(path, wal=wanted).get_connection() as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == mode


# --- importing ----------------------------------------------------------------------------------

_IMPORT = """
import sys, time
before = set(sys.modules)
began = time.process_time()
import outgrow.database
took = time.process_time() - began
with outgrow.database.get_database_adapter().get_connection() as c:
    c.execute("SELECT %s", (1,)).fetchone()
names = {name.split(".")[0] for name in set(sys.modules) - before}
print(took, *sorted(names - set(sys.stdlib_module_names)))
"""


def test_importing_needs_the_standard_library_only(tmp_path: Path) -> None:
    """The time is the processor's, about 0.035 s; a busy machine gets several chances."""
    environment = clean_environment() | {"DB_TYPE": "sqlite", "SQLITE_PATH": str(tmp_path / "a.db")}

    def seconds() -> float:
        done = subprocess.run(
            [sys.executable, "-c", _IMPORT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        took, *packages = done.stdout.split()
        assert packages == ["outgrow"]
        return float(took)

    assert any(seconds() < 0.06 for _ in range(20))


def test_a_forked_child_has_connections_of_its_own(backend: Any, adapter: Any) -> None:
    with adapter.get_connection() as connection:
        connection.execute("SELECT 1")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with adapter.get_connection() as connection:
                connection.execute("INSERT INTO people (name) VALUES ('child')")
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT name FROM people").fetchone()[0] == "child"
