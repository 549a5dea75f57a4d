"""A private copy of each source, of the very moment that its snapshot holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from outgrow.model.homes import Homes
from outgrow.model.source import SourceDatabase
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.failures import reading
from outgrow.sqlite.snapshot import Snapshot, load_schema
from outgrow.unite.labels import labels
from outgrow.unite.recoding import recode

_PAGES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A source: its number from 1 on, its label, its private copy, and what it declares."""

    number: int
    label: str
    path: Path
    source: SourceDatabase

    @property
    def schema(self) -> str:
        """The name under which it is attached."""
        return f"part{self.number}"


def take_parts(snapshots: Sequence[Snapshot], folder: Path) -> list[Part]:
    """Copy what each snapshot sees, page by page, into a folder.

    The backup reads through the snapshot's own transaction, so the copy is of that moment even
    where another process goes on writing (https://www.sqlite.org/backup.html).

    Raises:
        SourceError: a file can't be read.
        UsageError: one file was named twice.

    """
    named = labels(snapshots)
    parts = [
        _take(snapshot, number, label, folder / f"part{number}.db")
        for number, (snapshot, label) in enumerate(zip(snapshots, named, strict=True), 1)
    ]
    if len({part.source.encoding for part in parts}) > 1:
        return [_in_utf8(part, folder / f"part{part.number}.utf8.db") for part in parts]
    return parts


def _take(snapshot: Snapshot, number: int, label: str, path: Path) -> Part:
    with reading(label):
        connection = apsw.Connection(str(path))
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA writable_schema = ON")  # as load_schema() does
        with connection.backup("main", snapshot.connection, "main") as backup:
            while not backup.done:
                backup.step(_PAGES_AT_ONCE)
        connection.execute("PRAGMA journal_mode = OFF")
    return read_part(number, label, path, connection)


def _in_utf8(part: Part, path: Path) -> Part:
    if part.source.encoding == "UTF-8":
        return part
    with reading(part.label):
        recode(part.source, part.path, path)
    part.path.unlink()
    return read_part(part.number, part.label, path, apsw.Connection(str(path)))


def read_part(number: int, label: str, path: Path, connection: apsw.Connection) -> Part:
    """Read what the copy declares, under the file's own name, and let go of it."""
    with reading(label), Snapshot(path, connection, "", None, 0, Homes(label)) as copy:
        load_schema(connection)
        return Part(number, label, path, read_catalog(copy))
