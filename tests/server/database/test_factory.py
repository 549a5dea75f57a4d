"""The adapter that the environment names, and wrong settings."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from outgrow.database import (
    PostgreSQLAdapter,
    SettingsError,
    SQLiteAdapter,
    close_database_adapter,
    get_database_adapter,
)


@pytest.fixture
def named(backend: Any, bare_environment: pytest.MonkeyPatch) -> Any:
    for name, value in backend.settings.items():
        bare_environment.setenv(name, value)
    yield bare_environment
    close_database_adapter()


def test_the_factory_goes_by_the_environment(backend: Any, named: Any) -> None:
    adapter = get_database_adapter()
    assert adapter.get_db_type() == backend.settings["DB_TYPE"]
    with adapter.get_connection() as connection:
        connection.execute("INSERT INTO people (name) VALUES ('a')")
    with backend.adapter.get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone()[0] == 1


def test_the_factory_gives_one_adapter(named: Any) -> None:
    adapter = get_database_adapter()
    assert get_database_adapter() is adapter
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(get_database_adapter())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each is adapter for each in found)


def test_the_factory_after_closing(named: Any) -> None:
    adapter = get_database_adapter()
    close_database_adapter()
    close_database_adapter()
    assert get_database_adapter() is not adapter


def test_another_setting_is_another_adapter(named: Any, tmp_path: Path) -> None:
    adapter = get_database_adapter()
    named.setenv("DB_TYPE", "sqlite")
    named.setenv("SQLITE_PATH", str(tmp_path / "other.db"))
    second = get_database_adapter()
    assert second is not adapter
    with second.get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0


def test_database_url(backend: Any, named: Any) -> None:
    for name in backend.settings:
        if name.startswith(("POSTGRES_", "SQLITE_")) and name != "POSTGRES_DRIVER":
            named.delenv(name)
    url = f"sqlite:///{backend.path}" if backend.is_sqlite else backend.conninfo
    named.setenv("DATABASE_URL", url)
    with get_database_adapter().get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_arguments_go_over_the_environment(backend: Any, named: Any, tmp_path: Path) -> None:
    if backend.is_sqlite:
        adapter: Any = SQLiteAdapter(tmp_path / "mine.db")
        with adapter.get_connection() as connection:
            connection.execute("CREATE TABLE mine (a)")
        assert (tmp_path / "mine.db").exists()
    else:
        named.setenv("POSTGRES_DB", "nowhere")
        adapter = PostgreSQLAdapter(dbname=backend.settings["POSTGRES_DB"])
        assert adapter.health_check(), adapter.health_error
    adapter.close()


@pytest.mark.parametrize(
    ("name", "value", "listed"),
    [
        ("DB_TYPE", "mysql", "sqlite or postgresql"),
        ("POSTGRES_DRIVER", "asyncpg", "psycopg or psycopg2"),
        ("POSTGRES_PGBOUNCER", "maybe", "true or false"),
        ("POSTGRES_PORT", "abc", "a whole number, 1 to 65535"),
        ("POSTGRES_PORT", "70000", "a whole number, 1 to 65535"),
        ("POSTGRES_POOL_MAX", "0", "a whole number, 1 or more"),
        ("POSTGRES_POOL_MIN", "-1", "a whole number, 0 or more"),
        ("POSTGRES_POOL_MIN", "11", "0 to POSTGRES_POOL_MAX (10)"),
        ("POSTGRES_TIMEOUT", "soon", "a number of seconds above 0"),
        ("POSTGRES_TIMEOUT", "0", "a number of seconds above 0"),
        ("DATABASE_URL", "sqlite:///x.db", "a URL of PostgreSQL"),
    ],
)
def test_wrong_settings(
    bare_environment: pytest.MonkeyPatch, name: str, value: str, listed: str
) -> None:
    bare_environment.setenv("DB_TYPE", "postgresql")
    bare_environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        get_database_adapter()
    told = f"{caught.value} {caught.value.fix}"
    assert name in told
    assert listed in told
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("value", ["SQLite", " sqlite ", "", "SQLITE"])
def test_db_type_in_any_case(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    bare_environment.setenv("DB_TYPE", value)
    bare_environment.setenv("SQLITE_PATH", str(tmp_path / "a.db"))
    assert get_database_adapter().get_db_type() == "sqlite"
    close_database_adapter()
