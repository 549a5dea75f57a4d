"""Reads a SQLite file's schema from its own pragmas; what they leave out, from the DDL's words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .facts import Column, Database, ForeignKey, Index, Part, Table, fold
from .ledger import Ledger

_TOKEN = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | \s+
    | (?P<quoted>'(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
    | (?P<word>[^\W\d][\w$]*)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def connect(path: Path | str) -> sqlite3.Connection:
    """Open a file for reading; its texts come as bytes, whatever they hold."""
    connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = bytes
    return connection


def _rows(connection: sqlite3.Connection, sql: str, *arguments: object) -> list[tuple]:
    def decode(value: object) -> object:
        return value.decode(errors="backslashreplace") if isinstance(value, bytes) else value

    return [tuple(map(decode, row)) for row in connection.execute(sql, arguments)]


def words(sql: str) -> Iterator[tuple[int, str, int]]:
    """The words and signs of a statement: nesting depth, upper-cased text, where it ends."""
    depth = 0
    for match in _TOKEN.finditer(sql):
        text = match["word"] or match["other"] or match["quoted"]
        if text is None:
            continue
        if text == ")":
            depth -= 1
        yield depth, text if match["quoted"] else text.upper(), match.end()
        if text == "(":
            depth += 1


def read(connection: sqlite3.Connection, ledger: Ledger) -> Database:
    """Describe every user table, view and trigger, in the target's names."""
    database = Database()
    listed = {fold(row[1]): row for row in _rows(connection, "PRAGMA main.table_list")}
    numbers = _issued_numbers(connection)
    objects = _rows(
        connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid"
    )
    for kind, name, table, sql in objects:
        if name.startswith("sqlite_"):
            continue
        if kind == "table" and listed[fold(name)][2] == "virtual":
            database.virtual.add(name)
        elif kind == "table" and listed[fold(name)][2] == "table":
            _, _, _, _, without_rowid, strict = listed[fold(name)]
            described = _table(connection, ledger, name, sql, bool(without_rowid), bool(strict))
            if described.counter:
                number = numbers.get(name, 0)
                described = Table(**{**described.__dict__, "issued": number})
            database.tables[described.name] = described
        elif kind == "view":
            database.views.add(ledger.name("views", name))
        elif kind == "trigger":
            on = ledger.name("views" if listed[fold(table)][2] == "view" else "tables", table)
            database.triggers.add((on, ledger.name("triggers", name)))
    return database


def _issued_numbers(connection: sqlite3.Connection) -> dict[str, int]:
    try:
        return dict(_rows(connection, "SELECT name, seq FROM sqlite_sequence"))
    except sqlite3.OperationalError:
        return {}


def _table(
    connection: sqlite3.Connection,
    ledger: Ledger,
    name: str,
    sql: str,
    without_rowid: bool,
    strict: bool,
) -> Table:
    def column(source: str) -> str:
        return ledger.column(name, source)

    info = _rows(connection, "SELECT * FROM pragma_table_xinfo(?)", name)
    key = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
    has_key_index = any(
        row[3] == "pk" for row in _rows(connection, "SELECT * FROM pragma_index_list(?)", name)
    )
    alias = (
        len(key) == 1
        and not without_rowid
        and not has_key_index
        and next(row[2] for row in info if row[1] == key[0]).upper() == "INTEGER"
    )
    indexes = _indexes(connection, ledger, name, column(key[0]) if alias else "")
    enforced = set(key) if without_rowid or alias or strict else set()
    is_told = alias and not key[0] and ledger.is_unnumbered(name)
    return Table(
        name=ledger.name("tables", name),
        source=name,
        columns=tuple(
            Column(
                column(row[1]),
                row[2],
                bool(row[3]) or row[1] in enforced,
                None if row[6] in (2, 3) or _is_null(connection, row[4]) else row[4],
                row[6] in (2, 3),
            )
            for row in info
        ),
        primary_key=tuple(map(column, key)),
        unique=frozenset(
            tuple(part.column for part in index.parts) for origin, index in indexes if origin == "u"
        ),
        keys=tuple(index for origin, index in indexes if origin != "c"),
        indexes=tuple(index for origin, index in indexes if origin == "c"),
        foreign_keys=_foreign_keys(connection, ledger, name, sql),
        checks=sum(1 for _, word, _ in words(sql) if word == "CHECK"),
        counter=column(key[0]) if alias and not is_told else "",
        strict=strict,
        null_defaults=sum(_is_null(connection, row[4]) for row in info),
    )


