"""What several files have to become, worked out with Python's own sqlite3: an expectation.

The rules are those of docs/migrate.md, "Several files into one". Only what a person or the program
may choose freely comes from outside: which file is preferred, and by how much ids were moved.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .facts import fold
from .sqlite_side import quote

Values = tuple[Any, ...]


@dataclass
class Fate:
    """What became of one file's rows of a table."""

    rows: int = 0
    merged: int = 0
    superseded: int = 0


@dataclass
class _Table:
    """A table of one file. ``id`` is the column that numbers the rows, '' if there is none."""

    name: str
    sql: str
    columns: dict[str, str]
    id: str
    keys: list[tuple[str, ...]]
    references: dict[str, tuple[str, str]]


@dataclass
class _Work:
    """The union so far. ``ids`` says where each file's ids went: by file, table and old id."""

    target: sqlite3.Connection
    moved: Mapping[tuple[str, str], int]
    prefer: Mapping[str, str]
    ids: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    fates: dict[tuple[str, str], Fate] = field(default_factory=dict)


def unite(
    paths: Sequence[Path],
    target: Path,
    *,
    prefer: Mapping[str, str] | None = None,
    moved: Mapping[tuple[str, str], int] | None = None,
) -> dict[tuple[str, str], Fate]:
    """Write what files have to become into a new file.

    Args:
        paths: the files; their base names differ.
        target: the file to write.
        prefer: by table, the file whose row stays where one key stands in both.
        moved: what was added to the ids of a file's table, where they could not stay.

    Returns:
        What became of the rows of each file and table.

    Raises:
        ValueError: the files differ in a way that these rules know nothing of.

    """
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.text_factory = bytes
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        work = _Work(connection, moved or {}, prefer or {})
        files = {path.name: path for path in paths}
        described = {name: _describe(path) for name, path in files.items()}
        _create_tables(connection, described)
        for name, path in files.items():
            connection.execute("ATTACH ? AS part", (str(path),))
            for table in _parents_first(described[name]):
                _add_rows(work, name, described[name][table])
            connection.execute("DETACH part")
        _set_sequences(connection, files)
        _create_rest(connection, files)
        return work.fates


def _describe(path: Path) -> dict[str, _Table]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {fold(name): _describe_table(connection, name, sql) for name, sql in names}


def _describe_table(connection: sqlite3.Connection, name: str, sql: str) -> _Table:
    info = connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,)).fetchall()
    keys = []
    for _, index, unique, _, partial in connection.execute(
        "SELECT * FROM pragma_index_list(?)", (name,)
    ).fetchall():
        parts = connection.execute("SELECT name FROM pragma_index_info(?)", (index,)).fetchall()
        if unique and not partial:
            keys.append(tuple(part for (part,) in parts))
    numbered = [row[1] for row in info if row[5] and row[2].upper() == "INTEGER"]
    references = {
        child: (fold(parent), column or "")
        for _, _, parent, child, column, *_ in connection.execute(
            "SELECT * FROM pragma_foreign_key_list(?)", (name,)
        ).fetchall()
    }
    declared = {row[1]: row[2] for row in info}
    own = numbered[0] if len(numbered) == 1 and sum(bool(row[5]) for row in info) == 1 else ""
    return _Table(name, sql, declared, own, keys, references)


def _create_tables(
    connection: sqlite3.Connection, described: Mapping[str, Mapping[str, _Table]]
) -> None:
    everything: dict[str, list[_Table]] = {}
    for tables in described.values():
        for name, table in tables.items():
            everything.setdefault(name, []).append(table)
    for tables_of_name in everything.values():
        first, *others = tables_of_name
        connection.execute(first.sql)
        for table in others:
            if " ".join(table.sql.split()) != " ".join(first.sql.split()):
                _add_columns(connection, first, table)


def _add_columns(connection: sqlite3.Connection, first: _Table, other: _Table) -> None:
    """Give the first file's table the columns that only a later one has.

    A column that not every file has takes NULL for the rows of those files, whatever is declared.
    """
    known = {fold(column): declared for column, declared in first.columns.items()}
    info = connection.execute("SELECT * FROM pragma_table_xinfo(?)", (other.name,)).fetchall()
    required = {fold(row[1].decode()) for row in info if row[3]}
    theirs = {fold(column): declared for column, declared in other.columns.items()}
    for column in known.keys() & theirs.keys():
        if known[column] != theirs[column]:
            raise ValueError(f"{other.name}.{column} has two types")
    if required - theirs.keys():
        raise ValueError(f"{other.name}: {required - theirs.keys()} stand in one file only")
    words = _definitions_of_columns(other.sql)
    for column in other.columns:
        if fold(column) not in known:
            definition = words[fold(column)]
            if " not null" in definition.lower() or " check" in definition.lower():
                raise ValueError(f"{other.name}.{column} demands something of other files' rows")
            connection.execute(f"ALTER TABLE {quote(first.name)} ADD COLUMN {definition}")


