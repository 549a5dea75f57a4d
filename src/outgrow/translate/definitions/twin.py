"""An empty SQLite database with the application's definitions, kept in memory.

SQLite itself says what a definition means, what a change of it leaves behind (``ALTER TABLE``
rewrites views, triggers and foreign keys: https://www.sqlite.org/lang_altertable.html), and what
a PRAGMA answers, so that all this is right by construction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import apsw

from outgrow.model.homes import Homes
from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceTable
from outgrow.model.types import Kind
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.tables import TableEntry, read_table
from outgrow.translate.errors import SQLITE_REFUSES, UntranslatableSQL
from outgrow.translate.schema import ColumnInfo, Schema, TableInfo


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of ``sqlite_schema`` that a CREATE statement made; ``place`` is its rowid."""

    place: int
    type: str
    name: str
    table: str
    sql: str
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What a database defines. ``views``: the columns of each view by folded name.

    A view that SQLite can't run has none.
    """

    entries: tuple[Entry, ...]
    views: Mapping[str, tuple[str, ...]]

    def of_type(self, kind: str) -> list[Entry]:
        """The entries of one type, in the order in which they were made."""
        return [entry for entry in self.entries if entry.type == kind]

    def named(self, kind: str, name: str) -> Entry | None:
        """The entry of that type and name, in any case."""
        folded = fold(name)
        return next((e for e in self.of_type(kind) if fold(e.name) == folded), None)

    def table(self, entry: Entry) -> SourceTable:
        """All that a table's definition and those of its indexes say."""
        own = fold(entry.name)
        indexes = [e.sql for e in self.of_type("index") if fold(e.table) == own]
        return described(entry.name, entry.sql, tuple(indexes))


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows and the names of their columns."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Twin:
    """One such database; threads may share it."""

    def __init__(self, definitions: Sequence[Sequence[str]]) -> None:
        self._connection = apsw.Connection(":memory:")
        self._lock = threading.RLock()
        for alternatives in definitions:
            _define(self._connection, alternatives)
        self.picture = _picture(self._connection)

    def after(self, sql: str, parameters: int = 0) -> Picture:
        """Give what the database would define after a statement; raises UntranslatableSQL."""
        with self._undone():
            with _refusing():
                self._connection.execute(sql, (None,) * parameters)
            return _picture(self._connection)

    def answer(self, sql: str, bindings: Sequence[Any] = ()) -> Answer:
        """Run a statement that gives rows; raises UntranslatableSQL."""
        with self._undone(), _refusing():
            return answer(self._connection, sql, bindings)

    def declared_types(self, sql: str, parameters: int = 0) -> tuple[str, ...]:
        """Give what the result columns of a query were declared as, '' for what is no column.

        https://www.sqlite.org/c3ref/column_decltype.html
        """
        types: tuple[str, ...] = ()
        with self._lock:
            cursor = self._connection.cursor()

            def note_types(_: Any, __: str, ___: Any) -> bool:
                nonlocal types
                types = tuple(str(column[1] or "") for column in cursor.get_description())
                return False

            cursor.exec_trace = note_types
            with _refusing(), suppress(apsw.ExecTraceAbort):
                cursor.execute(sql, (None,) * parameters)
        return types

    @contextmanager
    def _undone(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("SAVEPOINT tried")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK TO tried; RELEASE tried")


def answer(connection: apsw.Connection, sql: str, bindings: Sequence[Any] = ()) -> Answer:
    """Run a statement; its columns have their names without rows too. Raises apsw.Error."""
    names: tuple[str, ...] = ()
    cursor = connection.cursor()

    def note_names(_: Any, __: str, ___: Any) -> bool:
        nonlocal names
        names = tuple(str(column[0]) for column in cursor.get_description())
        return True

    cursor.exec_trace = note_names
    rows = tuple(tuple(row) for row in cursor.execute(sql, bindings))
    return Answer(names, rows)


def twin_of(schema: Schema) -> Twin:
    """Give the twin of a schema, made once for what it defines."""
    return _twin(tuple(_definitions(schema)))


@lru_cache(maxsize=8)
def _twin(definitions: tuple[tuple[str, ...], ...]) -> Twin:
    return Twin(definitions)


@lru_cache(maxsize=2000)
def described(name: str, sql: str, indexes: tuple[str, ...]) -> SourceTable:
    """Give what SQLite makes of a CREATE TABLE and its CREATE INDEX statements.

    Raises UntranslatableSQL where it does not take them.
    """
    opened = _Opened()
    with _refusing():
        for statement in (sql, *indexes):
            opened.connection.execute(statement)
    (facts,) = opened.connection.execute(
        "SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?", (name,)
    )
    named = opened.connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    )
    index_sql = {fold(str(index)): str(text) for index, text in named}
    table, _ = read_table(opened, TableEntry(name, sql, bool(facts[0]), bool(facts[1]), index_sql))
    return table


