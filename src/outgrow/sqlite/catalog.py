"""What a SQLite file declares: tables, views, triggers, virtual tables, sequences, oddities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apsw

from outgrow.errors import Code, SourceError, define
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceTable, SourceTrigger, SourceView
from outgrow.sqlite.failures import CORRUPT, RECOVER, reading
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.strangers import unknown_names
from outgrow.sqlite.tables import UNPARSED, TableEntry, read_table
from outgrow.sqlite.virtual import read_virtual_tables

OTHER_NAMES = define("OG-117", "The file has several names, and a WAL may stand beside another.")
BROKEN_VIEW = define("OG-121", "SQLite itself can't run this view.")

_OWN_PREFIX = "sqlite_"


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A row of ``sqlite_schema`` (https://www.sqlite.org/schematab.html)."""

    type: str
    name: str
    table: str
    sql: str


def schema_rows(snapshot: Snapshot) -> list[SchemaRow]:
    """Give the rows that a CREATE statement made, in their order; SQLite's own are left out.

    What stands behind a NUL is nothing to SQLite.
    """
    found = snapshot.connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    )
    rows = (SchemaRow(*(str(each).partition("\0")[0] for each in row)) for row in found)
    return [row for row in rows if not fold(row.name).startswith(_OWN_PREFIX)]


def read_catalog(snapshot: Snapshot) -> SourceDatabase:
    """Read the schema of a file; what is odd or can't be read becomes a finding.

    Raises:
        SourceError: the schema as a whole can't be read.

    """
    with reading(snapshot):
        return _read(snapshot)


def other_names(snapshot: Snapshot) -> Iterator[Finding]:
    """Tell of hard links: SQLite finds a journal or WAL beside the name that made it only.

    https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use
    """
    try:
        names = snapshot.path.stat().st_nlink
    except OSError:  # it was moved away meanwhile
        return
    if names > 1:
        says = f"the file has {names} names (hard links), and a journal or WAL beside another one "
        fix = "Give the name by which the application opens it"
        yield Finding(OTHER_NAMES, Severity.WARNING, snapshot.file, f"{says}is not seen", fix)


def _read(snapshot: Snapshot) -> SourceDatabase:
    rows = schema_rows(snapshot)
    _require_owners(snapshot, rows)
    loaded = read_loaded_tables(snapshot)
    indexes = _loaded_indexes(snapshot)
    damaged = [
        row
        for row in rows
        if (row.type in ("table", "view") and fold(row.name) not in loaded)
        or (row.type == "index" and fold(row.name) not in indexes)
    ]
    findings = [*other_names(snapshot), *(_not_loaded(snapshot, row) for row in damaged)]
    virtual_tables, told = read_virtual_tables(snapshot, rows, loaded)
    findings += told
    shadows = {fold(name) for table in virtual_tables for name in table.shadows}
    tables: list[SourceTable] = []
    for entry in _table_entries(rows, loaded):
        if fold(entry.name) not in shadows:
            table, told = read_table(snapshot, entry)
            tables.append(table)
            findings += told
    views = [
        _read_view(snapshot, row) for row in rows if row.type == "view" and fold(row.name) in loaded
    ]
    triggers = tuple(
        SourceTrigger(row.name, row.table, row.sql) for row in rows if row.type == "trigger"
    )
    findings += [_broken(snapshot, view) for view in views if view.broken]
    findings += unknown_names(snapshot, tables, triggers)
    pragma = _Pragmas(snapshot.connection)
    return SourceDatabase(
        path=str(snapshot.path),
        file=snapshot.file,
        tables=tuple(tables),
        views=tuple(views),
        triggers=triggers,
        virtual_tables=tuple(virtual_tables),
        damaged_tables=tuple(row.name for row in damaged if row.type == "table"),
        damaged_views=tuple(row.name for row in damaged if row.type == "view"),
        damaged_indexes=tuple((row.table, row.name) for row in damaged if row.type == "index"),
        sequences=_sequences(snapshot.connection),
        size=pragma.integer("page_size") * pragma.integer("page_count"),
        encoding=pragma.text("encoding"),
        journal_mode=pragma.text("journal_mode"),
        user_version=pragma.integer("user_version"),
        findings=tuple(findings),
        homes=snapshot.homes,
    )


