"""The one place that knows which database the application runs on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


def _path(database: str | None) -> Path:
    path = Path(os.environ.get("SQLITE_PATH", "db/database.db"))
    return path.with_name(f"{database}.db") if database else path


@contextmanager
def get_connection(database: str | None = None) -> Iterator[sqlite3.Connection]:
    """A connection that commits at the end, and rolls back when something is raised."""
    with closing(sqlite3.connect(_path(database), timeout=30)) as conn:
        conn.row_factory = sqlite3.Row
        try:
            yield conn
        except BaseException:
            conn.rollback()
            raise
        conn.commit()


def health() -> dict[str, Any]:
    """Whether the database answers, its type and version."""
    told: dict[str, Any] = {"type": "sqlite", "version": sqlite3.sqlite_version, "error": None}
    if not _path(None).is_file():
        return {**told, "version": None, "ok": False, "error": f"there is no file {_path(None)}"}
    try:
        with get_connection() as conn:
            conn.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        return {**told, "version": None, "ok": False, "error": str(error)}
    return {**told, "ok": True}
