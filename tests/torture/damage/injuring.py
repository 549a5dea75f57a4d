"""One migrated shop that is damaged: what is in it, and which places were damaged already."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

#: The key of a row as names and texts; of a table without a key its rowid.
Key = tuple[tuple[str, str], ...]


#: What PostgreSQL says where a value can't stand: the damage is done elsewhere.
REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.DataError)

#: What it says where another damage was done before.
_GONE = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedObject,
    psycopg.errors.UndefinedFunction,
)


class NoPlaceError(Exception):
    """There is no place for a damage, or none is left."""


@dataclass(frozen=True)
class Column:
    """A column of both sides; ``type`` is PostgreSQL's without its numbers."""

    source: str
    target: str
    type: str
    is_generated: bool


@dataclass(frozen=True)
class Table:
    """A table of both sides; ``rows`` gives the keys that each row may be told by, by its ctid.

    Without a key that is the rowid of any row of the same values.
    """

    source: str
    target: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Mapping[str, frozenset[Key]]

    @property
    def name(self) -> sql.Identifier:
        """As SQL names it."""
        return sql.Identifier(self.target)

    @property
    def generated(self) -> list[Column]:
        """The columns that PostgreSQL computes from others."""
        return [column for column in self.columns if column.is_generated]


@dataclass(frozen=True)
class Place:
    """Where verification has to find a damage.

    Args:
        where: what it may be called: as in the source, some objects also as in the target.
        keys: the keys by which the row may be told; empty for an object, or a row that has none.
        code: what has to be said of it, if only one thing is right.
        of_any_row: whether any row may be told there.

    """

    where: tuple[str, ...]
    keys: frozenset[Key] = frozenset()
    code: str = ""
    of_any_row: bool = False


@dataclass(frozen=True)
class Damage:
    """What was done.

    Args:
        kind: of which kind it is.
        did: the table, row, values or statement, for who wants to see it again.
        places: where it has to be found, each of them.
        also: where more may rightly be told, as what follows from it.
        whole: the table of which anything may be told.

    """

    kind: str
    did: str
    places: tuple[Place, ...]
    also: tuple[Place, ...] = ()
    whole: str = ""


@dataclass(frozen=True)
class Row:
    """One row that is to be damaged."""

    table: Table
    ctid: str
    keys: frozenset[Key]


@dataclass
class Patient:
    """A copy of a migrated database, open to be damaged."""

    connection: psycopg.Connection[Any]
    tables: Sequence[Table]
    random: Random
    _claimed: dict[str, set[object]] = field(default_factory=dict)
    _alone: set[str] = field(default_factory=set)

    def claim(self, table: str, *things: object) -> None:
        """Take things of a table (rows, objects), so that no other damage hides this one."""
        claimed = self._claimed.setdefault(table, set())
        if table in self._alone or claimed.intersection(things):
            raise NoPlaceError
        claimed.update(things)

    def is_taken(self, table: str) -> bool:
        """Whether a table as a whole is damaged."""
        return table in self._alone

    def claim_whole(self, table: str) -> None:
        """Take a table as a whole, which nothing has been done to."""
        if table in self._alone or self._claimed.get(table):
            raise NoPlaceError
        self._alone.add(table)

    def run(self, query: sql.Composable | str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement and give its rows."""
        cursor = self.connection.execute(query, values or None)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []

    def one(self, query: sql.Composable | str, *values: object) -> Any:
        """Give the first value of the first row; no row is no place."""
        for row in self.run(query, *values):
            return row[0]
        raise NoPlaceError

    def table(self, target: str) -> Table:
        """Find a table by its name in PostgreSQL; one that was renamed is no place."""
        for table in self.tables:
            if table.target == target:
                return table
        raise NoPlaceError

    def columns(self, *types: str) -> Iterator[tuple[Table, Column]]:
        """Give the columns of these types that can be written to, in any order."""
        found = [
            (table, column)
            for table in self.tables
            for column in table.columns
            if table.rows
            and not self.is_taken(table.target)
            and not column.is_generated
            and (not types or column.type in types)
        ]
        self.random.shuffle(found)
        yield from found

    def rows(self, table: Table, condition: sql.Composable, most: int = 25) -> Iterator[Row]:
        """Give rows for which a condition holds, in any order."""
        query = sql.SQL("SELECT ctid::text FROM {} WHERE {}").format(table.name, condition)
        found = [ctid for (ctid,) in self.run(query) if ctid in table.rows]
        for ctid in self.random.sample(found, min(most, len(found))):
            yield Row(table, ctid, table.rows[ctid])

    def value(self, row: Row, column: Column, cast: str = "") -> Any:
        """Read a value of a row."""
        query = sql.SQL("SELECT {}{} FROM {} WHERE ctid = %s").format(
            sql.Identifier(column.target), sql.SQL(cast), row.table.name
        )
        return self.one(query, row.ctid)


@contextmanager
def patient(conninfo: str, tables: Sequence[Table], random: Random) -> Iterator[Patient]:
    """Open a database to damage it: no trigger fires, and no foreign key is enforced."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            "SET session_replication_role = replica; SET search_path = public;"
            "SET DateStyle = ISO; SET TimeZone = UTC"
        )
        yield Patient(connection, tables, random)


