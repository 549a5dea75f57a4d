"""COPY one table: a stream from SQLite into PostgreSQL, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

import psycopg
from psycopg import errors

from outgrow.errors import DecisionNeeded, define
from outgrow.load import projection
from outgrow.load.aside import SetAside, bad_text_columns, bad_texts, mend, misfits
from outgrow.load.fast.choice import job_for
from outgrow.load.fast.encoder import Encoder, EncodingFailed
from outgrow.load.fast.job import COPY_HEADER, COPY_TRAILER, Job
from outgrow.load.projection import projected
from outgrow.load.refusing import Refusal
from outgrow.load.returning import sent
from outgrow.model.census import TableFacts
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import SourceTable
from outgrow.model.types import OnBad
from outgrow.postgres.identifiers import qualified, quote
from outgrow.sqlite import fitting
from outgrow.sqlite.rows import quote_identifier, select_blocks
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.strangers import unreadable_columns

Row = tuple[Any, ...]

#: Rows and bytes that are in memory at once; progress is told after each block.
BLOCK_ROWS = 2_000
BLOCK_BYTES = 64 << 20

TOO_LARGE = define(
    "OG-532",
    "A row is more than PostgreSQL holds (https://www.postgresql.org/docs/current/limits.html)",
)

#: What PostgreSQL or its driver says when the fault is a row's.
_ABOUT_A_ROW = (
    psycopg.DataError,
    errors.IntegrityError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
    errors.InternalError_,
)

#: A value from here on is doubled past PostgreSQL's limit by COPY's text form, and sent as bytes.
_LARGE_BYTES = 500_000_000

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a table's rows and of the values that could not stay as they were.

    ``of_files`` splits the refused rows and the repaired values of a table with rows of several
    files: two counts by file. ``in_blocks``: the rows went the fast way.
    """

    rows_read: int
    rows_loaded: int
    rows_refused: int
    values_repaired: int
    of_files: Mapping[str, list[int]] = field(default_factory=dict)
    in_blocks: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give the counts by name, as the journal keeps them."""
        return asdict(self)


@dataclass(slots=True)
class TableLoader:
    """Brings the rows of one table into ``schema``.

    ``generated`` names the columns that PostgreSQL computes itself; ``keep`` takes each original
    that goes to quarantine, in the caller's transaction. ``row_file`` is the SQL expression of the
    file that a row is from. With an ``encoder`` a table goes in blocks if it can.
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
    where: str
    row_file: str = "''"
    encoder: Encoder | None = None
    uncomputed: str = ""
    _loaded: int = 0
    _of_files: dict[str, list[int]] = field(default_factory=dict)

    def load(self, connection: psycopg.Connection[Any]) -> Loaded:
        """Copy every row; the transaction is the caller's.

        FREEZE spares PostgreSQL a second visit to every row, and is allowed because the same
        subtransaction emptied the table (https://www.postgresql.org/docs/current/sql-copy.html).

        Raises:
            DecisionNeeded: PostgreSQL turned rows down, and they are not to be refused.
            psycopg.Error: the connection is lost, or a row is too large for quarantine too.
            apsw.Error: the file can't be read.

        """
        if self._load_in_blocks(connection):
            return Loaded(self._loaded, self._loaded, 0, 0, in_blocks=True)
        refusal = self._refusal()
        refusal.register()
        fitting.register(self.snapshot.connection)
        projection.register(self.snapshot.connection, self.encoding)
        try:
            with connection.transaction():
                connection.execute(f"TRUNCATE {self._target}")
                self._copy(connection, self._rows(refusal), " (FREEZE)")
        except _ABOUT_A_ROW as error:
            if not self._load_as_ordinary(connection, refusal, error):
                self._sort_out(connection, refusal)
        refused, changed = self._set_aside(refusal)
        return Loaded(self._loaded + refused, self._loaded, refused, changed, self._of_files)

    def _load_in_blocks(self, connection: psycopg.Connection[Any]) -> bool:
        """Load the table the fast way, if that is possible and nothing is wrong with any row.

        Otherwise nothing is loaded, and going row by row tells what is wrong.
        """
        if self.encoder is None:
            return False
        job = job_for(self.snapshot, self.table, self.plan, self.facts, self.encoding)
        if job is None:
            return False
        try:
            with connection.transaction():
                connection.execute(f"TRUNCATE {self._target}")
                self._copy_blocks(connection, self.encoder, job)
        except (EncodingFailed, *_ABOUT_A_ROW):
            self._loaded = 0
            self.progress(0)
            return False
        return True

    def _copy_blocks(self, connection: psycopg.Connection[Any], encoder: Encoder, job: Job) -> None:
        self._loaded = 0
        with (
            closing(encoder.encode(job)) as parts,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self._into} FROM STDIN (FORMAT binary, FREEZE)") as copy,
        ):
            copy.write(COPY_HEADER)
            for part, rows in parts:
                copy.write(part)
                if rows:
                    self._loaded += rows
                    self.progress(self._loaded)
            if self._loaded != self.facts.rows:
                raise EncodingFailed(f"{self._loaded} rows of {self.facts.rows}")
            copy.write(COPY_TRAILER)

    def _load_as_ordinary(
        self, connection: psycopg.Connection[Any], refusal: Refusal, error: psycopg.Error
    ) -> bool:
        """Load SQLite's own values into the generated columns, if that is all that is wrong."""
        generated = self.generated
        if not generated:
            return False
        names = [self.plan.column(name).name for name in sorted(generated)]
        dropped = ", ".join(f"ALTER COLUMN {quote(name)} DROP EXPRESSION" for name in names)
        self.generated = frozenset()
        try:
            with connection.transaction():
                connection.execute(f"TRUNCATE {self._target}")
                connection.execute(f"ALTER TABLE {self._target} {dropped}")
                self._copy(connection, self._rows(refusal))
        except _ABOUT_A_ROW:
            self.generated = generated
            return False
        self.uncomputed = str(error.diag.message_primary)
        return True

    def foreseen(self) -> Loaded:
        """Tell what would become of the rows if PostgreSQL turned none down; nothing is sent."""
        refusal = self._refusal()
        refusal.register()
        fitting.register(self.snapshot.connection)
        rows = self.facts.rows
        refused, changed = self._set_aside(refusal)
        return Loaded(rows, rows - refused, refused, changed, self._of_files)

    def _set_aside(self, refusal: Refusal) -> tuple[int, int]:
        """Keep refused rows and changed values; gives how many there are of each."""
        refused = changed = 0
        if self.on_bad is OnBad.REFUSE:
            refused = self.keep(self._tallied(refusal.rows()))
        else:
            changed = self.keep(self._tallied(self._originals()))
        changed += self.keep(self._tallied(self._misfits(refusal)))
        return refused, changed

    def _tallied(self, originals: Iterable[SetAside]) -> Iterator[SetAside]:
        """Count by file what passes."""
        for each in originals:
            if each.file:
                self._of_files.setdefault(each.file, [0, 0])[each.column is not None] += 1
            yield each

    def _refusal(self) -> Refusal:
        unreadable = unreadable_columns(self.snapshot, self.table)
        names = (column.source for column in self.plan.columns)
        return Refusal(
            self.snapshot.connection,
            self.table,
            tuple(name for name in names if name not in unreadable),
            bad_text_columns(self.plan, self.facts) if self.on_bad is OnBad.REFUSE else (),
            self.encoding,
            self.row_file,
        )

    @property
    def _target(self) -> str:
        return qualified(self.schema, self.plan.name)

    @property
    def _columns(self) -> list[ColumnPlan]:
        return [each for each in self.plan.columns if each.source not in self.generated]

    @property
    def _into(self) -> str:
        return f"{self._target} ({', '.join(quote(column.name) for column in self._columns)})"

    def _originals(self) -> Iterator[SetAside]:
        columns = bad_text_columns(self.plan, self.facts)
        connection = self.snapshot.connection
        return bad_texts(connection, self.table, columns, self.encoding, self.row_file)

    def _misfits(self, refusal: Refusal) -> Iterator[SetAside]:
        loaded = f"NOT ({refusal.condition})"
        connection = self.snapshot.connection
        return misfits(connection, self.table, self.plan, self.encoding, loaded, self.row_file)

    def _copy(
        self, connection: psycopg.Connection[Any], rows: Iterable[Row], options: str = ""
    ) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self._into} FROM STDIN{options}") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _rows(self, refusal: Refusal) -> Iterator[Row]:
        self._loaded = 0
        for block in self._blocks(refusal, []):
            yield from block
            self._loaded += len(block)
            self.progress(self._loaded)

    def _blocks(self, refusal: Refusal, first: list[str]) -> Iterator[list[Row]]:
        """Read the rows that are not refused; ``first`` are expressions before the columns."""
        bad = {column.source for column in bad_text_columns(self.plan, self.facts)}
        unreadable = unreadable_columns(self.snapshot, self.table)
        positions: list[int] = []
        expressions = list(first)
        for column in self._columns:
            facts = self.facts.column(column.source)
            # Only the application can compute such a column: the finding OG-126 says so.
            computed = column.source in unreadable
            sql = "NULL" if computed else projected(column, facts, self.encoding)
            if column.source in bad:
                positions.append(len(expressions))
                sql = f"CAST(CAST({sql} AS TEXT) AS BLOB)"
            expressions.append(sql)
        name = quote_identifier(self.table.name)
        sql = f"SELECT {', '.join(expressions)} FROM {name} NOT INDEXED"
        if refusal.refuses:
            sql += f" WHERE NOT ({refusal.condition})"
        for block in select_blocks(self.snapshot, sql, block_rows=self._block_rows):
            yield [self._mended(row, positions) for row in block] if positions else block

    @property
    def _block_rows(self) -> int:
        widest = sum(column.max_bytes for column in self.facts.columns)
        return max(1, min(BLOCK_ROWS, BLOCK_BYTES // max(1, widest)))

    def _mended(self, row: Row, positions: list[int]) -> Row:
        values = list(row)
        for position in positions:
            if values[position] is not None:
                values[position] = mend(values[position], self.encoding)
        return tuple(values)

    def _sort_out(self, connection: psycopg.Connection[Any], refusal: Refusal) -> None:
        """Load again in pieces, halving those that fail, until the rows at fault are known."""
        self._loaded = 0
        for block in self._blocks(refusal, [refusal.identity]):
            self._place(connection, block, refusal)
            self.progress(self._loaded)
        if refusal.turned_down and self.on_bad is not OnBad.REFUSE:
            raise self._undecided(refusal)

    def _place(
        self, connection: psycopg.Connection[Any], rows: list[Row], refusal: Refusal
    ) -> None:
        try:
            with connection.transaction():
                if len(rows) == 1 and _is_large(rows[0][1:]):
                    self._insert(connection, rows[0][1:])
                else:
                    self._copy(connection, (row[1:] for row in rows))
        except _ABOUT_A_ROW as error:
            if len(rows) == 1:
                said = error.diag.message_primary or str(error)
                refusal.turned_down[rows[0][0]] = " ".join(said.split())
                return
            middle = len(rows) // 2
            self._place(connection, rows[:middle], refusal)
            self._place(connection, rows[middle:], refusal)
        else:
            self._loaded += len(rows)

    def _insert(self, connection: psycopg.Connection[Any], row: Row) -> None:
        marks = ", ".join("%b" if isinstance(value, bytes) else "%s" for value in row)
        into = self._into.replace("%", "%%")
        statement = f"INSERT INTO {into} OVERRIDING SYSTEM VALUE VALUES ({marks})"
        connection.execute(statement, [sent(value) for value in row])

    def _undecided(self, refusal: Refusal) -> DecisionNeeded:
        count = len(refusal.turned_down)
        examples = islice(refusal.rows(), _EXAMPLES)
        listed = "; ".join(f"{each.key}: {each.reason}" for each in examples)
        more = f"; and {count - _EXAMPLES:,} more" if count > _EXAMPLES else ""
        rows = "1 of its rows" if count == 1 else f"{count:,} of its rows"
        return DecisionNeeded(
            TOO_LARGE,
            f"PostgreSQL can't hold {rows} ({listed}{more})",
            where=self.where,
            fix="Keep them in quarantine with --on-bad refuse, leave the table out with "
            "--exclude, or split it: a row's columns have to fit into a page of 8 kB, long "
            "texts and blobs apart",
        )


def _is_large(row: Row) -> bool:
    return sum(len(value) for value in row if isinstance(value, bytes | str)) > _LARGE_BYTES
