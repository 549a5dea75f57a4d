# outgrow init a9fa3c8cd0cb: yours to change, and then left alone
"""The adapter that DB_TYPE names, one for the process."""

from __future__ import annotations

import os

from outgrow.database import (
    CurrentAdapter,
    DatabaseAdapter,
    Settings,
    read_env_file,
    read_settings,
)

from .sqlite_adapter import FILES, ROOT, SQLiteAdapter

#: What holds where neither the environment nor `.env` says anything.
DEFAULTS = {
    "SQLITE_PATH": str(next(iter(FILES.values()))),
    "POSTGRES_DRIVER": "psycopg",
}

#: The project's `.env`, read once: when this module is imported.
FROM_FILE = read_env_file(ROOT / ".env")


def get_settings() -> Settings:
    """Read the settings: the environment goes over `.env`, which goes over `DEFAULTS`."""
    return read_settings(os.environ, FROM_FILE, DEFAULTS)


def adapter_for(settings: Settings) -> DatabaseAdapter:
    """Make this project's adapter for some settings."""
    if settings.db_type == "sqlite":
        return SQLiteAdapter.of(settings)
    # The driver is imported only where it is needed.
    from .postgres_adapter import PostgreSQLAdapter

    return PostgreSQLAdapter.of(settings)


_current = CurrentAdapter(get_settings, adapter_for)


def get_database_adapter() -> DatabaseAdapter:
    """Give the adapter for DB_TYPE; connects to nothing before it is used."""
    return _current.get()


def close_database_adapter() -> None:
    """Close the adapter; the next `get_database_adapter` makes a new one."""
    _current.close()
