"""A SQLite file and what the program migrated it to, under one application.

SQLite has ``PRAGMA foreign_keys = ON``, as PostgreSQL always has.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import psycopg
from commands import outgrow
from corpus import Case
from psycopg.types.json import set_json_loads
from translate_run import Application, Result, difference
from translate_sides import Row, Sides, from_column, same, unordered

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Policy
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.translate import UntranslatableSQL, classes_of, schema_of
from outgrow.translate.schema import ColumnInfo, TableInfo

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?")
_JUST_NOW = timedelta(minutes=2)


def migrated(path: Path, conninfo: str, types: str = "native") -> Application:
    """Migrate a file, and open both."""
    done = outgrow("migrate", path, "--to", conninfo, "--json", "--types", types)
    assert done.returncode in (0, 4), done.stdout[-3000:] + done.stderr[-3000:]
    with assessed([path], Wishes(policy=Policy(types)), progress=Silent()) as assessment:
        schema = schema_of(
            assessment.source,
            assessment.plan,
            target_schema="public",
            census=assessment.census,
        )
    return Application.of(_Migrated(path, conninfo, schema))


class _Migrated(Sides):
    """Both databases as they are."""

    def __init__(self, path: Path, conninfo: str, schema: Any) -> None:
        self.sqlite = apsw.Connection(str(path))
        options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy"
        self.postgres = psycopg.connect(conninfo, autocommit=True, options=options)
        self.postgres.prepare_threshold = None
        set_json_loads(bytes.decode, self.postgres)
        from outgrow.translate import install_sql

        self.postgres.execute(install_sql())  # type: ignore[call-overload]
        self.schema = schema


def run(application: Application, sql: str, parameters: Sequence[Any] = ()) -> tuple[str, str]:
    """Run a statement on both sides, outside any transaction of the application.

    One whose triggers the translation says to go beyond their rows is left out: "noted".
    """
    with suppress(UntranslatableSQL):
        notes = application.translations(sql, classes_of(parameters)).notes
        if any("goes beyond its row" in note for note in notes):
            return "noted", ""
    application.sqlite.execute("BEGIN")
    application.postgres.execute("BEGIN")
    try:
        verdict, why, _ = application.compare(sql, parameters, Case((sql,), loud="loud"))
    except BaseException:
        application.sqlite.execute("ROLLBACK")
        application.postgres.execute("ROLLBACK")
        raise
    # What only one side has done is undone on both.
    ending = "COMMIT" if verdict == "ok" else "ROLLBACK"
    try:
        application.sqlite.execute(ending)
    except apsw.ConstraintError as error:
        application.sqlite.execute("ROLLBACK")
        with suppress(psycopg.IntegrityError):
            application.postgres.execute("COMMIT")
            return "different", f"{sql}: SQLite did not commit: {error}"
    else:
        application.postgres.execute(ending)
    return verdict, why


def differences(application: Application, unnumbered: Sequence[str] = ()) -> list[str]:
    """Tell how the tables and views of both sides differ.

    ``unnumbered``: tables whose rowids only tell in which order their rows came, which is not
    defined where a statement changes several rows.
    """
    found = []
    for table in application.sides.schema.tables.values():
        skipped = table.rowid_alias if table.source in unnumbered else ""
        expected, given = _tables(application, table, skipped)
        if len(expected) != len(given) or not all(map(_alike, expected, given)):
            pairs = [(a, b) for a, b in zip(expected, given, strict=False) if not _alike(a, b)]
            found.append(f"{table.source}: {len(expected)} and {len(given)} rows, {pairs[:2]}")
    for view in application.sides.schema.views.values():
        if not view.columns:
            continue
        sql = f'SELECT * FROM "{view.source}"'
        with application.postgres.transaction():
            here, there = application._on_sqlite(sql, ()), application._on_postgres(sql, ())[1]
        why = difference(_of_any_second(here), _of_any_second(there), ordered=False, tolerant=True)
        if why:
            found.append(f"{view.source}: {why}")
    return found


def _of_any_second(result: Result) -> Result:
    return replace(result, rows=[tuple(map(_leveled, row)) for row in result.rows])


def _tables(
    application: Application, table: TableInfo, skipped: str
) -> tuple[list[Row], list[Row]]:
    columns = [column for column in table.columns if column.source != skipped]
    named = ", ".join(_quoted(column.source) for column in columns)
    rows = application.sqlite.execute(f"SELECT {named} FROM {_quoted(table.source)}")
    expected = [
        tuple(_leveled(_parsed(v, c)) for v, c in zip(row, columns, strict=True)) for row in rows
    ]
    listed = ", ".join(f'"{column.name}"' for column in columns)
    given = [
        tuple(_leveled(_parsed(_held(v, c), c)) for v, c in zip(row, columns, strict=True))
        for row in application.postgres.execute(f'SELECT {listed} FROM public."{table.name}"')  # type: ignore[call-overload]
    ]
    return unordered(expected), unordered(given)


def _held(value: Any, column: ColumnInfo) -> Any:
    if column.type.shape is not None and column.type.shape.is_epoch and value is not None:
        unit = {"s": 1, "ms": 1000, "us": 1_000_000}[column.type.shape.notation.split()[1]]
        return round((value - datetime(1970, 1, 1)) / timedelta(seconds=1) * unit)
    found = from_column(value, column)
    integral = isinstance(found, float) and found.is_integer()
    if integral and column.affinity in (Affinity.NUMERIC, Affinity.INTEGER):
        return int(found)
    return found


def _parsed(value: Any, column: ColumnInfo) -> Any:
    """JSON that jsonb may have written in another way."""
    if column.type.kind is not Kind.JSONB or not isinstance(value, str):
        return value
    return json.dumps(json.loads(value), sort_keys=True)


def _leveled(value: Any) -> Any:
    """Two sides never run at the very same second."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
            if abs(datetime.now(UTC) - moment) < _JUST_NOW:
                return "just now"
    return value


