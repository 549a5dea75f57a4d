"""One value out of quarantine, as the column that it belongs to can take it today.

The same proofs and conversions as for the rows that were loaded, on a SQLite in memory that
holds nothing but the value, in the encoding of its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

import apsw

from outgrow.load import projection
from outgrow.load.aside import complaint
from outgrow.load.projection import projected
from outgrow.model.census import ColumnFacts
from outgrow.model.plan import ColumnPlan
from outgrow.model.types import Kind, TargetType
from outgrow.postgres.identifiers import quote
from outgrow.sqlite import fitting
from outgrow.sqlite.document import Stored
from outgrow.sqlite.fitting import fits

_TEXTUAL = (Kind.TEXT, Kind.JSON, Kind.JSONB)

#: The name of the one column of the table in memory.
NAME = "kept"


class DoesNotFit(Exception):
    """A column can't take a value; the message says why, ``fix`` what would help."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the target as it is now.

    ``type`` is ``None`` for one that outgrow never gives; ``spelled`` is PostgreSQL's own name
    of it.
    """

    source: str
    name: str
    type: TargetType | None
    spelled: str
    generated: bool = False


class Converter:
    """Makes parameters of statements from kept values of one file encoding.

    ``connection`` holds the value that was converted last in ``kept.kept``.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.connection = apsw.Connection(":memory:")
        self.connection.execute(f"PRAGMA encoding = '{encoding}'")
        self.connection.execute(f"CREATE TABLE {NAME} ({NAME})")
        fitting.register(self.connection)
        projection.register(self.connection, encoding)

    def parameter(self, kept: Stored, column: Column) -> str | bytes | None:
        """Give the value for ``column``: a text without a type, bytes, or NULL.

        Raises:
            DoesNotFit: the column can't hold it as it is.

        """
        self.hold(kept)
        if kept.value is None:
            return None
        if column.type is None:
            return self._plain(kept, column)
        self._require_fit(kept, column)
        plan = ColumnPlan(NAME, NAME, column.type, "")
        sql = projected(plan, self._facts(kept), self.encoding)
        return sent(self.ask(sql))

    def hold(self, kept: Stored) -> None:
        """Put a value into the table in memory, byte for byte."""
        mark = "CAST(? AS TEXT)" if kept.storage == "text" else "?"
        self.connection.execute(f"DELETE FROM {NAME}")
        self.connection.execute(f"INSERT INTO {NAME} VALUES ({mark})", (kept.value,))

    def ask(self, sql: str) -> object:
        """Evaluate an expression over the value."""
        (value,) = next(iter(self.connection.execute(f"SELECT {sql} FROM {NAME}")))
        return value

    def _plain(self, kept: Stored, column: Column) -> str | bytes | None:
        """Give a value for a type that outgrow knows nothing of: PostgreSQL says what it takes."""
        if kept.storage == "blob":
            return sent(kept.value)
        self._require_text(kept, column)
        return sent(self.ask(f"CAST({NAME} AS TEXT)"))

    def _require_fit(self, kept: Stored, column: Column) -> None:
        assert column.type is not None
        if column.type.kind is Kind.BYTEA:
            return
        if column.type.kind in _TEXTUAL:
            self._require_text(kept, column)
        if not self.ask(fits(NAME, column.type, self.encoding)):
            raise DoesNotFit(
                f"{column.name} is {column.spelled}, and that holds no such {kept.storage}",
                "alter the column to a type that does",
            )

    def _require_text(self, kept: Stored, column: Column) -> None:
        if kept.storage == "text" and isinstance(kept.value, bytes):
            said = complaint(kept.value, self.encoding)
            if said:
                name = quote(column.name)
                raise DoesNotFit(
                    f"{column.name}: {said}",
                    f"ALTER COLUMN {name} TYPE bytea USING convert_to({name}, 'UTF8') of the "
                    "table, or mend the kept text",
                )

    @staticmethod
    def _facts(kept: Stored) -> ColumnFacts:
        return ColumnFacts(
            NAME,
            rows=1,
            nulls=0,
            integers=kept.storage == "integer",
            reals=kept.storage == "real",
            texts=kept.storage == "text",
            blobs=kept.storage == "blob",
        )

    def close(self) -> None:
        """Let go of the memory."""
        self.connection.close()


def sent(value: object) -> str | bytes | None:
    """Give a value as a statement's parameter: text of no type, as COPY sends it, or bytes."""
    if isinstance(value, float) and isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value if isinstance(value, bytes | None) else str(value)


def stored_value(original: bytes, storage: str, encoding: str) -> Stored:
    """Read the original of a single value: numbers are kept as SQLite prints them."""
    match storage:
        case "integer":
            return Stored(storage, int(original.decode(encoding)))
        case "real":
            digits = original.decode(encoding)
            return Stored(storage, float({"Inf": "inf", "-Inf": "-inf"}.get(digits, digits)))
    return Stored(storage, original)
