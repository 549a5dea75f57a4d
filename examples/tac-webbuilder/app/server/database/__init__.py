# outgrow init 12deab6a20e4: yours to change, and then left alone
"""The database of tac-webbuilder: SQLite or PostgreSQL, as DB_TYPE says."""

from __future__ import annotations

from typing import Any

from .connection import DatabaseAdapter, get_connection
from .factory import close_database_adapter, get_database_adapter
from .sqlite_adapter import SQLiteAdapter

__all__ = [
    "DatabaseAdapter",
    "PostgreSQLAdapter",
    "SQLiteAdapter",
    "close_database_adapter",
    "get_connection",
    "get_database_adapter",
]


def __getattr__(name: str) -> Any:
    """Import what needs a driver of PostgreSQL when it is asked for."""
    if name == "PostgreSQLAdapter":
        from .postgres_adapter import PostgreSQLAdapter

        return PostgreSQLAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
