"""The indexes that a migrated database uses are those that hand-written PostgreSQL would use.

100,000 rows are migrated by the command line; EXPLAIN of each translated statement names the same
indexes as EXPLAIN of the statement a person would write for the migrated tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from commands import migrated

from outgrow.model.types import Policy
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.translate import Translations, classes_of, install_sql, scan, schema_of

_DDL = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    ref TEXT NOT NULL, status TEXT, note TEXT COLLATE NOCASE,
    total REAL NOT NULL, -- money
    is_paid BOOLEAN NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL, shipped_at TEXT, due DATE,
    logged TEXT, data TEXT
);
CREATE UNIQUE INDEX orders_ref ON orders (ref);
CREATE INDEX orders_customer ON orders (customer_id, created_at);
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_note ON orders (note);
CREATE INDEX orders_total ON orders (total);
CREATE INDEX orders_created ON orders (created_at);
CREATE INDEX orders_shipped ON orders (shipped_at);
CREATE INDEX orders_due ON orders (due);
CREATE INDEX orders_unpaid ON orders (customer_id) WHERE is_paid = 0;
CREATE INDEX orders_day ON orders (date(logged));
CREATE INDEX orders_kind ON orders (json_extract(data, '$.kind'));
CREATE INDEX orders_lower ON orders (lower(ref));
"""
_ROWS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO orders (customer_id, ref, status, note, total, is_paid, created_at, shipped_at,
    due, logged, data)
SELECT 1 + i % 5000, printf('Ref-%06d', i), 'state ' || (i % 400), 'Note ' || (i % 9973),
    round((i % 100000) / 100.0, 2), i % 50 <> 0,
    strftime('%Y-%m-%d %H:%M:%S', '2022-01-01', '+' || (i * 7) || ' minutes'),
    CASE WHEN i % 3 THEN datetime('2022-01-05', '+' || (i * 7) || ' minutes') END,
    date('2022-01-10', '+' || (i / 200) || ' days'),
    strftime('%Y-%m-%dT%H:%M', '2022-01-01', '+' || (i * 7) || ' minutes'),
    json_object('kind', 'kind ' || (i % 3000), 'n', i)