def _alike(one: Row, other: Row) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


class Dice:
    """Random statements that write, made of the values that are there."""

    def __init__(self, application: Application, seed: int, without: Sequence[str] = ()) -> None:
        self._random = random.Random(seed)
        self._application = application
        schema = application.sides.schema
        self._tables = [table for table in schema.tables.values() if table.source not in without]

    def statement(self) -> tuple[str, list[Any]]:
        """The next statement and its parameters."""
        table = self._random.choice(self._tables)
        kind = self._random.choices(
            ["insert", "ignore", "replace", "upsert", "update", "keyed", "delete"],
            [4, 2, 2, 2, 3, 6, 2],
        )[0]
        match kind:
            case "update" | "keyed":
                return self._update(table, keyed=kind == "keyed")
            case "delete":
                return self._delete(table)
        return self._insert(table, kind)

    def _insert(self, table: TableInfo, kind: str) -> tuple[str, list[Any]]:
        columns = [
            column
            for column in table.columns
            if not column.generated
            and (column.not_null or self._random.random() < 0.6)
            and not (self._is_rowid(table, column) and self._random.random() < 0.7)
        ]
        if not columns:
            return f"INSERT INTO {_quoted(table.source)} DEFAULT VALUES", []
        several = 1 if kind == "upsert" or self._random.random() < 0.8 else 2
        values = [self._value(table, column) for _ in range(several) for column in columns]
        listed = ", ".join(_quoted(column.source) for column in columns)
        marks = ", ".join([f"({', '.join('?' * len(columns))})"] * several)
        words = {"ignore": "INSERT OR IGNORE", "replace": "REPLACE"}.get(kind, "INSERT")
        sql = f"{words} INTO {_quoted(table.source)} ({listed}) VALUES {marks}"
        key = list(table.primary_key)
        free = [column for column in columns if column.source not in key]
        if kind == "upsert" and key and free:
            target = ", ".join(map(_quoted, key))
            chosen = self._random.choice(free).source
            sql += (
                f" ON CONFLICT ({target}) DO UPDATE SET {_quoted(chosen)} = "
                f"excluded.{_quoted(chosen)}"
            )
        return sql, values

    def _update(self, table: TableInfo, *, keyed: bool) -> tuple[str, list[Any]]:
        columns = [column for column in table.columns if not column.generated]
        plain = [c for c in columns if c.source not in table.primary_key] or columns
        chosen = self._random.sample(plain, min(len(plain), self._random.choice([1, 1, 2])))
        values = [self._value(table, column) for column in chosen]
        sets = ", ".join(f"{_quoted(column.source)} = ?" for column in chosen)
        tests, more = self._where(table, keyed=keyed)
        sql = f"UPDATE {_quoted(table.source)} SET {sets} WHERE {tests}"
        return sql, [*values, *more]

    def _delete(self, table: TableInfo) -> tuple[str, list[Any]]:
        tests, values = self._where(table, keyed=True)
        return f"DELETE FROM {_quoted(table.source)} WHERE {tests}", values

    def _where(self, table: TableInfo, *, keyed: bool) -> tuple[str, list[Any]]:
        """The row of one key, or the rows that have the value of another column."""
        names = list(table.primary_key) if keyed and table.primary_key else []
        if not names:
            names = [self._random.choice(table.columns).source]
        listed = ", ".join(map(_quoted, names))
        found = self._row(f"SELECT {listed} FROM {_quoted(table.source)}")
        if found is None:
            return "1 = 0", []
        operators = ["IS" if value is None else "=" for value in found]
        tests = [f"{_quoted(n)} {o} ?" for n, o in zip(names, operators, strict=True)]
        return " AND ".join(tests), list(found)

    def _value(self, table: TableInfo, column: ColumnInfo) -> Any:
        if self._is_rowid(table, column):
            return self._random.choice([None, self._random.randint(1, 60), 100_000])
        if not column.not_null and self._random.random() < 0.1:
            return None
        found = self._row(
            f"SELECT {_quoted(column.source)} FROM {_quoted(table.source)} "
            f"WHERE {_quoted(column.source)} IS NOT NULL"
        )
        value = found[0] if found else None
        fixed = column.constrained or column.type.kind in (Kind.JSON, Kind.JSONB)
        if fixed or self._random.random() < 0.6:
            return value
        match value:
            case int():
                return value + self._random.randint(-2, 2)
            case float():
                return round(value * self._random.random(), 2)
            case str() if not _MOMENT.fullmatch(value) and column.type.shape is None:
                return self._random.choice([value.upper(), value + "x", value[:3]])
        return value

    def _row(self, sql: str) -> Row | None:
        """A row by chance."""
        (count,) = self._application.sqlite.execute(f"SELECT count(*) FROM ({sql})")
        if not count[0]:
            return None
        skipped = self._random.randrange(int(str(count[0])))
        (row,) = self._application.sqlite.execute(f"{sql} LIMIT 1 OFFSET {skipped}")
        return tuple(row)

    @staticmethod
    def _is_rowid(table: TableInfo, column: ColumnInfo) -> bool:
        return fold(column.source) == fold(table.rowid_alias)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def work(application: Application, dice: Dice, count: int) -> tuple[dict[str, int], list[str]]:
    """Run random statements; how many came out how, and what differed.

    The next automatic rowid is SQLite's before each statement: PostgreSQL does not give numbers
    again that were deleted or rolled back.
    """
    counts: dict[str, int] = {"ok": 0, "refused": 0, "loud": 0}
    found: list[str] = []
    for _ in range(count):
        sql, values = dice.statement()
        application.reset_sequences()
        verdict, why = run(application, sql, values)
        counts[verdict] = counts.get(verdict, 0) + 1
        if verdict not in ("ok", "noted"):
            found.append(f"{verdict}: {sql} {values}: {why}")
    return counts, found
