"""Views whose columns' storage class only the rows tell, migrated and compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from commands import migrated

_DDL = """
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, x REAL, s TEXT);
INSERT INTO t VALUES (1, 5, 1.5, 'a'), (2, NULL, NULL, 'b'), (3, 7, 2.0, NULL);
CREATE VIEW texts AS
    SELECT id, CASE WHEN n > 9 THEN n ELSE 'small' END AS v FROM t ORDER BY id DESC;
CREATE VIEW integers AS SELECT id, CASE WHEN n > 9 THEN 'big' ELSE n END AS v FROM t;
CREATE VIEW reals AS SELECT id, CASE WHEN n > 9 THEN 'big' ELSE x END AS v FROM t;
CREATE VIEW numbers AS
    SELECT id, CASE WHEN n > 9 THEN 'big' ELSE coalesce(n, x, 0.5) END AS v FROM t;
CREATE VIEW mixed AS SELECT id, coalesce(n, 'none') AS v FROM t;
CREATE VIEW above AS SELECT id, v || '!' AS w FROM texts WHERE v = 'small';
"""


def test_each_gets_the_type_of_its_values(tmp_path: Path, database: str) -> None:
    path = tmp_path / "views.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_DDL)
    report = migrated(path, "--to", database, status=4)
    assert [m["name"] for m in report["objects"]["views"]["missing"]] == ["mixed"]
    with psycopg.connect(database) as connection:
        types = dict(
            connection.execute(
                "SELECT table_name, data_type FROM information_schema.columns "
                "WHERE table_schema = 'public' AND column_name = 'v'"
            ).fetchall()
        )
        assert types == {
            "texts": "text",
            "integers": "bigint",
            "reals": "double precision",
            "numbers": "numeric",
        }
        assert connection.execute("SELECT id FROM texts").fetchall() == [(3,), (2,), (1,)]
        connection.execute("UPDATE t SET n = 10 WHERE id = 1")
        assert connection.execute("SELECT v FROM texts WHERE id = 1").fetchone() == ("10",)
        try:
            connection.execute("SELECT v FROM integers")
        except psycopg.errors.DatatypeMismatch as error:
            assert "gives integers" in str(error)
        else:
            raise AssertionError("a text among integers has to be an error")
