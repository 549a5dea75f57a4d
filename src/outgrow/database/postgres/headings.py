"""The names of a result's columns, in the forms that cursors and rows need."""

from __future__ import annotations

import sqlite3
import threading
from functools import cached_property, lru_cache
from typing import Any

from outgrow.sqlite.rows import quote_identifier


class Heading:
    """Result columns by name."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.description: tuple[tuple[Any, ...], ...] | None = (
            tuple((name, *[None] * 6) for name in names) or None
        )

    @cached_property
    def stand_in(self) -> sqlite3.Cursor:
        """A cursor of SQLite whose columns have these names, which is never read.

        sqlite3.Row takes the names from a cursor of sqlite3 itself.
        """
        listed = ", ".join(f"NULL AS {quote_identifier(name)}" for name in self.names) or "NULL"
        with _lock:
            return _empty().execute(f"SELECT {listed} LIMIT 0")


NOTHING = Heading(())

_lock = threading.Lock()


@lru_cache(maxsize=1)
def _empty() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)
