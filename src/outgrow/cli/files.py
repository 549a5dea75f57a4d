"""Reading and writing the files that a person names."""

from __future__ import annotations

import os
from errno import ENXIO
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
        with open(path, "w", encoding="utf-8", opener=_at_once) as file:
            file.write(text)
    except OSError as error:
        reason = "nobody reads this pipe" if error.errno == ENXIO else error.strerror
        raise UsageError(
            NOT_WRITTEN, f"the file can't be written: {reason}", where=str(path)
        ) from None


def _at_once(path: str, flags: int) -> int:
    """Open a file; a named pipe that nobody reads is an error, and nothing to wait for."""
    descriptor = os.open(path, flags | os.O_NONBLOCK, 0o666)
    os.set_blocking(descriptor, True)
    return descriptor
