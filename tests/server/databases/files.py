"""Random files: statements that SQLite takes, those that it rejects left out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from databases.logic import indexes, triggers, views, virtual_tables
from databases.names import names, quote
from databases.tables import Table, tables
from databases.values import Bytes, Value, literal

_MOST_TABLES = 3


@dataclass(frozen=True)
class Insert:
    """A row."""

    table: str
    columns: tuple[str, ...]
    values: tuple[Value, ...]

    def __str__(self) -> str:
        values = ", ".join(map(literal, self.values))
        return f"{self._head()} VALUES ({values})"

    def _head(self) -> str:
        listed = ", ".join(map(quote, self.columns))
        return f"INSERT INTO {quote(self.table)} ({listed})"

    def run(self, connection: sqlite3.Connection) -> None:
        """Insert it with its values bound."""
        marks = ["CAST(? AS TEXT)" if isinstance(v, Bytes) else "?" for v in self.values]
        given = [v.data if isinstance(v, Bytes) else v for v in self.values]
        connection.execute(f"{self._head()} VALUES ({', '.join(marks)})", given)


@dataclass(frozen=True)
class File:
    """A file as the statements that make it."""

    name: str
    statements: tuple[str | Insert, ...]

    def write(self, folder: Path) -> Path:
        """Make the file; a statement that SQLite rejects is left out."""
        path = folder / self.name
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # What an application had registered, and plain SQLite has not.
            connection.create_function("mine", 1, lambda value: value, deterministic=True)
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            for statement in self.statements:
                try:
                    if isinstance(statement, Insert):
                        statement.run(connection)
                    else:
                        connection.execute(statement)
                except (sqlite3.Error, OverflowError):
                    continue
        return path

    def script(self) -> str:
        """The statements as a person would run them."""
        return "\n".join(f"{statement};" for statement in self.statements)


@st.composite
def files(draw: st.DrawFn, name: str = "app.db") -> File:
    """One file."""
    made: tuple[Table, ...] = ()
    for place in range(draw(st.integers(1, _MOST_TABLES))):
        table = draw(names("a", "b", "t", f"t{place}"))
        if table.upper() not in {other.name.upper() for other in made}:
            made += (draw(tables(made, table)),)
    before = draw(
        st.sampled_from(
            (
                (),
                (),
                (),
                ("PRAGMA encoding = 'UTF-16le'",),
                ("PRAGMA ignore_check_constraints = ON",),
            )
        )
    )
    rows = [
        Insert(table.name, tuple(column.name for column in table.stored), row)
        for table in made
        for row in table.rows
    ]
    after = draw(st.lists(indexes(made), max_size=3))
    after += draw(st.lists(views(made), max_size=3))
    after += draw(st.lists(triggers(made), max_size=2))
    after += draw(st.lists(virtual_tables(), max_size=1)) if draw(st.integers(0, 9)) == 9 else []
    after += ["ANALYZE"] if draw(st.integers(0, 9)) == 9 else []
    order = (*rows, *after) if draw(st.booleans()) else (*after, *rows)
    return File(name, (*before, *(table.sql for table in made), *order))


@st.composite
def cases(draw: st.DrawFn, most: int = 1) -> tuple[File, ...]:
    """One to ``most`` files of one application; the later repeat some of the first's tables."""
    first = draw(files("app.db"))
    more: list[File] = []
    for number in range(draw(st.integers(0, most - 1))):
        other = draw(files(f"more{number}.db"))
        if draw(st.booleans()):
            kept = [each for each in first.statements if draw(st.booleans())]
            other = File(other.name, (*kept, *other.statements))
        more.append(other)
    return (first, *more)
