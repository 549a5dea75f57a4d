"""The adapter that the environment names, one for the process."""

from __future__ import annotations

import threading

from outgrow.database.connection import DatabaseAdapter
from outgrow.database.settings import Settings, read_settings

_lock = threading.Lock()
_current: tuple[Settings, DatabaseAdapter] | None = None


def get_database_adapter() -> DatabaseAdapter:
    """Give the adapter for DB_TYPE; threads get the same one.

    When the environment names another database than before, the old adapter is closed and a new
    one is made. Connects to nothing.

    Raises:
        SettingsError: a setting is wrong.

    """
    global _current
    settings = read_settings()
    known = _current
    if known is not None and known[0] == settings:
        return known[1]
    with _lock:
        if _current is not None and _current[0] == settings:
            return _current[1]
        adapter = adapter_for(settings)
        before, _current = _current, (settings, adapter)
    if before is not None:
        before[1].close()
    return adapter


def close_database_adapter() -> None:
    """Close the adapter; the next call of `get_database_adapter` makes a new one."""
    global _current
    with _lock:
        before, _current = _current, None
    if before is not None:
        before[1].close()


def adapter_for(settings: Settings) -> DatabaseAdapter:
    """Make the adapter for some settings; only the one of them is imported."""
    if settings.db_type == "sqlite":
        from outgrow.database.sqlite_adapter import SQLiteAdapter  # noqa: PLC0415

        return SQLiteAdapter.of(settings)
    from outgrow.database.postgres_adapter import PostgreSQLAdapter  # noqa: PLC0415

    return PostgreSQLAdapter.of(settings)
