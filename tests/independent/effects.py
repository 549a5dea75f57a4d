"""Compares what defaults, sequences and partial indexes do, by making both sides do it."""

from __future__ import annotations

import math
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from .facts import Column, Difference, Table
from .postgres_side import relation
from .sqlite_side import quote
from .values import AS_TEXT, Blob, Habit, Spelling, from_postgres, from_sqlite, show

_TOLERANCE = timedelta(minutes=2)
_GREATEST = 2**63 - 1

#: Far from UTC, with odd minutes and none of an hour: a default that gives local time shows.
TIME_ZONE = "Asia/Kathmandu"


def compare_defaults(
    target: psycopg.Connection, tables: tuple[Table, Table]
) -> Iterator[Difference]:
    """Evaluate each default on both sides."""
    here, there = tables
    for column in here.columns:
        other = there.column(column.name)
        if column.default is None or other is None or other.default is None:
            continue
        try:
            left = [_default_of_sqlite(column, strict=here.strict) for _ in range(2)]
        except sqlite3.Error:
            continue  # calls what only the application knows: not even SQLite can run it
        type_ = other.type + ("::text" if other.type.startswith(AS_TEXT) else "")
        query = f"SELECT ({other.default})::{type_}"
        (right,) = target.execute(query.encode()).fetchone() or (None,)
        if not _equal(left, right, other):
            says = (
                f"the default of {here.source}.{column.name} gives {show(left[0])} in SQLite,"
                f" {show(right)} in PostgreSQL"
            )
            yield Difference("default value", here.source, column.name, says)


def _default_of_sqlite(column: Column, *, strict: bool) -> object:
    """What a row gets that doesn't name the column: the declared type converts it too."""
    with sqlite3.connect(":memory:") as connection:
        connection.text_factory = bytes
        declared = column.type if re.fullmatch(r"[\w ]*(\([\d, ]*\))?", column.type) else ""
        end = ") STRICT" if strict else ")"
        try:
            connection.execute(f"CREATE TABLE t (c {declared} DEFAULT ({column.default}){end}")
        except sqlite3.OperationalError:  # a "text" in double quotes can't stand in parentheses
            connection.execute(f"CREATE TABLE t (c {declared} DEFAULT {column.default}{end}")
        connection.execute("INSERT INTO t DEFAULT VALUES")
        value, kind = connection.execute("SELECT c, typeof(c) FROM t").fetchone()
    return Blob(value) if kind == b"blob" else value


def _equal(left: list[object], right: Any, column: Column) -> bool:
    value = left[0]
    spelling = Spelling.of(value) if isinstance(value, bytes) else None
    if spelling and _is_now(value):
        text = right if isinstance(right, str) else str(right)
        return _is_now(text.encode())
    if _is_moment(value):
        return _is_moment(right)
    if left[0] != left[1]:  # a random one: all that can be said is its size
        if not isinstance(value, bytes) or value.lstrip(b"-").isdigit():
            return isinstance(right, int | float | Decimal) or right.lstrip("-").isdigit()
        return len(value) == len(right.encode() if isinstance(right, str) else right)
    if column.type.startswith("numeric") and isinstance(value, float):
        return float(right) == value
    if column.type == "text" and _is_real(value) and _is_real(right):
        # A text that was a number is printed by SQLite, with more digits since 3.53.
        return math.isclose(float(value), float(right), rel_tol=1e-14)
    return from_sqlite(column.type)(value) == from_postgres(column.type, Habit(spelling))(right)


def _is_now(value: object) -> bool:
    try:
        moment = datetime.fromisoformat(bytes(value).decode())  # type: ignore[arg-type]
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    now = datetime.now(UTC)
    if len(bytes(value)) == len("2000-01-01"):  # type: ignore[arg-type]
        return moment.date() in (now.date(), (now - _TOLERANCE).date())
    return abs(now - moment) <= _TOLERANCE


def _is_real(text: Any) -> bool:
    written = text.decode() if isinstance(text, bytes) else str(text)
    return re.fullmatch(r"-?\d+\.\d+(e[+-]\d+)?", written) is not None


def _is_moment(stored: Any) -> bool:
    """Whether a number, or its text, is the time now: seconds from 1970, or a Julian day."""
    try:
        value = float(stored)
    except (TypeError, ValueError):
        return False
    now = datetime.now(UTC).timestamp()
    seconds = _TOLERANCE.total_seconds()
    return abs(value - now) <= seconds or abs((value - 2440587.5) * 86400 - now) <= seconds


def compare_counters(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    tables: tuple[Table, Table],
) -> Iterator[Difference]:
    """Draw the next number of a self-numbering column, and insert a row without one."""
    here, _ = tables
    if not here.counter:
        return
    place = f"{here.source}.{here.counter}"
    for says in _problems_of_counter(source, target, schema, tables):
        yield Difference("sequences", here.source, here.counter, f"{place} {says}")


