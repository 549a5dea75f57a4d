"""DEFAULT: what both sides store in a row that leaves the column out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import apsw
import psycopg
import pytest
from translate_sides import FAITHFUL, affinity_of, from_column

from outgrow.model.source import Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import ColumnInfo, UntranslatableSQL, install_sql, translate_default

ISO = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
MICROS = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS[.ffffff]"))
T_SHAPE = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS"))
DAY = TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD"))
BOOL = TargetType(Kind.BOOLEAN)
MONEY = TargetType(Kind.NUMERIC, 10, 4)
TEXT = TargetType(Kind.TEXT)
JSONB = TargetType(Kind.JSONB)


def column(declared: str, kind: TargetType | None) -> ColumnInfo:
    affinity = affinity_of(declared)
    return ColumnInfo("c", "c", kind or TargetType(FAITHFUL[affinity]), affinity)


def on_sqlite(declared: str, default: str) -> tuple[Any, str]:
    """The value that SQLite stores, and the default as its own pragma reports it."""
    connection = apsw.Connection(":memory:")
    connection.execute(f"CREATE TABLE t (c {declared} DEFAULT {default})")
    (row,) = connection.execute("INSERT INTO t DEFAULT VALUES RETURNING c")
    (info,) = connection.execute("PRAGMA table_info(t)")
    return row[0], str(info[4])


def on_postgres(database: str, column: ColumnInfo, default: str) -> Any:
    options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy"
    translation = translate_default(Expression(default), column)
    with psycopg.connect(database, options=options) as connection:
        connection.execute(install_sql(translation.helpers) or "SELECT 1")
        connection.execute(f"CREATE TABLE t (c {column.type} DEFAULT {translation.sql})")
        row = connection.execute("INSERT INTO t DEFAULT VALUES RETURNING c").fetchone()
        assert row is not None
        connection.rollback()
    value = row[0]
    return bytes(value) if isinstance(value, memoryview) else from_column(value, column)


@pytest.mark.parametrize(
    ("declared", "kind", "default"),
    [
        ("TEXT", None, "'it''s'"),
        ("TEXT", None, "'null'"),
        ("TEXT", None, '""'),
        ("TEXT", None, '"quoted"'),
        ("TEXT", None, "bare"),
        ("TEXT", None, "42"),
        ("TEXT", None, "4.0"),
        ("TEXT", None, "('a' || 'b')"),
        ("TEXT", None, "(date('2024-02-31'))"),
        ("TEXT", None, "(lower('ABC'))"),
        ("TEXT", None, "NULL"),
        ("INTEGER", None, "'12'"),
        ("INTEGER", None, "-5"),
        ("INTEGER", None, "0x10"),
        ("INTEGER", None, "true"),
        ("INTEGER", None, "FALSE"),
        ("INTEGER", None, "'3.0'"),
        ("INTEGER", None, "(1 + 2 * 3)"),
        ("INTEGER", BOOL, "1"),
        ("INTEGER", BOOL, "false"),
        ("INTEGER", BOOL, "'1'"),
        ("BOOLEAN", BOOL, "0"),
        ("REAL", None, "1"),
        ("REAL", None, "1e-7"),
        ("REAL", None, "(-0.0)"),
        ("REAL", MONEY, "0.5"),
        ("REAL", MONEY, "0"),
        ("DECIMAL(8,2)", TargetType(Kind.NUMERIC, 8, 2), "19.99"),
        ("BLOB", None, "x'00ff'"),
        ("TEXT", ISO, "'2024-02-29 10:00:00'"),
        ("TEXT", DAY, "'2024-02-29'"),
        ("TEXT", JSONB, "'[]'"),
        ("TEXT", TEXT, "'{}'"),
    ],
)
def test_constants(database: str, declared: str, kind: TargetType | None, default: str) -> None:
    expected, reported = on_sqlite(declared, default)
    found = on_postgres(database, column(declared, kind), reported)
    if kind == JSONB:
        found = "[]" if found == [] else found
    assert found == expected
    assert type(found) is type(expected)
    if isinstance(expected, float):
        assert str(found) == str(expected)  # -0.0 == 0.0


@pytest.mark.parametrize("default", ["(-0.0)", "-0.0", "(-(0.0))", "(0.0 * -1)"])
def test_zero_keeps_its_sign(database: str, default: str) -> None:
    expected, reported = on_sqlite("", default)
    translation = translate_default(Expression(reported), column("", TargetType(Kind.DOUBLE)))
    with psycopg.connect(database) as connection:
        row = connection.execute(f"SELECT {translation.sql}").fetchone()
    assert str(row) == str((expected,)) == "(-0.0,)"


@pytest.mark.parametrize(
    ("declared", "kind", "default"),
    [
        ("TEXT", TEXT, "CURRENT_TIMESTAMP"),
        ("TEXT", TEXT, "CURRENT_DATE"),
        ("TEXT", TEXT, "CURRENT_TIME"),
        ("TEXT", TEXT, "(datetime('now'))"),
        ("TEXT", TEXT, "(date('now'))"),
        ("TEXT", TEXT, "(strftime('%s', 'now'))"),
        ("TEXT", TEXT, "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
        ("TEXT", TEXT, "(datetime('now', '+1 hour'))"),
        ("DATETIME", TEXT, "CURRENT_TIMESTAMP"),
        ("DATETIME", ISO, "CURRENT_TIMESTAMP"),
        ("TEXT", ISO, "(datetime('now'))"),
        ("TEXT", MICROS, "(datetime('now'))"),
        ("TEXT", DAY, "(date('now'))"),
        ("INTEGER", None, "(unixepoch())"),
        ("INTEGER", None, "(strftime('%s', 'now'))"),
        ("INTEGER", None, "(strftime('%s', 'now') * 1000)"),
        ("INTEGER", None, "(CAST(strftime('%s', 'now') AS INTEGER))"),
        ("INTEGER", None, "(strftime('%Y'))"),
        ("DATETIME", None, "(strftime('%s', 'now'))"),
        ("DATETIME", TargetType(Kind.BIGINT), "(strftime('%s'))"),
        ("REAL", None, "(strftime('%s', 'now'))"),
        ("REAL", None, "(strftime('%J', 'now'))"),
        ("REAL", None, "(julianday('now'))"),
    ],
)
def test_the_present_moment(
    database: str, declared: str, kind: TargetType | None, default: str
) -> None:
    while True:
        expected, reported = on_sqlite(declared, default)
        found = on_postgres(database, column(declared, kind), reported)
        again, _ = on_sqlite(declared, default)
        if expected == again or isinstance(expected, float):
            break
    assert type(found) is type(expected)
    if isinstance(expected, float):
        in_days = expected < 1e8  # Julian days, else seconds
        slack = timedelta(seconds=30) / timedelta(days=1) if in_days else 30
        assert abs(found - expected) < slack
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("declared", "kind", "default", "pattern"),
    [
        ("TEXT", TEXT, "(lower(hex(randomblob(16))))", r"[0-9a-f]{32}"),
        ("INTEGER", None, "(random())", r"-?\d+"),
        ("INTEGER", None, "(abs(random()) % 10)", r"\d"),
    ],
)
def test_random_values(
    database: str, declared: str, kind: TargetType | None, default: str, pattern: str
) -> None:
    expected, reported = on_sqlite(declared, default)
    found = {str(on_postgres(database, column(declared, kind), reported)) for _ in range(5)}
    assert re.fullmatch(pattern, str(expected))
    assert all(re.fullmatch(pattern, value) for value in found)
    assert len(found) > 1


@pytest.mark.parametrize(
    ("declared", "kind", "default"),
    [
        ("TEXT", T_SHAPE, "CURRENT_TIMESTAMP"),
        ("TEXT", ISO, "'unknown'"),
        ("TEXT", ISO, "''"),
        ("TEXT", DAY, "CURRENT_TIMESTAMP"),
        ("INTEGER", BOOL, "2"),
        ("INTEGER", None, "'none'"),
        ("REAL", MONEY, "0.00001"),
        ("REAL", MONEY, "1e7"),
        ("TEXT", None, "(no_such_function(1))"),
    ],
)
def test_what_the_column_cannot_hold_is_refused(
    declared: str, kind: TargetType | None, default: str
) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        translate_default(Expression(default), column(declared, kind))
    assert caught.value.code.name.startswith("OG-3")


def test_the_moment_is_in_utc(database: str) -> None:
    found = on_postgres(database, column("TEXT", ISO), "CURRENT_TIMESTAMP")
    moment = datetime.fromisoformat(found).replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - moment) < timedelta(seconds=60)