class _Opened:
    """A database in memory as the readers of SQLite's catalog want it."""

    def __init__(self) -> None:
        self.homes = Homes("sqlite_schema")
        self.connection = apsw.Connection(":memory:")


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn SQLite's errors into a refusal in its own words."""
    try:
        yield
    except apsw.Error as error:
        raise UntranslatableSQL(SQLITE_REFUSES, str(error)) from error


# --- what a schema defines ---------------------------------------------------------------------

#: What leaves sqlite_sequence behind.
_NUMBERED = "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE t"


def _definitions(schema: Schema) -> Iterator[tuple[str, ...]]:
    """Each definition, and what stands in for it where SQLite does not take it any more."""
    if schema.numbered and not any(table.autoincrement for table in schema.tables.values()):
        yield (_NUMBERED,)
    for table in schema.tables.values():
        written = temporary(table.sql) if table.temporary else table.sql
        yield tuple(filter(None, (written, _synthetic(table))))
    for index in schema.indexes.values():
        owner = schema.table(index.table)
        yield (temporary(index.sql) if owner and owner.temporary else index.sql,)
    for view in schema.views.values():
        yield (temporary(view.sql) if view.temporary else view.sql,)
    for trigger in schema.triggers.values():
        yield (trigger.sql,)


def temporary(sql: str) -> str:
    """Write a definition as SQLite keeps it so that it makes a temporary object again."""
    head, _, name = sql.partition("INDEX ")
    if head in ("CREATE ", "CREATE UNIQUE "):
        return f"{head}INDEX temp.{name}"
    return f"CREATE TEMP {sql.removeprefix('CREATE ')}" if sql else ""


def _define(connection: apsw.Connection, alternatives: Sequence[str]) -> None:
    """Define an object; one that SQLite takes in no form is not there."""
    for sql in alternatives:
        try:
            connection.execute(sql)
        except apsw.Error:
            continue
        return


def _synthetic(table: TableInfo) -> str:
    """Make up the definition of a table that has none."""
    lines = [_column_line(column) for column in table.columns]
    if table.primary_key:
        keys = ", ".join(map(quote_identifier, table.primary_key))
        lines.append(f"PRIMARY KEY ({keys})")
    kind = "TEMP TABLE" if table.temporary else "TABLE"
    return f"CREATE {kind} {quote_identifier(table.source)} ({', '.join(lines)})"


def _column_line(column: ColumnInfo) -> str:
    declared = column.affinity.value
    if column.affinity is Affinity.BLOB and column.type.kind is not Kind.BYTEA:
        declared = ""
    if column.affinity is Affinity.NUMERIC and column.type.kind is Kind.BOOLEAN:
        declared = "BOOLEAN"
    parts = [quote_identifier(column.source), declared]
    if column.not_null:
        parts.append("NOT NULL")
    if column.collation != "BINARY":
        parts.append(f"COLLATE {quote_identifier(column.collation)}")
    return " ".join(parts)


# --- reading -----------------------------------------------------------------------------------

_ENTRIES = """
SELECT rowid, type, name, tbl_name, sql, 0 FROM main.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
UNION ALL
SELECT rowid, type, name, tbl_name, sql, 1 FROM temp.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""


def _picture(connection: apsw.Connection) -> Picture:
    found = sorted(connection.execute(_ENTRIES), key=lambda row: (row[5], row[0]))
    entries = tuple(
        Entry(int(str(place)), str(kind), str(name), str(table), str(sql), bool(is_temporary))
        for place, kind, name, table, sql, is_temporary in found
    )
    views = {
        fold(entry.name): _columns(connection, entry.name)
        for entry in entries
        if entry.type == "view"
    }
    return Picture(entries, views)


def _columns(connection: apsw.Connection, view: str) -> tuple[str, ...]:
    name = quote_identifier(view)
    try:
        connection.execute(f"EXPLAIN SELECT * FROM {name}")
        return tuple(str(row[1]) for row in connection.execute(f"PRAGMA table_xinfo({name})"))
    except apsw.Error:
        return ()
