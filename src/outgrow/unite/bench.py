"""The connection on which files are united: the new database, and one part at a time beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import apsw

from outgrow.sqlite.failures import reading
from outgrow.sqlite.rows import quote_identifier, stand_in_collation
from outgrow.unite.parts import Part


class Bench:
    """A new private database ``main``; nothing of it needs to survive a crash.

    Functions and collations that only the application has get a stand-in, so that definitions
    that name them can be made. No constraint is enforced that a source may have broken.
    """

    def __init__(self, folder: Path, encoding: str) -> None:
        self.path = folder / "united.db"
        self.connection = apsw.Connection(str(self.path))
        self.connection.collation_needed(
            lambda connection, name: connection.create_collation(name, stand_in_collation)
        )
        for pragma in (
            f"encoding = '{encoding}'",
            "journal_mode = OFF",
            "synchronous = OFF",
            "foreign_keys = OFF",
            "ignore_check_constraints = ON",
            "recursive_triggers = OFF",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    @contextmanager
    def attached(self, part: Part) -> Iterator[None]:
        """Have a part at hand as the schema ``part``; its failures are told as the file's."""
        with reading(part.label):
            self.connection.execute("ATTACH ? AS part", (str(part.path),))
            try:
                yield
            finally:
                self.connection.execute("DETACH part")


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """Make the folder that holds everything, to be removed in the end."""
    return tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True)


def table_name(schema: str, name: str) -> str:
    """Write the full name of a table."""
    return f"{schema}.{quote_identifier(name)}"
