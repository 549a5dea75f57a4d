"""The schema of a file as SQL that replays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import apsw

from outgrow.model.names import fold
from outgrow.sqlite.catalog import SchemaRow, read_loaded_tables, schema_rows
from outgrow.sqlite.failures import reading
from outgrow.sqlite.grammar import parse, tokenize
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.virtual import read_virtual_tables

#: Tables, then what stands on them.
_ORDER = ("table", "index", "view", "trigger")


def replayable_schema(snapshot: Snapshot) -> str:
    """Give the schema as SQL that makes the same schema in an empty SQLite database.

    SQLite's own tables and the shadows of virtual tables are left out: they come by themselves.
    What plain SQLite can't replay (a module, function or collation of the application) stands
    there as a comment with SQLite's reason.

    Raises:
        SourceError: the schema can't be read.

    """
    with reading(snapshot):
        rows = schema_rows(snapshot)
        virtual_tables, _ = read_virtual_tables(snapshot, rows, read_loaded_tables(snapshot))
        pragmas = "".join(_pragmas(snapshot))
    shadows = {fold(name) for table in virtual_tables for name in table.shadows}
    kept = [row for row in rows if fold(row.table) not in shadows]
    kept.sort(key=lambda row: _ORDER.index(row.type))
    with closing(apsw.Connection(":memory:")) as empty:
        replay = _Replay(empty)
        written = "".join(_written(row, replay.obstacle(row)) for row in kept)
    parts = (_head(snapshot.file, lenient=replay.needs_leniency), pragmas, written)
    return "\n".join(part for part in parts if part)


def _head(file: str, *, lenient: bool) -> str:
    lines = [f"Schema of {' '.join(file.split())}, to be replayed in an empty SQLite database."]
    if lenient:
        # https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
        lines.append("It has texts in double quotes; the sqlite3 shell takes them after")
        lines.append(".dbconfig dqs_ddl on")
    return "".join(f"-- {line}\n" for line in lines)


def _pragmas(snapshot: Snapshot) -> Iterator[str]:
    """Give what else an application finds in the file, where it is not what SQLite begins with."""
    for name, usual in (("encoding", "UTF-8"), ("application_id", 0), ("user_version", 0)):
        ((value,),) = snapshot.connection.execute(f"PRAGMA {name}")
        if value != usual:
            yield f"PRAGMA {name} = {value!r};\n"


@dataclass(slots=True)
class _Replay:
    """An empty database in which statements are tried, first as strictly as the shell does.

    ``needs_leniency``: some statement has a text in double quotes.
    """

    empty: apsw.Connection
    needs_leniency: bool = False

    def obstacle(self, row: SchemaRow) -> str:
        """Replay a statement and give SQLite's complaint, '' if there is none."""
        tree = parse(row.sql)
        if tree is None or not str(tree["type"]).startswith("Create"):
            return "not a CREATE statement"  # never run what a damaged file holds instead
        try:
            self._run(row.sql, lenient=False)
        except apsw.Error:
            try:
                self._run(row.sql, lenient=True)
            except apsw.Error as error:
                return str(error)
            self.needs_leniency = True
        return ""

    def _run(self, sql: str, *, lenient: bool) -> None:
        self.empty.config(apsw.SQLITE_DBCONFIG_DQS_DDL, int(lenient))
        self.empty.execute(sql)


def _written(row: SchemaRow, obstacle: str) -> str:
    if not obstacle:
        return f"{_terminated(row.sql)}\n"
    lines = [f"SQLite can't make this {row.type} ({obstacle}):", *row.sql.splitlines()]
    return "".join(f"-- {line}\n" for line in lines)


def _terminated(sql: str) -> str:
    """End a statement so that the next one starts afresh, also after a comment."""
    tokens = tokenize(sql)
    in_comment = bool(tokens) and tokens[-1].text.startswith("--") and not sql.endswith("\n")
    return f"{sql}\n;" if in_comment else f"{sql};"
