"""What an outsider found wrong: the same statements on both sides, once more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from commands import migrated, outgrow
from test_migrate import make, query


def both(database: str, path: Path, statement: str) -> tuple[bool, bool]:
    """Whether SQLite and PostgreSQL accept an INSERT."""
    accepted = []
    with sqlite3.connect(path) as connection:
        try:
            connection.execute(statement)
            accepted.append(True)
        except sqlite3.IntegrityError:
            accepted.append(False)
    connection.close()
    try:
        query(database, f"{statement} RETURNING id")
        accepted.append(True)
    except psycopg.errors.CheckViolation:
        accepted.append(False)
    return accepted[0], accepted[1]


@pytest.mark.parametrize("check", ["typeof(v) = 'integer'", "v > 5", "v <> 'x'"])
def test_a_column_without_type_and_values_is_not_compared(
    database: str, tmp_path: Path, check: str
) -> None:
    path = make(tmp_path / "a.db", f"CREATE TABLE t (id INTEGER PRIMARY KEY, v CHECK ({check}))")
    report = migrated(path, "--to", database, status=4)
    assert len(report["objects"]["checks"]["missing"]) == 1


@pytest.mark.parametrize(
    "check", ["+c IN ('a')", "+c = 'a'", "CAST(c AS TEXT) = 'a'", "+CAST(+c AS TEXT) = 'a'"]
)
@pytest.mark.parametrize("value", ["a", "A", "b"])
def test_a_column_behind_plus_and_cast_keeps_its_collation(
    database: str, tmp_path: Path, check: str, value: str
) -> None:
    path = make(
        tmp_path / "a.db",
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE CHECK ({check}))",
    )
    assert migrated(path, "--to", database)["status"] == "verified"
    ours, theirs = both(database, path, f"INSERT INTO t (c) VALUES ('{value}')")
    assert ours == theirs


@pytest.mark.parametrize(
    "select",
    [
        "SELECT id, coalesce(price, 0) AS p FROM t",
        "SELECT id, coalesce(price, 0) / 2 AS p FROM t",
        "SELECT id, max(price, 2) AS p FROM t",
        "SELECT id FROM t ORDER BY '1' = 1, id",
        "SELECT typeof(1 = 1) AS k, name, count(*) AS c FROM t GROUP BY typeof(1 = 1), name",
    ],
)
@pytest.mark.parametrize("types", ["native", "faithful"])
def test_views_that_stopped_the_whole_migration(
    database: str, tmp_path: Path, select: str, types: str
) -> None:
    path = make(
        tmp_path / "a.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(10,2), name TEXT)",
        "INSERT INTO t VALUES (1, 2.5, 'a'), (2, 3, 'a'), (3, NULL, 'b')",
        f"CREATE VIEW v AS {select}",
    )
    assert migrated(path, "--to", database, "--types", types)["status"] == "verified"


def test_a_group_of_constants_alone_is_none_of_no_rows(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE VIEW v AS SELECT count(*) AS c FROM t GROUP BY '1' = 1",
    )
    assert migrated(path, "--to", database)["status"] == "verified"


@pytest.mark.parametrize(
    "generated",
    [
        "e = 'abc'",
        "e IN ('a', 'B')",
        "CASE e WHEN 'abc' THEN 'y' ELSE 'n' END",
    ],
)
def test_generated_columns_that_fold_letters(database: str, tmp_path: Path, generated: str) -> None:
    path = make(
        tmp_path / "a.db",
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, e TEXT COLLATE NOCASE, f AS ({generated}))",
        "INSERT INTO t (e) VALUES ('ABC'), ('b'), (NULL)",
    )
    assert migrated(path, "--to", database)["status"] == "verified"
    assert outgrow("verify", path, "--to", database).returncode == 0


def test_a_column_number_still_orders(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO t VALUES (1, 'c'), (2, 'a'), (3, 'b')",
        "CREATE VIEW v AS SELECT * FROM t ORDER BY 2",
        "CREATE VIEW w AS SELECT name AS n FROM t ORDER BY 1 DESC",
    )
    assert migrated(path, "--to", database)["status"] == "verified"
    assert query(database, "SELECT name FROM v") == [("a",), ("b",), ("c",)]
    assert query(database, "SELECT n FROM w") == [("c",), ("b",), ("a",)]
