"""A file in UTF-16 as one in UTF-8: files of different encodings can't be read side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw

from outgrow.errors import SourceError
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.sqlite.catalog import SchemaRow
from outgrow.sqlite.census.computed import miscomputed
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.functions import run_anyway
from outgrow.unite.wording import NOT_EXACT

_ENCODINGS = {"UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
#: The objects of a schema in the order in which they can be made.
_ORDER = ("table", "index", "view", "trigger")


def recode(source: SourceDatabase, path: Path, target: Path) -> None:
    """Write a database anew in UTF-8, every value being what it was.

    SQLite attaches only databases of one encoding
    (https://www.sqlite.org/pragma.html#pragma_encoding).

    Raises:
        SourceError: it holds computed values that can't be computed again as they are.

    """
    with closing(apsw.Connection(str(path))) as old, closing(apsw.Connection(str(target))) as new:
        for pragma in ("writable_schema = ON", "ignore_check_constraints = ON"):
            old.execute(f"PRAGMA {pragma}")
            new.execute(f"PRAGMA {pragma}")
        new.execute("PRAGMA journal_mode = OFF")
        new.execute("PRAGMA synchronous = OFF")
        new.execute("BEGIN")
        lost = {name for _, name in source.damaged_indexes}
        rows = _schema(old)
        for row in rows:
            if row.type == "table" and _is_made(source, row.name):
                run_anyway(new, row.sql)
                _copy(old, new, row.name, _ENCODINGS[source.encoding], source)
        for row in rows:
            is_lost = row.type == "index" and row.name in lost
            if row.type != "table" and _is_made(source, row.table) and not is_lost:
                run_anyway(new, row.sql)
            elif is_lost or (row.type == "table" and not _is_made(source, row.name)):
                new.execute(
                    "INSERT INTO sqlite_schema VALUES (?, ?, ?, 0, ?)",
                    (row.type, row.name, row.table, row.sql),
                )
        if source.sequences:
            new.execute("DELETE FROM sqlite_sequence")
            new.executemany("INSERT INTO sqlite_sequence VALUES (?, ?)", source.sequences.items())
        new.execute("COMMIT")


def _schema(connection: apsw.Connection) -> list[SchemaRow]:
    found = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    rows = [SchemaRow(*map(str, row)) for row in found]
    return sorted(rows, key=lambda row: _ORDER.index(row.type))


def _is_made(source: SourceDatabase, name: str) -> bool:
    """Whether a definition can be run: that of a module or a damaged one is only entered."""
    others = {fold(virtual.name) for virtual in source.virtual_tables}
    return fold(name) not in others | set(map(fold, source.damaged_tables))


def _copy(
    old: apsw.Connection, new: apsw.Connection, name: str, encoding: str, source: SourceDatabase
) -> None:
    table = next((each for each in source.tables if each.name == name), None)
    if table is not None:
        _check(table, old, source.file)
    columns = [
        quote_identifier(row[1])
        for row in old.execute(f"PRAGMA table_xinfo({quote_identifier(name)})")
        if not row[6]
    ]
    picked = ", ".join(
        f"typeof({each}), iif(typeof({each}) = 'text', CAST({each} AS BLOB), {each})"
        for each in columns
    )
    values = ", ".join("iif(? = 'text', CAST(? AS TEXT), ?)" for _ in columns)
    origin = quote_identifier(name)
    new.executemany(
        f"INSERT INTO {origin} ({', '.join(columns)}) VALUES ({values})",
        _values(old.execute(f"SELECT {picked} FROM {origin}"), encoding),
    )


def _values(rows: Iterator[Any], encoding: str) -> Iterator[list[Any]]:
    for row in rows:
        values = []
        for kind, value in zip(row[::2], row[1::2], strict=True):
            text = _utf8(value, encoding) if kind == "text" else value
            values += [kind, text, text]
        yield values


def _utf8(text: bytes, encoding: str) -> bytes:
    """Recode a text as it is, halves of a character included; SQLite ignores an odd last byte."""
    whole = text[: len(text) & ~1]
    return whole.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")


def _check(table: SourceTable, connection: apsw.Connection, file: str) -> None:
    """See that each value that is computed again, when its row is written, is what it was."""
    for column in table.columns:
        if column.generated is None or not column.stored:
            continue
        says = ""
        try:
            if miscomputed(connection, f"main.{quote_identifier(table.name)}", column):
                says = "this column has stored other values than its expression gives"
        except apsw.SQLError as error:
            says = f"this column can't be computed: {error}"
        if says:
            raise SourceError(
                NOT_EXACT,
                f"the files have different encodings, and {says}",
                where=f"{file}:{table.name}.{column.name}",
                fix="Convert the file to UTF-8 with the application, or move it by itself",
            )
