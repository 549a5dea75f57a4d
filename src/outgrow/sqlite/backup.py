"""A copy of a database, made by SQLite itself and looked through by SQLite afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import apsw

from outgrow.errors import SourceError, define
from outgrow.sqlite.damage import complaints
from outgrow.sqlite.failures import RECOVER, reading
from outgrow.sqlite.rows import stand_in_collation
from outgrow.sqlite.snapshot import Snapshot, load_schema

DAMAGED = define("OG-114", "A copy of the file fails SQLite's integrity check.")
NO_ROOM = define("OG-115", "There is not enough room for a copy of the file.")

#: Pages that are copied at once.
_STEP = 2_000


def size_of(snapshot: Snapshot) -> int:
    """How many bytes a copy has; raises SourceError."""
    with reading(snapshot):
        sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        (size,) = snapshot.connection.execute(sql).fetchall()[0]
    assert isinstance(size, int)
    return size


def copy_to(snapshot: Snapshot, target: Path, tell: Callable[[int], None]) -> None:
    """Copy the database as it is in the snapshot (https://www.sqlite.org/backup.html).

    Args:
        snapshot: the source, which others may write to meanwhile.
        target: an empty file.
        tell: called with the bytes that are done.

    Raises:
        SourceError: the source can't be read, or the target's disk is full.

    """
    size = size_of(snapshot)
    with reading(snapshot), closing(_opened(target)) as copy:
        try:
            with copy.backup("main", snapshot.connection, "main") as backup:
                while not backup.done:
                    backup.step(_STEP)
                    tell(size - size * backup.remaining // max(backup.page_count, 1))
        except apsw.FullError as error:
            raise no_room(str(snapshot.path), target.parent, f"SQLite says: {error}") from error


def _opened(target: Path) -> apsw.Connection:
    copy = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)
    # Nothing beside it: a copy that fails is thrown away as a whole.
    for setting in ("journal_mode = OFF", "synchronous = OFF"):
        copy.execute(f"PRAGMA {setting}").fetchall()
    return copy


def no_room(where: str, folder: Path, what: str) -> SourceError:
    """Say that a copy does not fit."""
    fix = f"Free some space where {folder} is, or name another folder with --dir"
    return SourceError(NO_ROOM, what, where=where, fix=fix)


def check(path: Path, where: str) -> str:
    """Look through a copy; nothing is made beside it.

    Gives what could not be looked at because only the application knows a function or collation,
    empty where everything was.

    Raises:
        SourceError: it is damaged.

    """
    uri = f"file://{quote(str(path.absolute()))}?mode=ro&immutable=1"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    strange: set[str] = set()

    def stand_in(connection: apsw.Connection, name: str) -> None:
        strange.add(f"the collation {name}")
        connection.create_collation(name, stand_in_collation)

    with reading(where), closing(apsw.Connection(uri, flags=flags)) as copy:
        copy.collation_needed(stand_in)
        # Every now and then Python has its turn: Ctrl-C is heard before a large file is through.
        copy.set_progress_handler(lambda: False, 100_000)
        load_schema(copy)
        try:
            complaint = _complaint(copy, "integrity_check")
        except apsw.SQLError as error:
            strange.add(str(error))
        if not strange:
            return _accepted(complaint, where)
        # An index in an order that is not ours looks damaged; its pages can be looked at.
        told = f"indexes were not compared with their rows ({', '.join(sorted(strange))})"
        try:
            complaint = _complaint(copy, "quick_check")
        except apsw.SQLError as error:
            return f"the copy was not looked through ({error})"
    return _accepted(complaint, where) or told


def _complaint(copy: apsw.Connection, pragma: str) -> str:
    """Give the first sign of damage; raises SQLError for an unknown function."""
    return next(complaints(copy, pragma), "")


def _accepted(complaint: str, where: str) -> str:
    if complaint:
        raise SourceError(DAMAGED, f"SQLite says: {complaint}", where=where, fix=RECOVER)
    return ""