def _problems_of_counter(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    tables: tuple[Table, Table],
) -> Iterator[str]:
    here, there = tables
    if there.counter != here.counter:
        yield "numbers itself in SQLite only"
        return
    sequence = _one(
        target, "SELECT pg_get_serial_sequence(%s, %s)", relation(schema, there.name), here.counter
    )
    if sequence is None:
        yield "has no sequence of its own in PostgreSQL"
        return
    limit = _one(target, "SELECT seqmax FROM pg_sequence WHERE seqrelid = %s::regclass", sequence)
    if limit < _GREATEST:
        yield f"has a sequence that ends at {limit}"
    taken = {
        name.decode(errors="replace").lower()
        for _, name, *_ in source.execute(f"PRAGMA table_xinfo({quote(here.source)})")
    }
    rowid = next(name for name in ("rowid", "_rowid_", "oid") if name not in taken)
    query = f"SELECT coalesce(max({rowid}), 0) FROM {quote(here.source)}"
    greatest = max(source.execute(query).fetchone()[0], here.issued)
    if greatest == _GREATEST:
        return  # no number is left
    with _as_it_was(target, sequence):
        number = _one(target, "SELECT nextval(%s::regclass)", sequence)
        if number <= greatest:
            yield f"gets {number} next, but {greatest} was given out before"
        else:
            yield from _insert_without_number(target, schema, there)


def _one(connection: psycopg.Connection, query: str, *arguments: object) -> Any:
    """The first value of the first row."""
    row = connection.execute(query.encode(), arguments).fetchone()
    return row[0] if row else None


@contextmanager
def _as_it_was(connection: psycopg.Connection, sequence: str) -> Iterator[None]:
    """Put a sequence back afterwards: no rollback does."""
    query = f"SELECT last_value, is_called FROM {sequence}"
    state = connection.execute(query.encode()).fetchone() or ()
    try:
        yield
    finally:
        connection.execute("SELECT setval(%s::regclass, %s, %s)", (sequence, *state))


def _insert_without_number(target: psycopg.Connection, schema: str, there: Table) -> Iterator[str]:
    """Insert a row, triggers and foreign keys off, and roll it back."""
    unique = {name for key in there.unique for name in key}
    if any(column.type == "boolean" and column.name in unique for column in there.columns):
        return  # there may be no third value to make up
    if any(column.generated and column.name in unique for column in there.columns):
        return  # what is computed of values made up may be there
    needed = [
        column
        for column in there.columns
        if (column.not_null or column.name in unique)
        and column.name != there.counter
        and not column.generated
    ]
    over_expressions = [
        index for index in there.indexes if not all(part.column for part in index.parts)
    ]
    insert = sql.SQL("INSERT INTO {} ").format(sql.Identifier(schema, there.name))
    if needed:
        insert += sql.SQL("({}) VALUES ({})").format(
            sql.SQL(", ").join(sql.Identifier(column.name) for column in needed),
            sql.SQL(", ").join(
                sql.Literal(_something(target, schema, there, column)) for column in needed
            ),
        )
    else:
        insert += sql.SQL("DEFAULT VALUES")
    try:
        with target.transaction(force_rollback=True):
            target.execute("SET LOCAL session_replication_role = replica")
            target.execute(insert)
    except (psycopg.errors.UniqueViolation, psycopg.errors.NotNullViolation) as error:
        if any(index.name == error.diag.constraint_name for index in over_expressions):
            return  # unique by an expression, which a free number alone can't satisfy
        yield f"can't number a new row: {str(error).splitlines()[0]}"
    except (psycopg.errors.CheckViolation, psycopg.errors.DataError):
        pass  # the values made up here are not ones that the application would store
    except psycopg.errors.DatatypeMismatch as error:
        # A generated number takes no text, which SQLite would store.
        if not any(column.generated for column in there.columns):
            yield f"can't number a new row: {str(error).splitlines()[0]}"
    except psycopg.errors.IntegrityConstraintViolation as error:
        # A computed column can't hold what its expression gives for them, which is loud.
        if error.sqlstate != "23000":
            raise


def _something(target: psycopg.Connection, schema: str, table: Table, column: Column) -> object:
    """A value of the right type: new where the column must be unique, else one that is there."""
    in_key = any(column.name in key for key in (*table.unique, table.primary_key))
    unique_index = any(
        index.unique and any(part.column in ("", column.name) for part in index.parts)
        for index in table.indexes
    )
    if not in_key and not unique_index:
        query = sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL LIMIT 1").format(
            sql.Identifier(column.name),
            sql.Identifier(schema, table.name),
            sql.Identifier(column.name),
        )
        row = target.execute(query).fetchone()
        if row is not None and not isinstance(row[0], dict | list):
            return row[0]
    number = random.randrange(10**9, 10**12)
    if column.type.startswith(("bigint", "double", "numeric")):
        return number
    if column.type.startswith(("timestamp", "date")):
        return datetime(1900, 1, 1) + timedelta(minutes=number % 10**8)
    return {"boolean": True, "bytea": str(number).encode(), "jsonb": "{}", "json": "{}"}.get(
        column.type, f"made up {number}"
    )


def compare_predicates(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    tables: tuple[Table, Table],
    *,
    refused: int = 0,
) -> Iterator[Difference]:
    """Count the rows that each partial index covers; so many may have been refused."""
    here, there = tables
    found = {index.name: index for index in there.indexes}
    for index in here.indexes:
        other = found.get(index.name)
        if index.where is None or other is None or other.where is None:
            continue
        (left,) = source.execute(
            f"SELECT count(*) FROM {quote(here.source)} WHERE {index.where}"
        ).fetchone()
        query = f"SELECT count(*) FROM {relation(schema, there.name)} WHERE {other.where}"
        (right,) = target.execute(query.encode()).fetchone() or (None,)
        if not left - refused <= right <= left:
            says = (
                f"index {index.name} on {here.source} covers {left} rows in SQLite,"
                f" {right} in PostgreSQL"
            )
            yield Difference("indexes", here.source, index.name, says)
