"""Questions put to a whole table: many counts in one pass, and the key of a row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.sqlite.rows import quote_identifier, rowid_name, select_blocks
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.strangers import unreadable_columns

#: Result columns of one statement; SQLite's own limit is 2,000.
_MAX_AGGREGATES = 1_000

Name = TypeVar("Name", bound=Hashable)


class Scan:
    """One table of an open file."""

    def __init__(self, snapshot: Snapshot, source: SourceDatabase, table: SourceTable) -> None:
        self.snapshot = snapshot
        self.source = source
        self.table = table
        self.codec = source.encoding.lower()
        self.unreadable = unreadable_columns(snapshot, table)
        self.bytes_per_ascii = 1 if self.codec == "utf-8" else 2

    @property
    def origin(self) -> str:
        """The table itself, for a FROM clause: never an index.

        One may be sorted by a collation that only the application knows.
        """
        return f"main.{quote_identifier(self.table.name)} AS t NOT INDEXED"

    def column(self, name: str) -> str:
        """Write a column of this table; one that nobody can compute counts as NULL."""
        return "NULL" if name in self.unreadable else f"t.{quote_identifier(name)}"

    def count(self, expressions: Mapping[Name, str], *, where: str = "") -> dict[Name, Any]:
        """Evaluate many aggregates in as few passes over the table as SQLite's limits allow."""
        answers: dict[Name, Any] = {}
        condition = f" WHERE {where}" if where else ""
        for batch in _batches(expressions.items(), _MAX_AGGREGATES):
            listed = ", ".join(expression for _, expression in batch)
            statement = f"SELECT {listed} FROM {self.origin}{condition}"
            values = next(self.rows(statement))
            answers.update(zip((name for name, _ in batch), values, strict=True))
        return answers

    def rows(self, select: str, *, block_rows: int = 1_000) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query one by one."""
        for block in self.blocks(select, block_rows=block_rows):
            yield from block

    def blocks(self, select: str, *, block_rows: int) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows of a query in lists."""
        return select_blocks(self.snapshot, select, block_rows=block_rows, where=self.table.name)

    def decode(self, raw: bytes | None) -> str:
        """Read bytes of a text in the encoding of the file, whatever they hold."""
        return (raw or b"").decode(self.codec, errors="replace")

    def key(self) -> str:
        """Write the key of a row as bytes of text: its primary key, else its rowid."""
        primary, rowid = self.table.primary_key, self.rowid()
        names = [self.column(name) for name in primary.columns] if primary else [rowid or "''"]
        parts = [
            f"coalesce(iif(typeof({name}) = 'blob', hex({name}), CAST({name} AS TEXT)), 'NULL')"
            for name in names
        ]
        return "CAST(" + " || ', ' || ".join(parts) + " AS BLOB)"

    def rowid(self) -> str | None:
        """Write the rowid. It has three names, and columns may have taken them all."""
        if self.table.without_rowid:
            return None
        name = rowid_name(self.table)
        return f"t.{name}" if name else None


def _batches(items: Iterable[tuple[Name, str]], size: int) -> Iterator[list[tuple[Name, str]]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