class _Pragmas:
    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def text(self, name: str) -> str:
        return str(self._connection.pragma(name))

    def integer(self, name: str) -> int:
        return int(self.text(name))


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A row of ``PRAGMA table_list``: what SQLite made of a table or view."""

    name: str
    kind: str
    without_rowid: bool
    strict: bool


def read_loaded_tables(snapshot: Snapshot) -> dict[str, LoadedTable]:
    """Give the tables and views that SQLite could load, by their folded names."""
    return {
        fold(name): LoadedTable(name, kind, bool(without_rowid), bool(strict))
        for schema, name, kind, _, without_rowid, strict in snapshot.connection.execute(
            "PRAGMA table_list"
        )
        if schema == "main"
    }


def _loaded_indexes(snapshot: Snapshot) -> set[str]:
    """Give the folded names of the indexes that SQLite could load."""
    found = snapshot.connection.execute(
        "SELECT i.name FROM pragma_table_list AS t, pragma_index_list(t.name, 'main') AS i "
        "WHERE t.schema = 'main'"
    )
    return {fold(str(name)) for (name,) in found}


def _table_entries(
    rows: Iterable[SchemaRow], loaded: Mapping[str, LoadedTable]
) -> Iterable[TableEntry]:
    rows = list(rows)
    for row in rows:
        facts = loaded.get(fold(row.name))
        if row.type != "table" or facts is None or facts.kind != "table":
            continue
        indexes = {
            fold(other.name): other.sql
            for other in rows
            if other.type == "index" and fold(other.table) == fold(row.name)
        }
        yield TableEntry(row.name, row.sql, facts.without_rowid, facts.strict, indexes)


def _require_owners(snapshot: Snapshot, rows: list[SchemaRow]) -> None:
    """See that each trigger's table or view is there: SQLite drops a trigger with its table."""
    there = {fold(row.name) for row in rows if row.type in ("table", "view")}
    for row in rows:
        if row.type == "trigger" and fold(row.table) not in there:
            says = f"the schema says that trigger {row.name} belongs to {row.table!r}, which is not"
            raise SourceError(CORRUPT, f"{says} there", where=snapshot.file, fix=RECOVER)


def _not_loaded(snapshot: Snapshot, row: SchemaRow) -> Finding:
    """Tell of an object whose definition SQLite itself could not load."""
    return _finding(
        UNPARSED,
        snapshot.homes.where(row.name),
        f"SQLite can't load the definition of this {row.type}; it is left out",
        f"Correct or drop the {row.type} with the application that made it",
    )


def _read_view(snapshot: Snapshot, row: SchemaRow) -> SourceView:
    name = quote_identifier(row.name)
    try:
        snapshot.connection.execute(f"EXPLAIN SELECT * FROM {name}")
        columns = snapshot.connection.execute(f"PRAGMA table_xinfo({name})")
        return SourceView(row.name, row.sql, tuple(column[1] for column in columns))
    except apsw.Error as error:
        return SourceView(row.name, row.sql, broken=str(error))


def _broken(snapshot: Snapshot, view: SourceView) -> Finding:
    return _finding(
        BROKEN_VIEW,
        snapshot.homes.where(view.name),
        f"SQLite itself can't run this view: {view.broken}",
        "Correct it or drop it; functions that the application adds have to be written anew",
    )


def _sequences(connection: apsw.Connection) -> dict[str, int]:
    """Give the last numbers that AUTOINCREMENT handed out; anyone may have written to the table."""
    present = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence' AND type = 'table'"
    )
    if present.fetchone() is None:
        return {}
    found = connection.execute(
        "SELECT name, max(seq) FROM sqlite_sequence "
        "WHERE typeof(name) = 'text' AND typeof(seq) = 'integer' GROUP BY name"
    )
    return {str(name): int(last) for name, last in found}


def _finding(code: Code, where: str, says: str, fix: str) -> Finding:
    return Finding(code, Severity.WARNING, where, says, fix)
