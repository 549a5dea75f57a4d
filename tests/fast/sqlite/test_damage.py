"""Damage that no SELECT tells of is told, and what only looks like damage is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.cli import main
from outgrow.errors import SourceError
from outgrow.sqlite.damage import require_whole
from outgrow.sqlite.snapshot import open_snapshot

_PAGE = 512


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "app.db"


def _make(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("mine", 1, lambda value: value, deterministic=True)
        connection.create_collation("backwards", lambda one, other: (one < other) - (one > other))
        connection.executescript(f"PRAGMA page_size = {_PAGE};{script}")


def _look(path: Path) -> None:
    with open_snapshot(path) as snapshot:
        require_whole(snapshot)


def test_rows_of_a_lost_page_are_missed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _make(
        path,
        "CREATE TABLE t(v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 500) INSERT INTO t SELECT printf('row %d', i) FROM n",
    )
    _look(path)
    whole = bytearray(path.read_bytes())
    root = 1 * _PAGE
    assert whole[root] == 5, "the table's root is an interior page"
    whole[root + 4] -= 1  # its last cell is forgotten: https://www.sqlite.org/fileformat2.html
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM t").fetchone()
        assert rows < 500, "SQLite itself says nothing"
    with pytest.raises(SourceError, match=r"OG-107 app.db: SQLite says: .*[.] Restore a backup"):
        _look(path)
    assert main(["plan", str(path)]) == 1
    assert "OG-107" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["inspect", "plan", "schema", "init"])
def test_tables_of_a_lost_page_are_missed(
    path: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(path, "".join(f"CREATE TABLE table_{i}(a TEXT, b TEXT, c TEXT);" for i in range(40)))
    whole = bytearray(path.read_bytes())
    assert whole[100] == 5, "the schema's root is an interior page"
    whole[100 + 4] -= 1  # its last cell is forgotten
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        assert 0 < tables < 40, "SQLite itself says nothing"
    monkeypatch.chdir(path.parent)
    before = set(path.parent.iterdir())
    assert main([command, str(path)]) == 1
    told = capsys.readouterr()
    assert "error: OG-107 " in told.err
    assert ".recover" in told.err
    assert "table_" not in told.out
    assert set(path.parent.iterdir()) == before


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "CREATE TABLE t(v CHECK (mine(v)), w AS (mine(v)) NOT NULL); CREATE TABLE u(v);"
            "INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)",
            id="a function of the application",
        ),
        pytest.param(
            "CREATE TABLE t(k TEXT COLLATE backwards PRIMARY KEY) WITHOUT ROWID;"
            "INSERT INTO t VALUES ('a'), ('b'), ('c')",
            id="a collation of the application",
        ),
        pytest.param(
            "CREATE TABLE t(v INTEGER); INSERT INTO t VALUES (NULL), ('1'); PRAGMA writable_schema"
            " = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t(v INTEGER NOT NULL CHECK"
            " (v > 1))'",
            id="rows that break a constraint",
        ),
        pytest.param(
            "CREATE TABLE t(v); CREATE TABLE u(v); PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE u(' WHERE name = 'u'",
            id="a definition that cannot be loaded",
        ),
        pytest.param(
            "CREATE VIRTUAL TABLE f USING fts5(a, content='t'); CREATE TABLE t(a);"
            "INSERT INTO f(rowid, a) VALUES (1, 'gone');"
            "CREATE VIRTUAL TABLE g USING fts5(a); INSERT INTO g VALUES ('a');"
            "DELETE FROM g_data WHERE id > 10; CREATE VIRTUAL TABLE r USING rtree(i, x, y);"
            "INSERT INTO r VALUES (1, 2, 3); DELETE FROM r_rowid",
            id="a search index",
        ),
    ],
)
def test_what_only_looks_like_damage(path: Path, script: str) -> None:
    _make(path, script)
    _look(path)


@pytest.mark.parametrize("row", ["NULL, 'one', NULL, NULL, NULL", "'table', 's', 's', 2, NULL"])
def test_a_schema_with_rows_of_something_else(path: Path, row: str) -> None:
    """A page of another table in its place: what it declared is nowhere any more."""
    _make(
        path,
        "CREATE TABLE s(v); CREATE TABLE t(v); PRAGMA writable_schema = ON;"
        f"DELETE FROM sqlite_schema WHERE name = 's'; INSERT INTO sqlite_schema VALUES ({row})",
    )
    with pytest.raises(SourceError, match="OG-107"):
        _look(path)


@pytest.mark.parametrize("column", ["v CHECK (mine(v))", "v, w AS (mine(v)) NOT NULL"])
def test_functions_of_the_application_hide_no_damage(path: Path, column: str) -> None:
    _make(path, f"CREATE TABLE u(v); CREATE TABLE t({column})")
    whole = bytearray(path.read_bytes())
    at = 1 if "w" in column else 2
    whole[at * _PAGE] = 0  # no kind of page
    path.write_bytes(whole)
    with pytest.raises(SourceError, match="OG-107"):
        _look(path)


def test_a_trigger_of_a_table_that_is_not_there(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _make(
        path,
        "CREATE TABLE t(v TEXT); CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; END;"
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET tbl_name = '`' WHERE type = 'trigger'",
    )
    assert main(["plan", str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: OG-107 ")
    assert "trigger g belongs to '`', which is not there" in told
