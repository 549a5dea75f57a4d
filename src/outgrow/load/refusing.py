"""Rows that PostgreSQL can't hold as they are: told apart, left out, and kept whole.

A row is refused because the census met a text in it that PostgreSQL can't hold, or because
PostgreSQL itself turned it down (a row wider than a page, for one:
https://www.postgresql.org/docs/current/limits.html). Both are conditions in SQL, so that what is
loaded, what is kept and what is counted are the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import apsw

from outgrow.load.aside import SetAside, complaint, key_expression, mend, required_rowid, suspicious
from outgrow.model.plan import ColumnPlan
from outgrow.model.source import SourceTable
from outgrow.sqlite.document import Stored, exactly, stored, write_document
from outgrow.sqlite.rows import quote_identifier

_UNHOLDABLE = "outgrow_unholdable"
_TURNED_DOWN = "outgrow_turned_down"

#: A function takes 127 arguments in older SQLites (https://www.sqlite.org/limits.html).
_ARGUMENTS = 100


@dataclass(slots=True)
class Refusal:
    """Which rows of a table are refused.

    Args:
        connection: the source.
        table: whose rows they are.
        columns: the columns to keep of a row: all that SQLite can read.
        bad: the text columns whose bad texts make their row refused.
        encoding: of the file.
        row_file: the expression of the file that a row is from.
        turned_down: what PostgreSQL said of a row, by the row's identity.

    """

    connection: apsw.Connection
    table: SourceTable
    columns: tuple[str, ...]
    bad: tuple[ColumnPlan, ...]
    encoding: str
    row_file: str
    turned_down: dict[object, str] = field(default_factory=dict)

    def register(self) -> None:
        """Give the connection the functions that the condition calls, for this table."""

        def unholdable(*texts: apsw.SQLiteValue) -> bool:
            return any(isinstance(each, bytes) and self._complaint(each) for each in texts)

        def turned_down(*identity: apsw.SQLiteValue) -> bool:
            return identity[0] in self.turned_down

        self.connection.create_scalar_function(_UNHOLDABLE, unholdable)
        self.connection.create_scalar_function(_TURNED_DOWN, turned_down, 1)

    @property
    def refuses(self) -> bool:
        """Whether any row may be refused."""
        return bool(self.bad or self.turned_down)

    @property
    def condition(self) -> str:
        """The condition, in SQL, under which a row is refused."""
        terms = [f"{_TURNED_DOWN}({self.identity})"] if self.turned_down else []
        names = [quote_identifier(column.source) for column in self.bad]
        texts = [f"CASE WHEN {suspicious(name)} THEN CAST({name} AS BLOB) END" for name in names]
        for start in range(0, len(texts), _ARGUMENTS):
            terms.append(f"{_UNHOLDABLE}({', '.join(texts[start : start + _ARGUMENTS])})")
        return " OR ".join(terms) or "0"

    @property
    def identity(self) -> str:
        """The SELECT expression that names a row and no other of its table.

        A table WITHOUT ROWID has a key without NULL; storage classes tell 1 from '1'.
        """
        if not self.table.without_rowid:
            return required_rowid(self.table)
        assert self.table.primary_key is not None
        names = map(quote_identifier, self.table.primary_key.columns)
        return " || ',' || ".join(f"typeof({name}) || hex({name})" for name in names)

    def rows(self) -> Iterator[SetAside]:
        """Give each refused row, whole; raises apsw.Error."""
        if not self.refuses:
            return
        values = ", ".join(map(exactly, self.columns))
        query = (
            f"SELECT {key_expression(self.table)}, {self.identity}, {self.row_file}, {values} "
            f"FROM {quote_identifier(self.table.name)} NOT INDEXED WHERE {self.condition}"
        )
        bad = {column.source for column in self.bad}
        for key, identity, file, *read in self.connection.execute(query):
            row = dict(zip(self.columns, map(stored, read), strict=True))
            reason = self.turned_down.get(identity) or "; ".join(self._complaints(row, bad))
            document = write_document(row.items(), self.encoding)
            place = mend(key, self.encoding)
            yield SetAside(None, place, "refused", reason, "row", document, file)

    def _complaints(self, row: dict[str, Stored], bad: set[str]) -> Iterator[str]:
        for column, kept in row.items():
            if column in bad and kept.storage == "text" and isinstance(kept.value, bytes):
                said = self._complaint(kept.value)
                if said:
                    yield f"{column}: {said}"

    def _complaint(self, text: bytes) -> str:
        return complaint(text, self.encoding)
