"""The one place that knows which database the application runs on."""

import sqlite3
from contextlib import AbstractContextManager
from typing import Any

from database import get_database_adapter


def get_connection(database: str | None = None) -> AbstractContextManager[Any]:
    """A connection that commits at the end, and rolls back when something is raised."""
    return get_database_adapter().get_connection(database=database)


def health() -> dict[str, Any]:
    """Whether the database answers, its type and version."""
    adapter = get_database_adapter()
    told: dict[str, Any] = {"type": adapter.get_db_type(), "version": None, "error": None}
    if not adapter.health_check():
        return {**told, "ok": False, "error": adapter.health_error}
    is_sqlite = told["type"] == "sqlite"
    try:
        with adapter.get_connection(native_sql=not is_sqlite) as conn:
            sql = "SELECT sqlite_version()" if is_sqlite else "SHOW server_version"
            told["version"] = conn.execute(sql).fetchone()[0]
    except sqlite3.Error as error:
        return {**told, "ok": False, "error": str(error)}
    return {**told, "ok": True}
