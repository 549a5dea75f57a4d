"""The queries that read one table on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import apsw

from outgrow.model.census import TableFacts
from outgrow.model.names import fold
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import SourceTable
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import qualified, quote
from outgrow.sqlite.rows import key_text, quote_identifier, quote_literal, rowid_name
from outgrow.verify.canonical import Reading, Row, decoded, placed, reading
from outgrow.verify.streams import Sizes, source_blocks

#: The bytes of SQLite's texts as UTF-8; added where the file has UTF-16.
UTF8 = "outgrow_verify_utf8"


@dataclass(frozen=True)
class TableReader:
    """Both sides of one table.

    Args:
        table: the source.
        plan: what it became.
        schema: where the target's table is now.
        encoding: of the SQLite file, as Python names it.
        raw: source columns whose texts are read as bytes.

    """

    table: SourceTable
    plan: TablePlan
    schema: str
    encoding: str
    raw: frozenset[str] = frozenset()

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """How each column is read."""
        return placed(map(self._reading, self.plan.columns))

    def _reading(self, column: ColumnPlan) -> Reading:
        affinity = self.table.column(column.source).affinity
        return reading(
            column.source,
            column.type,
            _source(column.source),
            f"{quote(self.plan.name)}.{quote(column.name)}",
            raw_text=column.source in self.raw,
            affinity=affinity,
            utf8="" if self.encoding == "utf-8" else UTF8,
        )

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """The columns of the declared primary key."""
        key = self.table.primary_key
        return key.columns if key else ()

    @cached_property
    def is_keyed(self) -> bool:
        """Whether rows are matched by their key; else by all of their values."""
        if not self.key_columns:
            return False
        return all(self.plan.column(name).type.kind is not Kind.JSONB for name in self.key_columns)

    @cached_property
    def match_slots(self) -> tuple[int, ...]:
        """The slots by which rows are matched: those whose order both sides agree on."""
        readings = list(self.readings)
        if self.is_keyed:
            keys = {fold(name) for name in self.key_columns}
            readings = [each for each in readings if fold(each.name) in keys]
        return tuple(slot for each in readings for slot in each.match_slots)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The slots to sort by: the key first, then the rest, for keys that are there twice."""
        if self._rowid_is_key:
            return self.match_slots
        rest = [
            slot
            for each in self.readings
            if each.type.kind is not Kind.JSONB
            for slot in each.slots
            if slot not in self.match_slots
        ]
        return (*self.match_slots, *rest)

    def is_unsortable(self, row: Row) -> bool:
        """Whether a source row's place tells nothing: a text to match by is not valid.

        Columns read as bytes were sorted as bytes; once decoded, only the invalid ones are left.
        """
        return any(isinstance(row[slot], bytes) for slot in self._raw_match_slots)

    @cached_property
    def _raw_match_slots(self) -> tuple[int, ...]:
        raw = {each.start for each in self.readings if each.name in self.raw and each.is_text}
        return tuple(slot for slot in self.match_slots if slot in raw)

    @property
    def _rowid_is_key(self) -> bool:
        return self.is_keyed and self.key_columns == (self.table.rowid_alias,)

    def source_blocks(
        self, connection: apsw.Connection, sizes: Sizes, where: str, *, ordered: bool, keys: bool
    ) -> Iterator[list[Row]]:
        """Read SQLite's rows; with ``keys`` each ends with its key as the bytes of a JSON text."""
        expressions = [sql for each in self.readings for sql in each.source]
        if keys:
            expressions.append(self.key_bytes())
        if sizes.weighs:
            expressions.append(
                _sum(
                    [
                        f"coalesce(octet_length({_source(column.source)}), 0)"
                        for column in self.plan.columns
                    ]
                    or ["0"]
                )
            )
        sql = (
            f"SELECT {', '.join(expressions)} FROM {self.source_table}"
            f" {'' if ordered else 'NOT INDEXED'} {self._source_order() if ordered else ''}"
        )
        raw = [each.start for each in self.readings if each.name in self.raw and not each.is_bytes]
        for block in source_blocks(connection, sql, sizes, where):
            yield decoded(block, raw, self.encoding) if raw else block

    def _source_order(self) -> str:
        if self._rowid_is_key:
            return f"ORDER BY {_source(self.key_columns[0])}"
        terms = ", ".join(f"{slot + 1} COLLATE BINARY" for slot in self.order)
        return f"ORDER BY {terms}" if terms else ""

    def target_sql(self, *, ordered: bool) -> str:
        """Write the query for PostgreSQL's rows."""
        expressions = ", ".join(sql for each in self.readings for sql in each.target)
        table, alias = qualified(self.schema, self.plan.name), quote(self.plan.name)
        sql = f"SELECT {expressions} FROM {table} AS {alias}"
        if not ordered or not self.order:
            return sql
        terms = ", ".join(f"{slot + 1} NULLS FIRST" for slot in self.order)
        return f"{sql} ORDER BY {terms}"

    @property
    def source_table(self) -> str:
        """SQLite's table, as the expressions name it."""
        return f"main.{quote_identifier(self.table.name)} AS t"

    def key_bytes(self) -> str:
        """Write the expression of a row's key: the bytes of a JSON text."""
        return f"CAST({self._key_sql()} AS BLOB)"

    def _key_sql(self) -> str:
        if self.key_columns:
            pairs = ", ".join(
                f"{quote_literal(name)}, {key_text(_source(name))}" for name in self.key_columns
            )
            return f"json_object({pairs})"
        return f"json_object('rowid', {rowid_name(self.table) or 'NULL'})"


#: A block of fewer rows costs more than weighing them.
_FEW_ROWS = 100


def sizes_for(facts: TableFacts | None, limits: Sizes) -> Sizes:
    """Let rows go unweighed when even the largest fill no block, of fewer rows if need be."""
    if facts is None:
        return limits
    widest = sum(column.max_bytes for column in facts.columns) or 1
    fitting = limits.bytes // widest
    rows = min(limits.rows, fitting) if fitting >= _FEW_ROWS else limits.rows
    return Sizes(rows, limits.bytes, widest)


def file_encoding(connection: apsw.Connection) -> str:
    """Name the file's text encoding as Python does, and help SQLite where it isn't UTF-8."""
    (name,) = next(iter(connection.execute("PRAGMA main.encoding")))
    encoding = {"UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}.get(str(name), "utf-8")
    if encoding != "utf-8":
        connection.create_scalar_function(UTF8, _from(encoding), 1, deterministic=True)
    return encoding


def _from(encoding: str) -> Callable[..., bytes]:
    """Give a function that writes the bytes of a text as UTF-8.

    Half a surrogate pair is kept as one, for different texts must stay different: SQLite itself
    would make one character of it and of whatever follows.
    """

    def utf8(*stored: apsw.SQLiteValue) -> bytes:
        assert isinstance(stored[0], bytes)
        return stored[0].decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")

    return utf8


def _source(column: str) -> str:
    return f"t.{quote_identifier(column)}"


def _sum(terms: Sequence[str]) -> str:
    """Add in a balanced tree: SQLite's expressions may be 1,000 deep, its tables 2,000 wide."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return f"({_sum(terms[:middle])} + {_sum(terms[middle:])})"