FROM n
"""


@dataclass(frozen=True)
class Shape:
    """A statement as the application writes it, and as a person would write it for PostgreSQL."""

    sqlite: str
    parameters: tuple[Any, ...]
    postgres: str
    bound: tuple[Any, ...] | None = None
    faithful: str = ""


SHAPES = [
    Shape("SELECT * FROM orders WHERE id = ?", (5,), "SELECT * FROM orders WHERE id = %s"),
    Shape("SELECT * FROM orders WHERE id = ?", ("5",), "SELECT * FROM orders WHERE id = %s", (5,)),
    Shape(
        "SELECT * FROM orders WHERE id IN (?, ?, ?)",
        (1, 2, 3),
        "SELECT * FROM orders WHERE id IN (%s, %s, %s)",
    ),
    Shape(
        "SELECT * FROM orders WHERE rowid BETWEEN ? AND ?",
        (10, 20),
        "SELECT * FROM orders WHERE id BETWEEN %s AND %s",
    ),
    Shape(
        "SELECT * FROM orders ORDER BY id DESC LIMIT 10",
        (),
        "SELECT * FROM orders ORDER BY id DESC LIMIT 10",
    ),
    Shape("SELECT max(id) AS m FROM orders", (), "SELECT max(id) FROM orders"),
    Shape(
        "SELECT * FROM orders WHERE ref = ?", ("Ref-000007",), "SELECT * FROM orders WHERE ref = %s"
    ),
    Shape(
        "SELECT * FROM orders WHERE ref >= ? AND ref < ?",
        ("Ref-0001", "Ref-0002"),
        "SELECT * FROM orders WHERE ref >= %s AND ref < %s",
    ),
    Shape(
        "SELECT * FROM orders WHERE ref GLOB 'Ref-0001*'",
        (),
        "SELECT * FROM orders WHERE ref >= 'Ref-0001' AND ref < 'Ref-0002'",
    ),
    Shape(
        "SELECT ref FROM orders ORDER BY ref LIMIT 5",
        (),
        "SELECT ref FROM orders ORDER BY ref LIMIT 5",
    ),
    Shape(
        "SELECT * FROM orders WHERE lower(ref) = ?",
        ("ref-000007",),
        "SELECT * FROM orders WHERE lower(ref) = %s",
    ),
    Shape(
        "SELECT * FROM orders WHERE status = ?",
        ("state 7",),
        "SELECT * FROM orders WHERE status = %s",
    ),
    Shape(
        "SELECT * FROM orders WHERE status = ? AND is_paid = 1",
        ("state 7",),
        "SELECT * FROM orders WHERE status = %s AND is_paid",
        faithful="SELECT * FROM orders WHERE status = %s AND is_paid = 1",
    ),
    Shape(
        "SELECT id FROM orders ORDER BY status DESC LIMIT 5",
        (),
        "SELECT id FROM orders ORDER BY status DESC NULLS LAST LIMIT 5",
    ),
    Shape(
        "SELECT * FROM orders WHERE note = ?",
        ("nOTE 77",),
        """SELECT * FROM orders WHERE lower(note COLLATE "C") = lower(%s COLLATE "C")""",
    ),
    Shape(
        "SELECT * FROM orders WHERE customer_id = ? AND is_paid = 0",
        (50,),
        "SELECT * FROM orders WHERE customer_id = %s AND NOT is_paid",
        faithful="SELECT * FROM orders WHERE customer_id = %s AND is_paid = 0",
    ),
    Shape(
        "SELECT * FROM orders WHERE customer_id = ? ORDER BY created_at DESC LIMIT 3",
        (7,),
        "SELECT * FROM orders WHERE customer_id = %s ORDER BY created_at DESC LIMIT 3",
    ),
    Shape(
        "SELECT * FROM orders WHERE total > ?",
        (999.5,),
        "SELECT * FROM orders WHERE total > %s::numeric",
        faithful="SELECT * FROM orders WHERE total > %s",
    ),
    Shape("SELECT * FROM orders WHERE total = ?", (12,), "SELECT * FROM orders WHERE total = %s"),
    Shape(
        "SELECT * FROM orders WHERE total = 12.34", (), "SELECT * FROM orders WHERE total = 12.34"
    ),
    Shape(
        "SELECT * FROM orders WHERE created_at >= datetime('now', '-7 days')",
        (),
        "SELECT * FROM orders WHERE created_at >= now() AT TIME ZONE 'UTC' - interval '7 days'",
        faithful="SELECT * FROM orders WHERE created_at >= now()::text",
    ),
    Shape(
        "SELECT * FROM orders WHERE created_at >= datetime('now', '-' || ? || ' hours')",
        (5,),
        "SELECT * FROM orders WHERE created_at >= localtimestamp - make_interval(hours => %s)",
        faithful="SELECT * FROM orders WHERE created_at >= (now() - %s * interval '1 h')::text",
    ),
    Shape(
        "SELECT * FROM orders WHERE created_at BETWEEN ? AND ?",
        ("2023-01-01", "2023-01-02"),
        "SELECT * FROM orders WHERE created_at BETWEEN %s AND %s",
    ),
    Shape(
        "SELECT * FROM orders WHERE created_at >= '2023-01-01 00:00:00'"
        " AND created_at < '2023-01-02'",
        (),
        "SELECT * FROM orders WHERE created_at >= '2023-01-01' AND created_at < '2023-01-02'",
    ),
    Shape(
        "SELECT * FROM orders WHERE date(logged) = ?",
        ("2023-01-01",),
        'SELECT * FROM orders WHERE {day} COLLATE "C" = %s',
    ),
    Shape(
        "SELECT * FROM orders WHERE due = ?", ("2023-01-01",), "SELECT * FROM orders WHERE due = %s"
    ),
    Shape(
        "SELECT * FROM orders WHERE due < date('2022-02-01')",
        (),
        "SELECT * FROM orders WHERE due < '2022-02-01'",
    ),
    Shape(
        "SELECT * FROM orders WHERE shipped_at > ? ORDER BY shipped_at LIMIT 5",
        ("2023-01-01 00:00:00",),
        "SELECT * FROM orders WHERE shipped_at > %s ORDER BY shipped_at LIMIT 5",
    ),
    Shape(
        "SELECT * FROM orders WHERE json_extract(data, '$.kind') = ?",
        ("kind 7",),
        "SELECT * FROM orders WHERE {kind} = to_jsonb(%s::text)",
    ),
    Shape(
        "SELECT c.name, count(*) AS n FROM customers c JOIN orders o ON o.customer_id = c.id"
        " WHERE c.email = ? GROUP BY c.id",
        ("someone7@example.org",),
        "SELECT c.name, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id"
        " WHERE c.email = %s GROUP BY c.id",
    ),
    Shape(
        "SELECT * FROM customers c WHERE email = ?1"
        " AND EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id)",
        ("someone7@example.org",),
        "SELECT * FROM customers c WHERE email = %s"
        " AND EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id)",
    ),
    Shape(
        "UPDATE orders SET status = ? WHERE ref = ?",
        ("x", "Ref-000007"),
        "UPDATE orders SET status = %s WHERE ref = %s",
    ),
    Shape("DELETE FROM orders WHERE id = ?", (7,), "DELETE FROM orders WHERE id = %s"),
]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shapes") / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_DDL)
        connection.executemany(
            "INSERT INTO customers (email, name) VALUES (?, ?)",
            ((f"someone{n}@example.org", f"Someone {n}") for n in range(5000)),
        )
        connection.execute(_ROWS)
        connection.commit()
    return path


@pytest.mark.parametrize(
    ("server", "policy"),
    [("pg15", Policy.NATIVE), ("pg18", Policy.FAITHFUL)],
    indirect=["server"],
)
def test_the_same_indexes_serve(policy: Policy, application: Path, database: str) -> None:
    migrated(application, "--to", database, "--types", policy, "--no-verify")
    with assessed([application], Wishes(policy=policy), progress=Silent()) as found:
        schema = schema_of(found.source, found.plan, target_schema="public", census=found.census)
    translations = Translations(schema)
    differing = []
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql())
        for shape in SHAPES:
            values = scan(shape.sqlite).values(shape.parameters)
            translation = translations(shape.sqlite, classes_of(values))
            step = translation.steps[-1]
            ours = indexes(connection, step.sql, translation.arguments(step, values))
            written = (
                shape.faithful if policy is Policy.FAITHFUL and shape.faithful else shape.postgres
            )
            for name, expression in expressions(connection).items():
                written = written.replace(f"{{{name}}}", expression)
            bound = shape.parameters if shape.bound is None else shape.bound
            theirs = indexes(connection, written, bound)
            assert theirs, f"{written} uses no index"
            if ours != theirs:
                differing.append(f"{step.sql}: {ours or 'none'} instead of {theirs}")
    assert not differing, "\n".join(differing)


def expressions(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """What the expression indexes are on, as PostgreSQL prints it."""
    rows = connection.execute(
        "SELECT replace(c.relname, 'orders_', ''), pg_get_indexdef(c.oid, 1, true) FROM pg_class c "
        "WHERE c.relname IN ('orders_day', 'orders_kind')"
    )
    return {name: expression.replace("%", "%%") for name, expression in rows}


def indexes(connection: psycopg.Connection[Any], sql: str, parameters: Any) -> set[str]:
    """The indexes in the plan of a statement."""
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters or None).fetchone()  # type: ignore[call-overload]
    return set(_named(row[0]))


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _named(child)
    elif isinstance(node, dict):
        if "Index Name" in node:
            yield node["Index Name"]
        for child in node.values():
            yield from _named(child)
