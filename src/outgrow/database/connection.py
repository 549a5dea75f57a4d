"""What every database is to an application: six methods."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any


class DatabaseAdapter(ABC):
    """An application's way to one database; made without connecting, closed at the end.

    Threads share an adapter. ``health_error`` says why the last `health_check` failed.
    """

    health_error: str = ""

    @abstractmethod
    def get_connection(
        self, *, database: str | None = None, native_sql: bool = False, native: bool = False
    ) -> AbstractContextManager[Any]:
        """Give a connection like ``sqlite3``'s; committed at the end, rolled back on an exception.

        Args:
            database: another SQLite file of the application, by its name without extension; on
                PostgreSQL all are in one database.
            native_sql: statements go to PostgreSQL as they are written.
            native: rows have datetime, bool, Decimal and parsed JSON.

        """

    @abstractmethod
    def placeholder(self) -> str:
        """What stands for a bound value: ``?`` or ``%s``. Statements may use either on both."""

    @abstractmethod
    def now_function(self) -> str:
        """The SQL of the present moment in UTC. ``NOW()`` works on both."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection; a second call does nothing."""

    @abstractmethod
    def health_check(self) -> bool:
        """Whether the database answers; never raises, never makes a file, ends in time."""

    @abstractmethod
    def get_db_type(self) -> str:
        """Give ``"sqlite"`` or ``"postgresql"``."""

    def __enter__(self) -> DatabaseAdapter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def in_one_line(error: BaseException) -> str:
    """Tell an error in one line."""
    return " ".join(str(error).split()) or type(error).__name__


class Row(sqlite3.Row):
    """``sqlite3.Row`` with the methods of a mapping that applications write on dict rows.

    It is a sqlite3.Row on both databases: index, slices, names in any case, ``keys()``,
    ``dict(row)``, IndexError for an unknown name, equality and hash are SQLite's own.
    """

    __slots__ = ()

    def get(self, name: str, default: Any = None) -> Any:
        """Give the value of a column, ``default`` where there is none of that name."""
        try:
            return self[name]
        except IndexError:
            return default

    def items(self) -> list[tuple[str, Any]]:
        """Give names and values."""
        return list(zip(self.keys(), self, strict=True))

    def values(self) -> list[Any]:
        """Give the values."""
        return list(self)
