"""100 MB, and whether they have arrived: by checksums that SQLite's rows and PostgreSQL's give.

Each row is written as one text, by Python from what sqlite3 gives and by PostgreSQL from its
columns, and the first 60 bits of the texts' MD5 are added up.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import md5
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_MAKER = Path(__file__).parents[3] / "bench" / "workload.py"

#: How both sides write NULL.
_NULL = "\u2400"
_DIGITS = 15


def make(path: Path, megabytes: float) -> Path:
    """Write the database that speed is measured with, too."""
    subprocess.run([sys.executable, str(_MAKER), str(path), str(megabytes)], check=True)
    return path


class Expected:
    """What has to be in PostgreSQL after ``path`` has been moved; counted once for each table."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sums: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}
        with closing(sqlite3.connect(path)) as connection:
            listed = connection.execute(
                "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
            ).fetchall()
            self.tables = sorted(name for kind, name in listed if kind == "table")
            self.indexes = {name for kind, name in listed if kind == "index"}
            self.columns = {table: _columns(connection, table) for table in self.tables}

    def differences(self, database: str, schema: str = "public") -> list[str]:
        """Tell what is not as it has to be, in one sentence each."""
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
            connection.execute("SET TimeZone = 'UTC'")
            return list(self._differences(connection))

    def _differences(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        tables = _names(connection, "SELECT relname FROM pg_class WHERE relkind = 'r' AND {here}")
        if tables != self.tables:
            yield f"tables are {tables}"
            return
        for table in tables:
            types = dict(
                connection.execute(
                    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
                    "WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
                    (table,),
                ).fetchall()
            )
            if list(types) != self.columns[table]:
                yield f"{table} has the columns {', '.join(types)}"
                continue
            kinds = tuple(name.partition("(")[0] for name in types.values())
            here, there = self._sum(table, kinds), _sum_there(connection, table, types, kinds)
            if here != there:
                yield f"{table}: rows and checksum are {here} in SQLite, {there} in PostgreSQL"
        lacking = self.indexes - set(
            _names(
                connection,
                "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid "
                "WHERE indisvalid AND indisready AND {here}",
            )
        )
        if lacking:
            yield f"indexes are missing: {', '.join(sorted(lacking))}"
        keys = connection.execute(
            "SELECT count(*) FILTER (WHERE contype = 'p'), count(*) FILTER (WHERE contype = 'f'), "
            "bool_and(convalidated) FROM pg_constraint "
            "WHERE connamespace = current_schema()::regnamespace"
        ).fetchone()
        if keys != (len(tables), 1, True):
            yield f"primary keys, foreign keys, and whether they are valid: {keys}"

    def _sum(self, table: str, kinds: tuple[str, ...]) -> tuple[int, int]:
        if (table, kinds) not in self._sums:
            self._sums[table, kinds] = self._sum_here(table, kinds)
        return self._sums[table, kinds]

    def _sum_here(self, table: str, kinds: tuple[str, ...]) -> tuple[int, int]:
        written = [_HERE[kind] for kind in kinds]
        rows = total = 0
        with closing(sqlite3.connect(self.path)) as connection:
            for row in connection.execute(f"SELECT * FROM {table}"):
                texts = (
                    _NULL if value is None else write(value)
                    for write, value in zip(written, row, strict=True)
                )
                digest = md5("|".join(texts).encode(), usedforsecurity=False).hexdigest()
                total += int(digest[:_DIGITS], 16)
                rows += 1
        return rows, total


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [name for (name,) in rows]


def _names(connection: psycopg.Connection[Any], query: str) -> list[str]:
    here = "relnamespace = current_schema()::regnamespace ORDER BY relname"
    return [name for (name,) in connection.execute(query.format(here=here).encode())]


def _sum_there(
    connection: psycopg.Connection[Any], table: str, types: dict[str, str], kinds: tuple[str, ...]
) -> tuple[int, int]:
    texts = [
        sql.SQL("coalesce(" + _THERE[kind] + ", {null})").format(
            column=sql.Identifier(name), null=sql.Literal(_NULL)
        )
        for name, kind in zip(types, kinds, strict=True)
    ]
    query = sql.SQL(
        "SELECT count(*), sum(('x' || substr(md5(concat_ws('|', {texts})), 1, {digits}))"
        "::bit(60)::bigint) FROM {table}"
    ).format(
        texts=sql.SQL(", ").join(texts), digits=sql.Literal(_DIGITS), table=sql.Identifier(table)
    )
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0], int(row[1] or 0)


def _double(value: Any) -> str:
    return struct.pack(">d", float(value)).hex()


def _jsonb(value: Any) -> str:
    """Write JSON as PostgreSQL prints jsonb: keys by length, then by bytes.

    https://www.postgresql.org/docs/current/datatype-json.html
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        pairs = (f"{_jsonb(key)}: {_jsonb(value[key])}" for key in keys)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_jsonb, value))}]"
    return json.dumps(value, ensure_ascii=False)


#: How both sides write a value, by the type of PostgreSQL's column.
_HERE: dict[str, Callable[[Any], str]] = {
    "text": str,
    "bigint": str,
    "boolean": str,
    "double precision": _double,
    "numeric": _double,
    "timestamp without time zone": str,
    "timestamp": str,
    "jsonb": lambda text: _jsonb(json.loads(text)),
    "bytea": lambda data: md5(data, usedforsecurity=False).hexdigest(),
}
_THERE = {
    "text": "{column}",
    "bigint": "{column}::text",
    "boolean": "{column}::int::text",
    "double precision": "encode(float8send({column}), 'hex')",
    "numeric": "encode(float8send({column}::double precision), 'hex')",
    "timestamp without time zone": "to_char({column}, 'YYYY-MM-DD HH24:MI:SS')",
    "timestamp": "to_char({column}, 'YYYY-MM-DD HH24:MI:SS')",
    "jsonb": "{column}::text",
    "bytea": "md5({column})",
}