#: What verification says of a row that is missing, and of one that is too many.
MISSING, EXTRA = "OG-601", "OG-602"

#: Does the damage of one kind.
Kind = Callable[[str, Patient], Damage]


def listed(kinds: dict[str, Kind]) -> Callable[[Kind], Kind]:
    """Give a decorator that adds a kind, which is called as its function is."""

    def add(kind: Kind) -> Kind:
        kinds[kind.__name__.strip("_").replace("_", " ")] = kind
        return kind

    return add


def attempt(kind: str, damage: Kind, opened: Patient) -> Damage:
    """Do a damage, or nothing at all; raises NoPlaceError."""
    try:
        with opened.connection.transaction():
            return damage(kind, opened)
    except (*REFUSALS, *_GONE) as error:
        raise NoPlaceError from error


def read_tables(conninfo: str, source: Path, report: Mapping[str, Any]) -> list[Table]:
    """Read what is where in a database that was just migrated, by SQL on both sides."""
    with psycopg.connect(conninfo) as postgres, closing(sqlite3.connect(source)) as sqlite:
        postgres.execute("SET search_path = public; SET DateStyle = ISO")
        return [_read_table(postgres, sqlite, each) for each in report["tables"]]


def _read_table(
    postgres: psycopg.Connection[Any], sqlite: sqlite3.Connection, report: Mapping[str, Any]
) -> Table:
    source, target = report["source"]["table"], report["name"]
    described = postgres.execute(
        "SELECT attname, split_part(format_type(atttypid, atttypmod), '(', 1), attgenerated <> ''"
        " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        (f'"{target}"',),
    ).fetchall()
    info = sqlite.execute(f'SELECT name, pk FROM pragma_table_info("{source}")').fetchall()
    key = [name for name, place in sorted(info, key=lambda each: each[1]) if place]
    columns = [
        Column(each["source"], *of_target)
        for each, of_target in zip(report["columns"], described, strict=True)
    ]
    return Table(source, target, tuple(columns), tuple(key), _rows(postgres, target, columns, key))


def _rows(
    postgres: psycopg.Connection[Any], target: str, columns: Sequence[Column], key: Sequence[str]
) -> dict[str, frozenset[Key]]:
    """Read the keys; rows without one are loaded in the order of their rowids, which are 1, 2, …"""
    parts = [sql.Identifier(column.target) for column in columns if column.source in key]
    texts: list[sql.Composable] = [sql.SQL("{}::text").format(part) for part in parts] or [
        sql.SQL("row_number() OVER (ORDER BY ctid)::text")
    ]
    query = sql.SQL("SELECT ctid::text, md5({table}::text), {texts} FROM {table}").format(
        table=sql.Identifier(target), texts=sql.SQL(", ").join(texts)
    )
    names = [column.source for column in columns if column.source in key] or ["rowid"]
    found = postgres.execute(query).fetchall()
    alike: dict[object, set[Key]] = {}
    for ctid, digest, *values in found:
        same = ctid if key else digest
        alike.setdefault(same, set()).add(tuple(sorted(zip(names, values, strict=True))))
    frozen = {same: frozenset(keys) for same, keys in alike.items()}
    return {ctid: frozen[ctid if key else digest] for ctid, digest, *_ in found}


def update(opened: Patient, row: Row, column: Column, value: object) -> tuple[str, str | None]:
    """Give a row another value; gives where the row is now, and the value as a text."""
    given = value
    if column.type == "jsonb" and not isinstance(value, Jsonb | None):
        given = Jsonb(value)
    if column.type == "boolean" and value is not None:
        given = bool(value)
    name = sql.Identifier(column.target)
    query = sql.SQL(
        "UPDATE {} SET {} = %s{} WHERE ctid = %s RETURNING ctid::text, {}::text"
    ).format(row.table.name, name, sql.SQL("::json" if column.type == "json" else ""), name)
    ((at, text),) = opened.run(query, given, row.ctid)
    return at, text


def key_at(opened: Patient, table: Table, ctid: str) -> Key:
    """Read the key of a row as it is now."""
    names = sorted(table.key)
    parts = [
        sql.SQL("{}::text").format(sql.Identifier(column.target))
        for name in names
        for column in table.columns
        if column.source == name
    ]
    query = sql.SQL("SELECT {} FROM {} WHERE ctid = %s").format(
        sql.SQL(", ").join(parts), table.name
    )
    (values,) = opened.run(query, ctid)
    return tuple(zip(names, values, strict=True))


def value_place(row: Row, column: Column) -> Place:
    """Give the place of a value."""
    return Place((f"{row.table.source}.{column.source}",), row.keys)


def computed(row: Row) -> tuple[Place, ...]:
    """Give the places of the values that PostgreSQL computes from others of the row."""
    return tuple(value_place(row, column) for column in row.table.generated)
