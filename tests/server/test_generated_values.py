"""Generated columns arrive with the values of SQLite, whatever PostgreSQL would compute."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from commands import outgrow


def _made(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, long INT AS (length(a)) STORED, "
            "twice INT AS (long * 2), cut TEXT AS (substr(a, -3)) STORED, n INT AS (id + 1));"
            "INSERT INTO t (id, a) VALUES (1, 'nul' || char(0) || 'inside'), (2, 'fine'), "
            "(3, CAST(x'616263e9' AS TEXT));"
        )
    connection.close()
    return path


@pytest.mark.parametrize("on_bad", ["repair", "refuse"])
def test_what_reads_a_repaired_value_holds_its_values(
    tmp_path: Path, database: str, on_bad: str
) -> None:
    path = _made(tmp_path / "app.db")
    done = outgrow("migrate", path, "--to", database, "--on-bad", on_bad, "--json")
    assert done.returncode == 4, done.stdout + done.stderr
    missing = json.loads(done.stdout)["objects"]["generated"]["missing"]
    assert sorted(each["name"] for each in missing) == ["cut", "long", "twice"]
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT id, long, twice, cut, n FROM t ORDER BY id").fetchall()
        kept = connection.execute("SELECT attname FROM pg_attribute WHERE attgenerated <> ''")
        assert kept.fetchall() == [("n",)]
    with sqlite3.connect(path) as connection:
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        wanted = connection.execute("SELECT id, long, twice, cut, n FROM t ORDER BY id").fetchall()
    connection.close()
    assert [row[1] for row in wanted] == [3, 4, 4]
    assert rows == (wanted if on_bad == "repair" else wanted[1:2])


def test_the_affinity_of_a_computed_column_rules_what_it_stores(
    tmp_path: Path, database: str
) -> None:
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a, at TEXT, "
            "r REAL AS (coalesce(at, a)) STORED, d DATETIME AS (date(at)) STORED, "
            "n NUMERIC AS (substr(at, 1, 4)) STORED, x AS (r || '!') STORED);"
            "INSERT INTO t (id, a, at) VALUES (1, 0, NULL), (2, 7, '2024-02-29'), (3, 1.5, '0x')"
        )
        wanted = connection.execute("SELECT id, r || '', d, n || '', x FROM t ORDER BY id")
        expected = wanted.fetchall()
    connection.close()
    done = outgrow("migrate", path, "--to", database, "--json")
    assert done.returncode in (0, 4), done.stdout + done.stderr
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT id, r::text, d, n::text, x FROM t ORDER BY id")
        assert found.fetchall() == expected
        kept = connection.execute("SELECT attname FROM pg_attribute WHERE attgenerated <> ''")
        assert ("d",) in kept.fetchall()


def test_a_real_column_holds_no_minus_zero(tmp_path: Path, database: str) -> None:
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, y REAL, product REAL AS (y * -1) STORED, "
            "quotient REAL AS (y / -2) STORED, plain AS (y * -1) STORED);"
            "INSERT INTO t (id, y) VALUES (1, 0.0), (2, -0.5)"
        )
        wanted = connection.execute("SELECT product, quotient, plain FROM t ORDER BY id").fetchall()
    connection.close()
    assert str(wanted[0]) == "(0.0, 0.0, -0.0)"
    done = outgrow("migrate", path, "--to", database)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT product, quotient, plain FROM t ORDER BY id").fetchall()
        assert str(found) == str(wanted)
