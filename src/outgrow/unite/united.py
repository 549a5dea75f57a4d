"""The united database as a snapshot, which knows the files that it came from."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import apsw

from outgrow.model.homes import Homes
from outgrow.sqlite.snapshot import Snapshot, load_schema
from outgrow.unite.bench import NOTES, notes_path


class UnitedSnapshot(Snapshot):
    """The private database that holds several files, and what they looked like when they were read.

    Args:
        homes: the file of each object, and what the files together are called.
        folder: the private folder, removed when the snapshot is closed.
        path: the united database in it.
        sources: the snapshots of the files; they may be closed meanwhile.

    """

    def __init__(
        self,
        homes: Homes,
        folder: tempfile.TemporaryDirectory[str],
        path: Path,
        sources: Sequence[Snapshot],
    ) -> None:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        self._sources = tuple(sources)
        super().__init__(
            Path(homes.file),
            connection,
            "+".join(source.fingerprint for source in sources),
            folder,
            path.stat().st_size,
            homes,
        )
        notes = notes_path(path.parent)
        if notes.exists():
            connection.execute(f"ATTACH ? AS {NOTES}", (str(notes),))
        connection.execute("BEGIN")
        load_schema(connection)

    def is_outdated(self) -> bool:
        """Whether any of the files was written to since it was read."""
        return any(source.is_outdated() for source in self._sources)
