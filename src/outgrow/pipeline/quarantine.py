"""What migrations set aside, read back: ``outgrow quarantine list`` and ``export``."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import psycopg
from psycopg.rows import class_row

from outgrow.errors import TargetError, UsageError, define
from outgrow.pipeline.result import Json

Connection = psycopg.Connection[Any]

NO_QUARANTINE = define("OG-551", "No migration with a quarantine is recorded in the target")
NOT_EXPORTED = define("OG-552", "The quarantine could not be written to a file")

#: Bytes of an original that a list shows.
_GLANCE = 200

#: Rows of a file that are fetched at once; each may hold a large original.
_FETCHED = 10

#: The entries that belong to the tables as they are now. Those of an earlier migration, whose
#: tables were replaced, are only history.
_CURRENT = """
    EXISTS (SELECT FROM outgrow.columns AS c WHERE c.schema_name = q.schema_name
            AND c.table_name = q.table_name AND c.run = q.run)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value, or without ``column`` one row, that was set aside.

    ``glance`` is the beginning of the original, ``size`` its bytes, ``restored`` when it was put
    back.
    """

    id: int
    run: int
    table: str
    column: str | None
    key: str
    action: str
    reason: str
    storage_class: str
    encoding: str
    restored: str | None
    size: int
    glance: bytes

    def as_json(self) -> Json:
        """Give the entry as JSON's types; the original itself comes with ``export``."""
        return {
            "id": self.id,
            "run": self.run,
            "table": self.table,
            "column": self.column,
            "key": self.key,
            "action": self.action,
            "reason": self.reason,
            "storage_class": self.storage_class,
            "encoding": self.encoding,
            "bytes": self.size,
            "begins": self.begins,
            "restored": self.restored,
        }

    @property
    def begins(self) -> str:
        """The beginning of the original as a person can read it."""
        if self.storage_class == "blob":
            return f"x'{self.glance.hex()}'"
        encoding = "utf-8" if self.storage_class == "row" else self.encoding
        return self.glance.decode(encoding, "backslashreplace")


@dataclass(frozen=True, slots=True)
class Held:
    """How many entries of one kind there are, and how many of them were put back."""

    table: str
    column: str | None
    action: str
    count: int
    restored: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The quarantine of one schema, in one target.

    Args:
        connection: the target.
        schema: whose tables the entries belong to.
        table: only this table's, by its name in PostgreSQL; '' for all.
        everything: also entries of earlier migrations, whose tables were replaced.

    """

    connection: Connection
    schema: str
    table: str = ""
    everything: bool = False

    def require(self) -> None:
        """Make sure that there is a quarantine; raises TargetError."""
        row = self.connection.execute(
            "SELECT count(*) FROM pg_attribute WHERE attname = 'restored' "
            "AND attrelid = to_regclass('outgrow.quarantine') "
            "AND to_regclass('outgrow.columns') IS NOT NULL"
        ).fetchone()
        if not row or not row[0]:
            raise TargetError(
                NO_QUARANTINE,
                "no migration with a quarantine is recorded in this database",
                fix="Name the database with --to, as for outgrow migrate",
            )

    def totals(self) -> list[Held]:
        """Count the entries by table, column and what was done."""
        query = (
            "SELECT table_name AS table, column_name AS column, action, count(*) AS count, "
            f"count(restored) AS restored FROM outgrow.quarantine AS q {self.where} "
            "GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS FIRST, 3"
        )
        with self.connection.cursor(row_factory=class_row(Held)) as cursor:
            return cursor.execute(query, self.parameters).fetchall()

    def entries(self, limit: int | None = None) -> list[Entry]:
        """Read the entries with the beginning of each original, those that wait first."""
        query = (
            f"SELECT {_FIELDS}, coalesce(octet_length(original), 0) AS size, "
            f"coalesce(substring(original FOR {_GLANCE}), '') AS glance "
            f"FROM outgrow.quarantine AS q {self.where} "
            "ORDER BY restored IS NOT NULL, table_name, id LIMIT %s"
        )
        with self.connection.cursor(row_factory=class_row(Entry)) as cursor:
            return cursor.execute(query, (*self.parameters, limit)).fetchall()

    def originals(self) -> Iterator[tuple[Any, ...]]:
        """Read the entries with their whole originals; memory stays flat."""
        with (
            self.connection.transaction(),
            self.connection.cursor("quarantine", binary=True) as cursor,
        ):
            cursor.itersize = _FETCHED
            cursor.execute(
                f"SELECT {_FIELDS}, original FROM outgrow.quarantine AS q {self.where} ORDER BY id",
                self.parameters,
            )
            yield from cursor

    @property
    def where(self) -> str:
        """The condition on ``outgrow.quarantine AS q``; `parameters` fill it in."""
        scope = (
            "EXISTS (SELECT FROM outgrow.runs AS r WHERE r.id = q.run AND r.status = 'published')"
            if self.everything
            else _CURRENT
        )
        return f"WHERE schema_name = %s AND (%s::text = '' OR table_name = %s) AND {scope}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """What `where` leaves open."""
        return self.schema, self.table, self.table


_FIELDS = (
    "id, run, table_name AS table, column_name AS column, key, action, reason, storage_class, "
    "encoding, restored::text AS restored"
)
_NAMES = (
    *("id", "run", "table", "column", "key", "action", "reason", "storage_class", "encoding"),
    *("restored", "original_hex"),
)


def export(shelf: Shelf, path: Path) -> int:
    """Write every entry to a new file that only its owner can read; gives how many.

    ``.csv`` makes CSV, anything else JSON lines. ``original_hex`` is the original, byte for byte.

    Raises:
        UsageError: the file is there already, or can't be written.

    """
    count = 0
    with _new_file(path) as file:
        write = _csv_writer(file) if path.suffix.lower() == ".csv" else _json_writer(file)
        for *fields, original in shelf.originals():
            write(dict(zip(_NAMES, (*fields, (original or b"").hex()), strict=True)))
            count += 1
    return count


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """Open a file that is not there yet; nothing is left of it after an error."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            NOT_EXPORTED,
            "the file is there already, and nothing is overwritten",
            where=str(path),
            fix="Name another one, or remove it",
        ) from None
    except OSError as error:
        raise _unwritten(path, error) from None
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(path, error) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _unwritten(path: Path, error: OSError) -> UsageError:
    what = f"the file can't be written: {error.strerror}"
    return UsageError(NOT_EXPORTED, what, where=str(path))


def _csv_writer(file: TextIO) -> Callable[[Json], None]:
    writer = csv.DictWriter(file, _NAMES)
    writer.writeheader()

    def write(entry: Json) -> None:
        writer.writerow(entry)

    return write


def _json_writer(file: TextIO) -> Callable[[Json], None]:
    def write(entry: Json) -> None:
        if entry["storage_class"] == "row":
            entry = {**entry, "row": _row(entry["original_hex"])}
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    return write


def _row(digits: str) -> object:
    """Give a refused row as a person can read it; ``None`` where somebody spoiled it."""
    try:
        return json.loads(bytes.fromhex(digits))
    except ValueError:
        return None
