"""A small database in which every name, comment and literal is a hostile one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

from databases.names import quote

from torture.shared.hostile import name as hostile

#: What stands in a comment can't end it, or SQLite would refuse what follows.
_NOT_IN_COMMENTS = str.maketrans({"\n": " ", "\r": " ", "*": "+"})


def file_name(random: Random) -> str:
    """Name a file: what no path can hold is left out, and what no file system takes."""
    drawn = hostile(random).replace("/", "_").replace("\0", "")
    short = drawn.encode()[:120].decode(errors="ignore")
    return f"{short.strip('.') or 'empty'}{random.choice(('.db', '.sqlite3', ''))}"


def make(path: Path, random: Random) -> None:
    """Make the file; what SQLite itself refuses is left out."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        collation = hostile(random)
        with suppress(sqlite3.Error, UnicodeError):
            connection.create_collation(collation, lambda one, other: (one > other) - (one < other))
        for statement, values in _statements(random, collation):
            with suppress(sqlite3.Error):
                connection.execute(statement, values)
        if not connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            connection.execute("CREATE TABLE plain (a)")


def otherwise_named(report: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Tell what a plan file names and a migration has named otherwise."""
    found = []
    tables = {name.lower(): each for name, each in document.get("tables", {}).items()}
    for told in report["tables"]:
        chosen = tables.get(told["source"]["table"].lower(), {})
        columns = {name.lower(): each for name, each in chosen.get("columns", {}).items()}
        pairs = [(chosen, told["name"])]
        pairs += [
            (columns.get(each["source"].lower(), {}), each["name"]) for each in told["columns"]
        ]
        found += [
            f"{name} should be {each['name']}"
            for each, name in pairs
            if each.get("name", name) != name
        ]
    return found


def _statements(random: Random, collation: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    tables = _distinct(random, random.choice((1, 2, 3)))
    columns = {table: _distinct(random, random.choice((2, 3, 4))) for table in tables}
    for number, table in enumerate(tables):
        yield _table(random, tables[:number], table, columns, collation), ()
        for row in range(3):
            listed = ", ".join(map(quote, columns[table]))
            marks = ", ".join("?" * len(columns[table]))
            values: list[object] = [hostile(random) for _ in columns[table]]
            values[0] = row + 1
            yield f"INSERT INTO {quote(table)} ({listed}) VALUES ({marks})", tuple(values)
    for table in tables:
        first, second, *_ = map(quote, columns[table])
        text = _literal(hostile(random))
        on = f"ON {quote(table)}"
        yield f"CREATE INDEX {quote(hostile(random))} {on} ({second} DESC, {first})", ()
        yield f"CREATE INDEX {quote(hostile(random))} {on} ({second}) WHERE {second} <> {text}", ()
        yield f"CREATE INDEX {quote(hostile(random))} {on} (coalesce({second}, {text}))", ()
        shown = quote(hostile(random))
        yield (
            (
                f"CREATE VIEW {quote(hostile(random))} AS SELECT {first} AS {shown}, {text} AS"
                f" {quote(hostile(random))} FROM {quote(table)} AS {quote(hostile(random))}"
            ),
            (),
        )
        yield (
            (
                f"CREATE TRIGGER {quote(hostile(random))} AFTER DELETE ON {quote(table)} BEGIN"
                f" UPDATE {quote(table)} SET {second} = {text} WHERE {first} = OLD.{first}; END"
            ),
            (),
        )


def _table(
    random: Random,
    parents: list[str],
    table: str,
    columns: dict[str, list[str]],
    collation: str,
) -> str:
    own = [quote(column) for column in columns[table]]
    comment = hostile(random).translate(_NOT_IN_COMMENTS)
    parts = [f"{own[0]} INTEGER PRIMARY KEY{random.choice(('', ' AUTOINCREMENT'))} -- {comment}\n"]
    parts.append(f"{own[1]} TEXT DEFAULT {_literal(hostile(random))} /* {comment} */")
    for column in own[2:]:
        collated = f" COLLATE {quote(collation)}" if random.random() < 0.3 else ""
        # A type is any words; what a CHECK and a computed value say is a text.
        kind = random.choice(("TEXT", quote(hostile(random)), "VARCHAR(10)", ""))
        parts.append(f"{column} {kind}{collated}")
    named = f"CONSTRAINT {quote(hostile(random))}"
    constraints = [
        f"{named} CHECK ({own[1]} <> {_literal(hostile(random))} OR {own[1]} IS NULL OR 1)",
        f"CONSTRAINT {quote(hostile(random))} UNIQUE ({own[1]}, {own[0]})",
    ]
    if parents:
        parent = random.choice(parents)
        constraints.append(
            f"CONSTRAINT {quote(hostile(random))} FOREIGN KEY ({own[0]})"
            f" REFERENCES {quote(parent)} ({quote(columns[parent][0])})"
        )
    if random.random() < 0.2:
        constraints.append(
            f"CONSTRAINT {quote(hostile(random))} FOREIGN KEY ({own[1]})"
            f" REFERENCES {quote(hostile(random))} ({quote(hostile(random))})"
        )
    computed = random.random() < 0.3
    if computed:
        parts.append(f"{quote(hostile(random) + 'g')} TEXT AS ({own[1]} || {_literal(comment)})")
    parts += random.sample(constraints, random.randrange(len(constraints) + 1))
    return f"CREATE TABLE {quote(table)} (\n{', '.join(parts)}\n)"


def _distinct(random: Random, count: int) -> list[str]:
    """Draw names of which SQLite holds no two for one."""
    names: dict[str, str] = {}
    while len(names) < count:
        drawn = hostile(random)
        folded = "".join(each.lower() if each.isascii() else each for each in drawn)
        names.setdefault(folded, drawn)
    return [*names.values()]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
