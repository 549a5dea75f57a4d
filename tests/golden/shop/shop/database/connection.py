# outgrow init bc8eefd6e76c: yours to change, and then left alone
"""Connections like sqlite3's, to SQLite or PostgreSQL as DB_TYPE says."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from outgrow.database import DatabaseAdapter

from .factory import get_database_adapter

__all__ = ["DatabaseAdapter", "get_connection"]


def get_connection(
    database: str | None = None,
    *,
    native: bool = False,
    native_sql: bool = False,
) -> AbstractContextManager[Any]:
    """Open a connection: committed at the end, rolled back when something is raised.

    Args:
        database: a name in `FILES` of sqlite_adapter.py, for SQLite; the first without it.
            PostgreSQL has all tables in one database.
        native: rows have datetime, bool, Decimal and parsed JSON instead of SQLite's types.
        native_sql: statements go to PostgreSQL as they are written; SQLite refuses that.

    """
    adapter = get_database_adapter()
    return adapter.get_connection(
        database=database,
        native=native,
        native_sql=native_sql,
    )
