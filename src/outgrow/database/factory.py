"""The adapter that the environment names, one for the process."""

from __future__ import annotations

import threading
from collections.abc import Callable

from outgrow.database.connection import DatabaseAdapter
from outgrow.database.settings import Settings, read_settings


def adapter_for(settings: Settings) -> DatabaseAdapter:
    """Make the adapter for some settings; only the one of them is imported."""
    if settings.db_type == "sqlite":
        from outgrow.database.sqlite_adapter import SQLiteAdapter  # noqa: PLC0415

        return SQLiteAdapter.of(settings)
    from outgrow.database.postgres_adapter import PostgreSQLAdapter  # noqa: PLC0415

    return PostgreSQLAdapter.of(settings)


class CurrentAdapter:
    """The adapter for the settings as they are, one for the process; threads get the same one.

    Args:
        settings: reads them, at each call of `get`.
        make: makes the adapter for them.

    """

    def __init__(
        self,
        settings: Callable[[], Settings] = read_settings,
        make: Callable[[Settings], DatabaseAdapter] = adapter_for,
    ) -> None:
        self._settings = settings
        self._make = make
        self._lock = threading.Lock()
        self._current: tuple[Settings, DatabaseAdapter] | None = None

    def get(self) -> DatabaseAdapter:
        """Give the adapter; where the settings are others than before, the old one is closed.

        Raises:
            SettingsError: a setting is wrong.

        """
        settings = self._settings()
        known = self._current
        if known is not None and known[0] == settings:
            return known[1]
        with self._lock:
            if self._current is not None and self._current[0] == settings:
                return self._current[1]
            adapter = self._make(settings)
            before, self._current = self._current, (settings, adapter)
        if before is not None:
            before[1].close()
        return adapter

    def close(self) -> None:
        """Close the adapter; the next `get` makes a new one."""
        with self._lock:
            before, self._current = self._current, None
        if before is not None:
            before[1].close()


_current = CurrentAdapter()


def get_database_adapter() -> DatabaseAdapter:
    """Give the adapter for DB_TYPE; threads get the same one.

    When the environment names another database than before, the old adapter is closed and a new
    one is made. Connects to nothing.

    Raises:
        SettingsError: a setting is wrong.

    """
    return _current.get()


def close_database_adapter() -> None:
    """Close the adapter; the next call of `get_database_adapter` makes a new one."""
    _current.close()
