"""SQLite's errors as errors of ours: one line, a stable code, what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from outgrow.errors import Code, SourceError, define
from outgrow.model.homes import Homes

if TYPE_CHECKING:
    from outgrow.sqlite.snapshot import Snapshot

MISSING = define("OG-100", "The SQLite file does not exist.")
NOT_A_FILE = define("OG-101", "The path names a directory or something else that is not a file.")
NOT_READABLE = define("OG-102", "The SQLite file may not be read, or reading it failed.")
NOT_SQLITE = define("OG-103", "The file is not a SQLite 3 database.")
EMPTY_FILE = define("OG-104", "The file has no bytes: a SQLite database without any table.")
ENCRYPTED = define("OG-105", "The file looks encrypted (SQLCipher, SEE or similar).")
TRUNCATED = define("OG-106", "The file is shorter than its header says.")
CORRUPT = define("OG-107", "SQLite found the file damaged.")
LOCKED = define("OG-108", "Another process holds the database locked.")
NEWER_FORMAT = define("OG-109", "The file has a format that this version of SQLite can't read.")
NO_SPACE = define("OG-110", "There is not enough room for a private copy of the file.")
MOVING = define("OG-111", "The file changed each time it was copied.")
SQLITE_FAILED = define("OG-112", "SQLite refused to read something for another reason.")
NOT_A_NAME = define("OG-116", "The path of the SQLite file is not valid UTF-8.")
NOT_A_TEXT = define("OG-113", "A name or a definition in the schema is not valid UTF-8.")

RECOVER = "Restore a backup, or rebuild the file with: sqlite3 FILE .recover | sqlite3 NEW"

_KNOWN: tuple[tuple[type[apsw.Error], Code, str], ...] = (
    (apsw.CorruptError, CORRUPT, RECOVER),
    (
        apsw.NotADBError,
        ENCRYPTED,
        "If it is encrypted, decrypt it first (SQLCipher: sqlcipher_export); else restore a backup",
    ),
    (apsw.BusyError, LOCKED, "Stop the process that is writing to it, or wait until it is done"),
    (apsw.LockedError, LOCKED, "Stop the process that is writing to it, or wait until it is done"),
    (
        apsw.FullError,
        NO_SPACE,
        "Free some space in the temporary directory (TMPDIR, SQLITE_TMPDIR)",
    ),
    (apsw.IOError, NOT_READABLE, "Check the disk and the rights of the file"),
    (apsw.CantOpenError, NOT_READABLE, "Check the rights of the file and of its directory"),
    (apsw.PermissionsError, NOT_READABLE, "Check the rights of the file and of its directory"),
)


def failure(error: apsw.Error | UnicodeDecodeError, where: str) -> SourceError:
    """Say an error of SQLite in our words."""
    if isinstance(error, UnicodeDecodeError):
        return SourceError(
            NOT_A_TEXT,
            f"a name or definition is not valid UTF-8: {error.object[:60]!a}",
            where=where,
            fix="Rename it with the application that made it",
        )
    says = f"SQLite says: {error}".rstrip(".")
    for kind, code, fix in _KNOWN:
        if isinstance(error, kind):
            return SourceError(code, says, where=where, fix=fix)
    return SourceError(SQLITE_FAILED, says, where=where)


@contextmanager
def reading(source: Snapshot | str | os.PathLike[str], where: str = "") -> Iterator[None]:
    """Turn every error of SQLite inside the block into a :class:`SourceError`.

    Args:
        source: the snapshot that is read, or the path of its file.
        where: the object that is read (``table``, ``table.column``), without the file.

    """
    try:
        yield
    except (apsw.Error, UnicodeDecodeError) as error:
        homes = _homes(source)
        table, _, part = where.partition(".")
        raise failure(error, homes.where(table, part) if where else homes.file) from error


def _homes(source: Snapshot | str | os.PathLike[str]) -> Homes:
    if isinstance(source, str | os.PathLike):
        return Homes(Path(source).name)
    return source.homes
