"""What storage classes the columns of a view give, as the census sees them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot


def classes(path: Path, ddl: str) -> dict[str, tuple[frozenset[str], ...]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(ddl)
    with open_snapshot(path) as snapshot:
        return dict(take_census(snapshot, read_catalog(snapshot)).views)


def test_each_column_has_its_own(tmp_path: Path) -> None:
    found = classes(
        tmp_path / "a.db",
        """
        CREATE TABLE t (a, b);
        INSERT INTO t VALUES (1, 'x'), (2.5, NULL), (NULL, 'y');
        CREATE VIEW v AS SELECT a, b, NULL AS absent, coalesce(a, b) AS either FROM t;
        CREATE VIEW empty AS SELECT a FROM t WHERE a > 99;
        CREATE VIEW broken AS SELECT no_such_function(a) FROM t;
        """,
    )
    assert found == {
        "v": (
            frozenset({"integer", "real"}),
            frozenset({"text"}),
            frozenset(),
            frozenset({"integer", "real", "text"}),
        ),
        "empty": (frozenset(),),
    }


def test_a_view_that_takes_too_long_stays_unknown(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr("outgrow.sqlite.census.views._PATIENCE", 0.0)  # type: ignore[attr-defined]
    found = classes(
        tmp_path / "a.db",
        """
        CREATE TABLE t (a);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO t SELECT i FROM n;
        CREATE VIEW quick AS SELECT 1 AS a;
        CREATE VIEW slow AS SELECT count(*) AS n FROM t, t AS u;
        """,
    )
    assert list(found) == ["quick"]
