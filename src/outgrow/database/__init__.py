"""One application, SQLite or PostgreSQL, by DB_TYPE: connections like ``sqlite3``'s on both.

With ``DB_TYPE=sqlite`` this needs the standard library alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outgrow.database.connection import DatabaseAdapter, Row
from outgrow.database.factory import (
    CurrentAdapter,
    close_database_adapter,
    get_database_adapter,
)
from outgrow.database.settings import Settings, SettingsError, read_env_file, read_settings
from outgrow.database.sqlite_adapter import SQLiteAdapter

if TYPE_CHECKING:
    from outgrow.database.postgres_adapter import PostgreSQLAdapter

__all__ = [
    "CurrentAdapter",
    "DatabaseAdapter",
    "PostgreSQLAdapter",
    "Row",
    "SQLiteAdapter",
    "Settings",
    "SettingsError",
    "close_database_adapter",
    "get_database_adapter",
    "read_env_file",
    "read_settings",
]


def __getattr__(name: str) -> Any:
    """Import what needs a driver of PostgreSQL when it is asked for."""
    if name == "PostgreSQLAdapter":
        from outgrow.database.postgres_adapter import PostgreSQLAdapter  # noqa: PLC0415

        return PostgreSQLAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