def _is_null(connection: sqlite3.Connection, default: str | None) -> bool:
    """Whether a default says NULL, in whatever words, which PostgreSQL does not keep."""
    if default is None:
        return False
    try:
        return connection.execute(f"SELECT ({default}) IS NULL").fetchone() == (1,)
    except sqlite3.Error:  # a word in double quotes, or a function of the application
        return False


def _indexes(
    connection: sqlite3.Connection, ledger: Ledger, table: str, rowid: str
) -> list[tuple[str, Index]]:
    """The indexes of a table with their origin; ``rowid`` is the column that is the row's number.

    https://www.sqlite.org/pragma.html#pragma_index_xinfo
    """
    found = []
    for _, name, unique, origin, partial in _rows(
        connection, "SELECT * FROM pragma_index_list(?)", table
    ):
        parts = tuple(
            Part(
                ledger.column(table, source) if number >= 0 else rowid if number == -1 else "",
                bool(descending),
                fold(collation),
            )
            for _, number, source, descending, collation, is_key in _rows(
                connection, "SELECT * FROM pragma_index_xinfo(?)", name
            )
            if is_key
        )
        where = _predicate(connection, name) if partial else None
        found.append((origin, Index(ledger.name("indexes", name), parts, bool(unique), where)))
    return found


def _predicate(connection: sqlite3.Connection, index: str) -> str:
    query = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?"
    ((sql,),) = _rows(connection, query, index)
    end = next(end for depth, word, end in words(sql) if depth == 0 and word == "WHERE")
    return str(sql[end:])


def _foreign_keys(
    connection: sqlite3.Connection, ledger: Ledger, table: str, sql: str
) -> tuple[ForeignKey, ...]:
    groups: dict[int, list[tuple]] = {}
    for row in _rows(connection, "SELECT * FROM pragma_foreign_key_list(?)", table):
        groups.setdefault(row[0], []).append(row)
    # The pragma counts the keys from the last declared to the first.
    deferrals = list(reversed(list(_deferrals(sql))))
    keys = []
    for number, rows in sorted(groups.items()):
        parent = rows[0][2]
        parent_columns = [row[4] for row in rows]
        if parent_columns[0] is None:
            info = _rows(connection, "SELECT * FROM pragma_table_info(?)", parent)
            parent_columns = [r[1] for r in sorted(info, key=lambda r: r[5]) if r[5]]
        deferrable, deferred = deferrals[number]
        keys.append(
            ForeignKey(
                columns=tuple(ledger.column(table, row[3]) for row in rows),
                parent=ledger.name("tables", parent),
                parent_columns=tuple(ledger.column(parent, name) for name in parent_columns),
                on_update=rows[0][5],
                on_delete=rows[0][6],
                deferrable=deferrable,
                deferred=deferred,
                valid=not _has_orphans(connection, table, number, rows, parent_columns),
            )
        )
    return tuple(keys)


def _has_orphans(
    connection: sqlite3.Connection,
    table: str,
    number: int,
    key: list[tuple],
    parent_columns: list[str],
) -> bool:
    """Whether rows break a key.

    SQLite checks none of a table's keys where one of them is no sound key: then it is looked up.
    """
    try:
        rows = _rows(connection, "SELECT fkid FROM pragma_foreign_key_check(?)", table)
        return any(row[0] == number for row in rows)
    except sqlite3.OperationalError:
        pass
    given = " AND ".join(f"c.{quote(row[3])} IS NOT NULL" for row in key)
    pairs = zip((row[3] for row in key), parent_columns, strict=False)
    same = " AND ".join(f"p.{quote(other)} = c.{quote(name)}" for name, other in pairs)
    query = (
        f"SELECT EXISTS (SELECT 1 FROM {quote(table)} AS c WHERE {given}"
        f" AND NOT EXISTS (SELECT 1 FROM {quote(key[0][2])} AS p WHERE {same}))"
    )
    try:
        return bool(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # it leads nowhere
        return False


def _deferrals(sql: str) -> Iterator[tuple[bool, bool]]:
    """For each REFERENCES clause: is it deferrable, is it deferred at first."""
    tokens = list(words(sql))
    for start, (depth, word, _) in enumerate(tokens):
        if word != "REFERENCES":
            continue
        clause = []
        for inner_depth, inner, _ in tokens[start + 1 :]:
            if inner_depth < depth or (inner_depth == depth and inner in (",", "REFERENCES")):
                break
            clause.append(inner)
        text = " ".join(clause)
        deferrable = "DEFERRABLE" in clause and "NOT DEFERRABLE" not in text
        yield deferrable, deferrable and "INITIALLY DEFERRED" in text
