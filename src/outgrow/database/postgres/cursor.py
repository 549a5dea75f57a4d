"""A cursor that is used like ``sqlite3``'s."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from outgrow.database.postgres.headings import NOTHING

if TYPE_CHECKING:
    from outgrow.database.postgres.connection import PostgresConnection

Parameters = Sequence[Any] | Mapping[str, Any]


class Cursor:
    """What ``connection.cursor()`` and ``connection.execute()`` give (DB-API 2.0, as sqlite3).

    Attributes:
        connection: whose cursor it is.
        row_factory: what makes a row of a tuple and a cursor, one of SQLite that tells the names;
            ``None`` for tuples.
        rowcount: rows changed by the last INSERT, UPDATE or DELETE, else -1.
        lastrowid: rowid of the row inserted last.
        arraysize: rows that ``fetchmany`` gives.

    """

    def __init__(self, connection: PostgresConnection) -> None:
        self.connection = connection
        self.row_factory = connection.row_factory
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1
        self._heading = NOTHING
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._is_closed = False

    def execute(self, sql: str, parameters: Parameters = (), /) -> Cursor:
        """Run one statement; gives the cursor.

        Raises:
            sqlite3.Error: as sqlite3 does; the driver's error class as well.

        """
        self._check()
        self._rows, self.rowcount = iter(()), -1
        answer = self.connection.run(sql, parameters)
        self.rowcount = answer.rowcount
        if answer.lastrowid is not None:
            self.lastrowid = answer.lastrowid
        self._heading = answer.heading
        self._rows = iter(answer.rows)
        return self

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Cursor:
        """Run one statement, which gives no rows, for each set of values; gives the cursor."""
        self._check()
        self._rows, self.rowcount = iter(()), -1
        self.rowcount = self.connection.run_many(sql, parameters)
        self._heading = NOTHING
        return self

    def executescript(self, sql_script: str, /) -> Cursor:
        """Commit, then run each statement of a script; gives the cursor."""
        self._check()
        self._rows = iter(())
        self.connection.run_script(sql_script)
        self._heading = NOTHING
        return self

    @property
    def description(self) -> tuple[tuple[Any, ...], ...] | None:
        """Seven items for each result column, of which the first is its name."""
        return self._heading.description

    def fetchone(self) -> Any:
        """Give the next row, ``None`` after the last."""
        return next(self, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Give the next rows: ``size`` or ``arraysize`` of them, all for 0 and less as sqlite3."""
        count = self.arraysize if size is None else size
        return list(islice(self, count)) if count > 0 else self.fetchall()

    def fetchall(self) -> list[Any]:
        """Give the rows that are left."""
        self._check()
        rows, self._rows = self._rows, iter(())
        if self.row_factory is None:
            return list(rows)
        factory, told = self.row_factory, self._heading.stand_in
        return [factory(told, row) for row in rows]

    def __iter__(self) -> Cursor:
        return self

    def __next__(self) -> Any:
        self._check()
        row = next(self._rows)
        if self.row_factory is None:
            return row
        return self.row_factory(self._heading.stand_in, row)

    def close(self) -> None:
        """Use the cursor no more."""
        self._is_closed = True
        self._rows = iter(())

    def setinputsizes(self, sizes: Any, /) -> None:
        """Do nothing, as sqlite3."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Do nothing, as sqlite3."""

    def _check(self) -> None:
        if self._is_closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed cursor.")
        self.connection._open()