def _definitions_of_columns(sql: str) -> dict[str, str]:
    """The text of each column of a definition that has one column a line."""
    found = {}
    for line in sql.splitlines()[1:]:
        text = line.partition("--")[0].strip().rstrip(",")
        if text and not text.startswith(")"):
            found[fold(text.split()[0].strip('"'))] = text
    return found


def _parents_first(tables: Mapping[str, _Table]) -> Iterator[str]:
    waiting = dict(tables)
    while waiting:
        ready = [
            name
            for name, table in waiting.items()
            if not {parent for parent, _ in table.references.values()} & (waiting.keys() - {name})
        ]
        if not ready:
            raise ValueError(f"{sorted(waiting)} refer to each other")
        for name in ready:
            del waiting[name]
            yield name


def _add_rows(work: _Work, file: str, table: _Table) -> None:
    name = fold(table.name)
    fate = work.fates[file, name] = Fate()
    here = [row[1].decode() for row in work.target.execute(f"PRAGMA table_info({quote(name)})")]
    mapped = _mapping(work, file, table)
    work.target.create_function("place_of", 2, mapped, deterministic=True)
    expressions = [_expression(table, column) for column in here]
    ids = work.ids.setdefault((file, name), {})
    seen: dict[tuple[tuple[str, ...], Values], Values] = {}
    copies: Counter[Values] = Counter()
    for row in _rows(work.target, f"main.{quote(name)}", [quote(column) for column in here]):
        copies[row] += 1
        seen.update(((key, value), row) for key, value in _key_values(table, here, row))
    own = quote(table.id) if table.id else "rowid"
    arriving = _rows(work.target, f"part.{quote(name)}", [own, *expressions])
    taken: Counter[Values] = Counter()
    for number, *rest in arriving:
        row = tuple(rest)
        fate.rows += 1
        as_it_was = tuple(
            number if column == table.id else value for column, value in zip(here, row, strict=True)
        )
        if taken[as_it_was] < copies[as_it_was]:
            taken[as_it_was] += 1
            fate.merged += 1
            ids[number[1]] = number[1]
            continue
        same = [seen[each] for each in _key_values(table, here, row) if each in seen]
        if same:
            _meet(work, file, table, here, row, same, number[1], ids)
        else:
            _insert(work.target, name, here, expressions, own, number[1])
            if table.id:
                ids[number[1]] = _value(here, row, table.id)


def _meet(
    work: _Work,
    file: str,
    table: _Table,
    here: list[str],
    row: Values,
    same: list[Values],
    number: int,
    ids: dict[int, int],
) -> None:
    """One row too many: the same but for its id, or another row with the same key."""
    name = fold(table.name)
    if len(set(same)) > 1:
        raise ValueError(f"a row of {name} has the keys of several rows")
    stays = same[0]
    if table.id:
        ids[number] = _value(here, stays, table.id)
    if _without(here, row, table.id) == _without(here, stays, table.id):
        work.fates[file, name].merged += 1
    elif work.prefer[name] != file:
        work.fates[file, name].superseded += 1
    else:
        other = next(each for each, known in work.fates if known == name and each != file)
        work.fates[other, name].superseded += 1
        own = quote(table.id)
        kept = _value(here, stays, table.id)
        columns = [column for column in here if column != table.id]
        expressions = ", ".join(_expression(table, column) for column in columns)
        work.target.execute(
            f"UPDATE main.{quote(name)} SET ({', '.join(map(quote, columns))}) = "
            f"(SELECT {expressions} FROM part.{quote(name)} WHERE {own} = ?) WHERE {own} = ?",
            (number, kept),
        )


def _insert(
    target: sqlite3.Connection,
    name: str,
    columns: list[str],
    expressions: list[str],
    own: str,
    number: int,
) -> None:
    """SQLite copies the row itself: no value passes through Python."""
    target.execute(
        f"INSERT INTO main.{quote(name)} ({', '.join(map(quote, columns))}) "
        f"SELECT {', '.join(expressions)} FROM part.{quote(name)} WHERE {own} = ?",
        (number,),
    )


def _expression(table: _Table, column: str) -> str:
    """What stands in a column of the union for a row of one file."""
    known = {fold(each): each for each in table.columns}
    if fold(column) not in known:
        return "NULL"
    if column == table.id or known[fold(column)] in table.references:
        return f"place_of('{known[fold(column)]}', {quote(column)})"
    return quote(column)


def _mapping(work: _Work, file: str, table: _Table) -> Callable[[bytes, Any], Any]:
    """The function that gives an id, or a reference to one, its place in the union."""

    def place_of(column: bytes, value: Any) -> Any:
        name = column.decode() if isinstance(column, bytes) else column
        parent = fold(table.name)
        if name != table.id:
            parent, referenced = table.references[name]
            if not _is_id(work, file, parent, referenced):
                return value
            known = work.ids.get((file, parent), {})
            if value in known:
                return known[value]
        moved = work.moved.get((file, parent), 0)
        return value + moved if isinstance(value, int) else value

    return place_of


