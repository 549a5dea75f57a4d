"""The first hundred bytes of a database file (https://www.sqlite.org/fileformat2.html)."""

from __future__ import annotations

import os
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

from outgrow.errors import SourceError
from outgrow.sqlite.failures import (
    EMPTY_FILE,
    ENCRYPTED,
    MISSING,
    NEWER_FORMAT,
    NOT_A_FILE,
    NOT_A_NAME,
    NOT_READABLE,
    NOT_SQLITE,
    reading,
)

_MAGIC = b"SQLite format 3\0"
_MAGIC_2 = b"** This file contains an SQLite 2"
_WAL_VERSION = 2
_NEWEST_SCHEMA_FORMAT = 4


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says; ``expected_bytes`` is 0 where it doesn't say."""

    is_wal: bool
    change_counter: int
    expected_bytes: int


def parse_header(raw: bytes) -> Header:
    """Read the header; its page count only counts when the last writer kept it up to date."""
    padded = raw.ljust(100, b"\0")
    page_size = int.from_bytes(padded[16:18]) or 1
    page_size = 65536 if page_size == 1 else page_size
    counter, pages = struct.unpack(">II", padded[24:32])
    (valid_for,) = struct.unpack(">I", padded[92:96])
    return Header(
        is_wal=_WAL_VERSION in (padded[18], padded[19]),
        change_counter=counter,
        expected_bytes=pages * page_size if counter == valid_for else 0,
    )


def check_file(real: Path, where: str) -> None:
    """See that the path is a file that SQLite could read, before SQLite is asked.

    Raises:
        SourceError: it is missing, not a file, not readable, empty, encrypted, of another format.

    """
    try:
        str(real).encode()
    except UnicodeEncodeError:
        raise SourceError(
            NOT_A_NAME,
            "the path is not valid UTF-8, and SQLite takes no other",
            where=where,
            fix="Rename the folder or the file, or make a symbolic link to it elsewhere",
        ) from None
    try:
        mode = real.stat()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        raise SourceError(
            MISSING if missing else NOT_READABLE,
            "there is no such file" if missing else f"{error.strerror}",
            where=where,
            fix="Check the path" if missing else "Check the rights of its directories",
        ) from error
    if not stat.S_ISREG(mode.st_mode):
        kind = "a directory" if stat.S_ISDIR(mode.st_mode) else "not a regular file"
        raise SourceError(NOT_A_FILE, f"this is {kind}", where=where, fix="Name the database file")
    if not os.access(real, os.R_OK):
        raise SourceError(
            NOT_READABLE, "you may not read this file", where=where, fix=f"chmod u+r {real}"
        )
    if not mode.st_size:
        raise SourceError(
            EMPTY_FILE,
            "the file is empty (0 bytes)",
            where=where,
            fix="Check the path: SQLite makes an empty file when an application opens a wrong one",
        )
    if not _may_be_mended(real):
        _check_start(_first_page(real, where), mode.st_size, where)


def _may_be_mended(real: Path) -> bool:
    """Whether SQLite may have the first page elsewhere: in a journal as it was, or in a WAL."""
    for end, nothing in (("-journal", (b"", b"\0")), ("-wal", (b"",))):
        with suppress(OSError), real.with_name(real.name + end).open("rb") as beside:
            if beside.read(1) not in nothing:
                return True
    return False


def open_file(real: Path) -> apsw.VFSFile:
    """Open the file for reading through SQLite's own VFS, which knows this process's locks."""
    flags = [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0]
    return apsw.VFSFile("", str(real), flags)


def _first_page(real: Path, where: str) -> bytes:
    with reading(where):
        file = open_file(real)
        try:
            return file.xRead(min(4096, file.xFileSize()), 0)
        finally:
            file.xClose()


def _check_start(start: bytes, size: int, where: str) -> None:
    if start.startswith(_MAGIC_2):
        raise SourceError(
            NEWER_FORMAT,
            "this is a SQLite 2 database",
            where=where,
            fix="Convert it first: sqlite OLD .dump | sqlite3 NEW",
        )
    if not start.startswith(_MAGIC):
        if _looks_random(start, size):
            raise SourceError(
                ENCRYPTED,
                "this is not a readable SQLite database; it looks encrypted",
                where=where,
                fix="Decrypt it first (SQLCipher: sqlcipher_export), then name the plain file",
            )
        raise SourceError(
            NOT_SQLITE, "this is not a SQLite database", where=where, fix="Check the path"
        )
    # SQLite looks at the last of its four bytes only.
    schema_format = start.ljust(100, b"\0")[47]
    if start[19:20] > bytes([_WAL_VERSION]) or schema_format > _NEWEST_SCHEMA_FORMAT:
        raise SourceError(
            NEWER_FORMAT,
            f"its format (read version {start[19]}, schema format {schema_format}) is newer than "
            f"SQLite {apsw.sqlite_lib_version()} reads",
            where=where,
            fix="Update outgrow, or export the file with the program that wrote it",
        )


def _looks_random(start: bytes, size: int) -> bool:
    """Whole pages of evenly spread bytes: 512 random bytes have about 221 different values."""
    return size % 512 == 0 and len(start) >= 512 and len(set(start)) >= 150


def is_database(path: Path) -> bool:
    """Whether a file begins as a database does; False where it can't be read."""
    try:
        # Opening a named pipe waits for somebody who writes to it.
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False
