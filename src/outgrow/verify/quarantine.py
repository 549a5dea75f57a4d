"""The originals that the loader set aside, as far as they can excuse what the target lacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg

Key = tuple[tuple[str, str | None], ...]

#: A storage class, and the bytes that SQLite stores; numbers are SQLite's text.
Original = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class TableQuarantine:
    """What was set aside from one table, by row key and column.

    Of each original there is its storage class and a digest, of each refused row the digests of
    what is kept under its key.
    """

    values: dict[tuple[Key, str, str], set[tuple[str, bytes]]] = field(default_factory=dict)
    refused: dict[Key, set[bytes]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.refused)

    def holds(self, key: str, column: str, action: str, originals: Iterable[Original]) -> bool:
        """Whether one of these originals was kept for this value."""
        kept = self.values.get((parse_key(key), column, action), set())
        return any((storage, hashlib.sha256(data).digest()) in kept for storage, data in originals)

    def refuses(self, key: str) -> bool:
        """Whether the whole row was refused and kept."""
        return parse_key(key) in self.refused


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Reads ``outgrow.quarantine``; without that table nothing is excused.

    Neither does what was put back excuse anything: it has to be in its place.

    Args:
        connection: the target.
        schema: the schema that the entries name, which is the final one and not the staging one.
        run: the migration whose entries count; ``None`` for those of all.

    """

    connection: psycopg.Connection[Any]
    schema: str
    run: int | None = None

    def of(self, table: str) -> TableQuarantine:
        """Read what was set aside from a table of the target; raises psycopg.Error.

        Only digests travel: an original can have a hundred megabytes.
        """
        if not self._exists():
            return TableQuarantine()
        values: dict[tuple[Key, str, str], set[tuple[str, bytes]]] = {}
        refused: dict[Key, set[bytes]] = {}
        rows = self.connection.execute(
            "SELECT key, column_name, action, storage_class, sha256(original) "
            "FROM outgrow.quarantine WHERE schema_name = %s AND table_name = %s "
            "AND (%s::bigint IS NULL OR run = %s) AND restored IS NULL",
            (self.schema, table, self.run, self.run),
            binary=True,
        )
        for key, column, action, storage, digest in rows:
            if column is None and action == "refused" and digest is not None:
                refused.setdefault(parse_key(key), set()).add(digest)
            elif column is not None and digest is not None:
                kept = values.setdefault((parse_key(key), column, action), set())
                kept.add((storage, digest))
        return TableQuarantine(values, refused)

    def _exists(self) -> bool:
        row = self.connection.execute(
            "SELECT to_regclass('outgrow.quarantine') IS NOT NULL"
        ).fetchone()
        return bool(row and row[0])


def parse_key(key: str) -> Key:
    """Read a key's JSON object so that equal keys are equal, however they are written."""
    try:
        pairs = json.loads(key).items()
    except (ValueError, AttributeError):
        return ((key, None),)
    return tuple(sorted((name, None if value is None else str(value)) for name, value in pairs))