def _is_id(work: _Work, file: str, parent: str, column: str) -> bool:
    del file
    info = work.target.execute(f"PRAGMA main.table_info({quote(parent)})").fetchall()
    numbered = [row[1].decode() for row in info if row[5] and row[2].upper() == b"INTEGER"]
    return len(numbered) == 1 and fold(column or numbered[0]) == fold(numbered[0])


def _rows(target: sqlite3.Connection, table: str, expressions: list[str]) -> list[Values]:
    """Each row with every value's storage class, so that 1, 1.0 and '1' are three values."""
    both = ", ".join(f"typeof({each}), {each}" for each in expressions)
    return [
        tuple(_typed(row[at], row[at + 1]) for at in range(0, len(row), 2))
        for row in target.execute(f"SELECT {both} FROM {table}")
    ]


def _typed(storage: bytes, value: Any) -> tuple[bytes, Any]:
    return storage, struct.pack(">d", value) if isinstance(value, float) else value


def _key_values(
    table: _Table, columns: list[str], row: Values
) -> list[tuple[tuple[str, ...], Values]]:
    found = []
    for key in table.keys:
        value = tuple(row[columns.index(column)] for column in key)
        if all(storage != b"null" for storage, _ in value):
            found.append((key, value))
    return found


def _value(columns: list[str], row: Values, column: str) -> Any:
    return row[columns.index(column)][1]


def _without(columns: list[str], row: Values, column: str) -> Values:
    return tuple(value for name, value in zip(columns, row, strict=True) if name != column)


def _set_sequences(connection: sqlite3.Connection, files: Mapping[str, Path]) -> None:
    """The last number given out, by any file: what was deleted there is not given again."""
    for path in files.values():
        with closing(sqlite3.connect(path)) as file:
            try:
                given = file.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
            except sqlite3.OperationalError:
                continue
        for name, number in given:
            connection.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                (name,),
            )
            connection.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name)
            )


def _create_rest(connection: sqlite3.Connection, files: Mapping[str, Path]) -> None:
    """Indexes, views and triggers: once each, where every file that has one defines it alike."""
    known: dict[str, str] = {}
    for path in files.values():
        with closing(sqlite3.connect(path)) as file:
            found = file.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL"
            ).fetchall()
        for name, sql in found:
            text = " ".join(sql.split())
            if known.setdefault(fold(name), text) != text:
                raise ValueError(f"{name} is defined in two ways")
            if not connection.execute(
                "SELECT 1 FROM sqlite_schema WHERE name = ?", (name,)
            ).fetchone():
                connection.execute(sql)


def together(report: dict[str, Any]) -> dict[str, Any]:
    """The report as one on the united file: one entry a table, of the rows that arrived in it."""
    tables: dict[str, dict[str, Any]] = {}
    for entry in report["tables"]:
        table = tables.setdefault(entry["name"], {**entry, "columns": []})
        if table["source"] is not entry["source"]:
            for count in ("rows_loaded", "rows_refused", "values_repaired"):
                table[count] += entry[count]
        named = {column["name"] for column in table["columns"]}
        table["columns"] += [each for each in entry["columns"] if each["name"] not in named]
        table["rows_read"] = table["rows_loaded"] + table["rows_refused"]
        table["rows_merged"] = table["rows_superseded"] = 0
    return {**report, "tables": [*tables.values()]}


def wrong_accounts(report: dict[str, Any], fates: Mapping[tuple[str, str], Fate]) -> list[str]:
    """Where the entries of the report are not what became of each file's rows."""
    told = {
        (entry["source"]["file"], fold(entry["source"]["table"])): entry
        for entry in report["tables"]
    }
    found = [f"{place} is told of in one of them only" for place in told.keys() ^ fates.keys()]
    for place, fate in fates.items():
        entry = told.get(place, {})
        counts = tuple(entry.get(f"rows_{each}") for each in ("read", "merged", "superseded"))
        if counts != (fate.rows, fate.merged, fate.superseded):
            found.append(f"{place}: told {counts}, and it is {fate}")
        parts = ("loaded", "refused", "merged", "superseded")
        if entry and entry["rows_read"] != sum(entry[f"rows_{part}"] for part in parts):
            found.append(f"{place}: rows_read is not the sum of its parts")
    return found


def moved_in(report: dict[str, Any]) -> dict[tuple[str, str], int]:
    """By how much the report says that ids were moved."""
    return {
        (entry["source"]["file"], fold(entry["source"]["table"])): entry["ids_moved_by"]
        for entry in report["tables"]
    }


def lines_to_add(report: dict[str, Any]) -> str:
    """The plan file that the report of a decision asks for: its lines, as they were printed."""
    blocks = dict.fromkeys(
        finding["fix"].partition("\n")[2]
        for finding in report["findings"]
        if finding["fix"].startswith("Add to the plan file")
    )
    return "\n".join(blocks) + "\n"
