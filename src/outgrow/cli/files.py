"""Reading and writing the files that a person names."""

from __future__ import annotations

from pathlib import Path

from outgrow.errors import UsageError, define
from outgrow.sqlite.header import is_database

NOT_WRITTEN = define("OG-710", "A file could not be written")


def write_text(path: Path, text: str) -> None:
    """Write a file, but never over a SQLite database; raises UsageError with the reason."""
    if is_database(path):
        raise UsageError(
            NOT_WRITTEN,
            "this is a SQLite database, which would be lost",
            where=str(path),
            fix="Give another name after -o",
        )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            NOT_WRITTEN, f"the file can't be written: {error.strerror}", where=str(path)
        ) from None
