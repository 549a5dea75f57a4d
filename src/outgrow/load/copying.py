"""COPY one table: a stream from SQLite into PostgreSQL, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from outgrow.load import projection
from outgrow.load.aside import (
    SetAside,
    bad_text_columns,
    bad_texts,
    complaint,
    key_expression,
    mend,
    misfits,
    refused_row,
)
from outgrow.load.projection import projected
from outgrow.model.census import TableFacts
from outgrow.model.plan import TablePlan
from outgrow.model.source import SourceTable
from outgrow.model.types import OnBad
from outgrow.postgres.identifiers import qualified, quote
from outgrow.sqlite import fitting
from outgrow.sqlite.rows import quote_identifier, select_blocks
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.strangers import unreadable_columns

Row = tuple[Any, ...]

#: Rows that are in memory at once; progress is told after each block.
BLOCK_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a table's rows and of the values that could not stay as they were."""

    rows_read: int
    rows_loaded: int
    rows_refused: int
    values_repaired: int

    def as_dict(self) -> dict[str, int]:
        """Give the counts by name, as the journal keeps them."""
        return asdict(self)


@dataclass(slots=True)
class TableLoader:
    """Brings the rows of one table into ``schema``.

    ``generated`` names the columns that PostgreSQL computes itself; ``keep`` takes each original
    that goes to quarantine, in the caller's transaction.
    """

    snapshot: Snapshot
    table: SourceTable
    plan: TablePlan
    facts: TableFacts
    schema: str
    encoding: str
    on_bad: OnBad
    generated: frozenset[str]
    keep: Callable[[Iterable[SetAside]], int]
    progress: Callable[[int], None]
    _read: int = 0
    _refused: int = 0

    def load(self, connection: psycopg.Connection[Any]) -> Loaded:
        """Copy every row; the transaction is the caller's. Raises psycopg.Error, apsw.Error.

        FREEZE spares PostgreSQL a second visit to every row, and is allowed because the same
        transaction emptied the table (https://www.postgresql.org/docs/current/sql-copy.html).
        """
        fitting.register(self.snapshot.connection)
        projection.register(self.snapshot.connection, self.encoding)
        target = qualified(self.schema, self.plan.name)
        connection.execute(f"TRUNCATE {target}")
        columns = [each for each in self.plan.columns if each.source not in self.generated]
        listed = ", ".join(quote(column.name) for column in columns)
        statement = f"COPY {target} ({listed}) FROM STDIN (FREEZE)"
        set_aside: list[SetAside] = []
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in self._rows(set_aside):
                copy.write_row(row)
        repaired = self.keep(self._originals()) if self.on_bad is not OnBad.REFUSE else 0
        repaired += self.keep(self._misfits())
        self.keep(set_aside)
        return Loaded(self._read, self._read - self._refused, self._refused, repaired)

    def _originals(self) -> Iterator[SetAside]:
        columns = bad_text_columns(self.plan, self.facts)
        return bad_texts(self.snapshot.connection, self.table, columns, self.encoding)

    def _misfits(self) -> Iterator[SetAside]:
        return misfits(self.snapshot.connection, self.table, self.plan, self.encoding)

    def _rows(self, set_aside: list[SetAside]) -> Iterator[Row]:
        bad = {column.source for column in bad_text_columns(self.plan, self.facts)}
        unreadable = unreadable_columns(self.snapshot, self.table)
        positions: list[int] = []
        expressions: list[str] = []
        for column in self.plan.columns:
            if column.source in self.generated:
                continue
            facts = self.facts.column(column.source)
            # Only the application can compute such a column: the finding OG-126 says so.
            computed = column.source in unreadable
            sql = "NULL" if computed else projected(column, facts, self.encoding)
            if column.source in bad:
                positions.append(len(expressions))
                sql = f"CAST(CAST({sql} AS TEXT) AS BLOB)"
            expressions.append(sql)
        if not positions:
            yield from self._blocks(expressions)
        elif self.on_bad is OnBad.REFUSE:
            yield from self._without_bad_rows(expressions, positions, set_aside)
        else:
            for row in self._blocks(expressions):
                yield self._mended(row, positions)

    def _blocks(self, expressions: list[str]) -> Iterator[Row]:
        name = quote_identifier(self.table.name)
        sql = f"SELECT {', '.join(expressions)} FROM {name} NOT INDEXED"
        for block in select_blocks(self.snapshot, sql, block_rows=BLOCK_ROWS):
            yield from block
            self._read += len(block)
            self.progress(self._read)

    def _mended(self, row: Row, positions: list[int]) -> Row:
        values = list(row)
        for position in positions:
            if values[position] is not None:
                values[position] = mend(values[position], self.encoding)
        return tuple(values)

    def _without_bad_rows(
        self, expressions: list[str], positions: list[int], set_aside: list[SetAside]
    ) -> Iterator[Row]:
        for *values, key in self._blocks([*expressions, key_expression(self.table)]):
            row = tuple(values)
            texts = (row[position] for position in positions)
            complaints = [complaint(text, self.encoding) for text in texts if text is not None]
            reason = next(filter(None, complaints), "")
            if reason:
                self._refused += 1
                set_aside.append(refused_row(mend(key, self.encoding), reason, row))
            else:
                yield self._mended(row, positions)
