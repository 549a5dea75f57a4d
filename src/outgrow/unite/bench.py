"""The connection on which files are united: the new database, and one part at a time beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import apsw

from outgrow.model.names import fold
from outgrow.sqlite.failures import reading
from outgrow.sqlite.rows import quote_identifier, stand_in_collation
from outgrow.unite.functions import run_anyway
from outgrow.unite.parts import Part

#: The schema that notes, for each united table, which file a row is from.
NOTES = "origins"

_CODECS = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}


class Bench:
    """A new private database ``main`` with ``pool`` beside it; neither need survive a crash.

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
            "cache_size = -16384",
            "writable_schema = ON",  # a damaged definition must not hide all the others
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("ATTACH ? AS pool", (str(folder / "pool.db"),))
        self.connection.execute("PRAGMA pool.journal_mode = OFF")
        self.connection.execute("PRAGMA pool.cache_size = -16384")
        self.connection.execute("PRAGMA pool.synchronous = OFF")
        self.connection.execute(f"ATTACH ? AS {NOTES}", (str(notes_path(folder)),))
        self.connection.execute(f"PRAGMA {NOTES}.journal_mode = OFF")
        self._at_hand: list[str] = []
        self._room = self.connection.limit(apsw.SQLITE_LIMIT_ATTACHED) - 2
        self.functions = {
            fold(name)
            for (name,) in self.connection.execute("SELECT name FROM pragma_function_list")
        }

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
    def attached(self, part: Part, table: str = "") -> Iterator[None]:
        """Have a part at hand under its schema; failures are told as those of its table.

        It stays attached for the next time, as long as SQLite allows that many
        (https://www.sqlite.org/limits.html#max_attached).
        """
        with reading(part.label, table):
            if part.schema not in self._at_hand:
                if len(self._at_hand) >= self._room:
                    self.connection.execute(f"DETACH {self._at_hand.pop(0)}")
                self.connection.execute(f"ATTACH ? AS {part.schema}", (str(part.path),))
                self._at_hand.append(part.schema)
            yield

    def run(self, sql: str) -> int:
        """Run a statement, with a stand-in for each function that SQLite doesn't have.

        Returns:
            The number of rows that it changed.

        """
        run_anyway(self.connection, sql)
        return self.connection.changes()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Give all rows of a query, which must be few."""
        return self.connection.execute(sql).fetchall()

    def texts(self, sql: str) -> list[list[str]]:
        """Give texts that a query casts to blobs, as their bytes may be anything."""
        codec = _CODECS[str(self.connection.pragma("encoding"))]
        return [[value.decode(codec, "replace") for value in row] for row in self.rows(sql)]

    def value(self, sql: str) -> Any:
        """Give the only value of a query."""
        return self.rows(sql)[0][0]


def notes_path(folder: Path) -> Path:
    """Give the place of the notes."""
    return folder / "origins.db"


def table_name(schema: str, name: str) -> str:
    """Write the full name of a table."""
    return f"{schema}.{quote_identifier(name)}"


def both(terms: list[str]) -> str:
    """Join conditions with AND, balanced: SQLite limits the depth of an expression to 1,000.

    https://www.sqlite.org/limits.html#max_expr_depth
    """
    if len(terms) < 2:
        return terms[0] if terms else "1"
    middle = len(terms) // 2
    return f"({both(terms[:middle])} AND {both(terms[middle:])})"
