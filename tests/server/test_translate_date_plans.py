"""Conditions on dates find their index, in columns of text and in promoted ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import (
    Schema,
    classes_of,
    install_sql,
    translate,
    translate_expression,
)

TODAY = datetime.now(UTC).date().isoformat()
ISO = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
ZULU = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS.fffZ"))
DAY = TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD"))
EPOCH = TargetType(Kind.TIMESTAMP, shape=Shape("epoch s"))
#: Each column, its type when promoted, and what PostgreSQL holds for a timestamp t.
COLUMNS = {
    "at": (Affinity.TEXT, ISO, "to_char(t, 'YYYY-MM-DD HH24:MI:SS')"),
    "iso": (Affinity.TEXT, ZULU, """to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""),
    "day": (Affinity.TEXT, DAY, "to_char(t, 'YYYY-MM-DD')"),
    "due": (Affinity.NUMERIC, ISO, "t"),
    "seconds": (Affinity.INTEGER, EPOCH, "extract(epoch FROM t)"),
}
INDEXED = [
    "at",
    "iso",
    "day",
    "due",
    "seconds",
    "date(at)",
    "strftime('%Y-%m', at)",
    "strftime('%Y', iso)",
    "date(seconds, 'unixepoch')",
    "julianday(at)",
    "date(at, 'start of month')",
]
CONDITIONS: list[tuple[str, Sequence[Any]]] = [
    ("at >= datetime('now', '-7 days')", ()),
    ("at >= date('now', 'start of day')", ()),
    ("at BETWEEN date('now', '-1 day') AND datetime('now')", ()),
    ("at >= datetime('now', ?)", ("-2 hours",)),
    ("at < date('now', '-' || ? || ' days') AND at > '2024-01-01'", (400,)),
    ("at > ?", (TODAY,)),
    ("at BETWEEN ? AND ?", (TODAY, f"{TODAY}x")),
    ("at = ?", (f"{TODAY} 00:00:00",)),
    ("at IN (?, '2024-01-01 00:00:00')", (f"{TODAY} 00:00:00",)),
    ("at >= date(?, '-1 day')", ("now",)),
    ("at >= '2024-02' AND at < '2024-02-03'", ()),
    ("iso > ? AND iso <= ?", (TODAY, f"{TODAY}T12:00")),
    ("iso >= datetime('now', '-1 day')", ()),
    ("day >= date('now', '-3 days')", ()),
    ("day = date('now')", ()),
    ("day IN (?, ?)", (TODAY, "2024-01-01")),
    ("due >= datetime('now', '-1 day')", ()),
    ("due > ?", (TODAY,)),
    ("date(at) = ?", (TODAY,)),
    ("date(at) = '2024-05-01'", ()),
    ("date(at) BETWEEN ? AND ?", (TODAY, TODAY)),
    ("date(at) >= date('now', '-1 day')", ()),
    ("strftime('%Y-%m', at) = '2024-05'", ()),
    ("strftime('%Y', iso) = ?", ("2023",)),
    ("julianday(at) > julianday('now', '-1 day')", ()),
    ("date(at, 'start of month') = date('now', 'start of month')", ()),
    ("seconds >= unixepoch('now', '-1 day')", ()),
    ("seconds > strftime('%s', 'now', '-1 day')", ()),
    ("seconds > ?", (int(datetime.now(UTC).timestamp()) - 3600,)),
    ("date(seconds, 'unixepoch') = ?", (TODAY,)),
]


@pytest.fixture(params=["faithful", "promoted"])
def indexed(
    request: pytest.FixtureRequest, database: str
) -> Iterator[tuple[psycopg.Connection[Any], Schema]]:
    faithful: dict[Affinity, Kind | TargetType] = {
        Affinity.TEXT: Kind.TEXT,
        Affinity.INTEGER: Kind.BIGINT,
        Affinity.NUMERIC: ISO,
    }
    promote = request.param == "promoted"
    columns = [
        column(name, promoted if promote else faithful[affinity], affinity)
        for name, (affinity, promoted, _) in COLUMNS.items()
    ]
    schema = schema_with(column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True), *columns)
    with psycopg.connect(database, autocommit=True) as postgres:
        postgres.execute(install_sql())
        lines, values = ["id bigint"], ["n"]
        for each in columns:
            collate = ' COLLATE "C"' if each.type.kind is Kind.TEXT else ""
            lines.append(f"{each.name} {each.type}{collate}")
            values.append("t" if each.type.shape else COLUMNS[each.name][2])
        postgres.execute(f"CREATE TABLE things ({', '.join(lines)})")
        postgres.execute(
            f"INSERT INTO things SELECT {', '.join(values)} FROM (SELECT n, "
            "date_trunc('second', now() AT TIME ZONE 'UTC') - n * interval '31 minutes' AS t "
            "FROM generate_series(1, 20000) AS n) AS rows"
        )
        for expression in INDEXED:
            made = translate_expression(Expression(expression), schema, "things", indexed=True)
            postgres.execute(f"CREATE INDEX ON things (({made.sql}))")
        postgres.execute("VACUUM ANALYZE things")
        yield postgres, schema


def test_conditions_on_dates_find_their_index(
    indexed: tuple[psycopg.Connection[Any], Schema],
) -> None:
    postgres, schema = indexed
    without = []
    for condition, values in CONDITIONS:
        made = translate(f"SELECT id FROM things WHERE {condition}", schema, classes_of(values))
        (step,) = made.steps
        bound = made.arguments(step, values) or None
        plan = postgres.execute(f"EXPLAIN {step.sql}", bound).fetchall()
        if not any("Index" in line for (line,) in plan):
            without.append((condition, step.sql, plan))
    assert without == []


def test_what_is_indexed_is_what_every_row_is_asked_for(
    indexed: tuple[psycopg.Connection[Any], Schema],
) -> None:
    postgres, schema = indexed
    # The one before yesterday: another day may have begun since the rows were made.
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    made = translate("SELECT count(*) FROM things WHERE date(at) = ?", schema, classes_of(("x",)))
    counts = []
    for scan in ("on", "off"):
        postgres.execute(f"SET enable_indexscan = {scan}; SET enable_bitmapscan = {scan}")
        bound = made.arguments(made.steps[0], (day,))
        counts.append(postgres.execute(made.steps[0].sql, bound).fetchone())
    # One every 31 minutes.
    assert counts[0] == counts[1]
    assert counts[0] in ((46,), (47,))
