"""The extracted schema replays in plain SQLite to the very same schema."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from outgrow.sqlite.extract import replayable_schema
from outgrow.sqlite.snapshot import open_snapshot

Schema = list[tuple[str, str, str, str]]
SCHEMA = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"


FACTS = (
    "SELECT m.name, f.* FROM sqlite_schema m, pragma_table_xinfo(m.name) f",
    "SELECT m.name, f.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) f",
    'SELECT m.name, f.name, f."unique", f.origin, f.partial, x.* FROM sqlite_schema m, '
    "pragma_index_list(m.name) f, pragma_index_xinfo(f.name) x",
    "SELECT * FROM pragma_user_version, pragma_application_id, pragma_encoding",
)


def schema_of(path: Path) -> Schema:
    with closing(sqlite3.connect(path)) as connection:
        found: Schema = connection.execute(SCHEMA).fetchall()
    return [row for row in found if not row[1].startswith("sqlite_stat")]


def facts_of(path: Path) -> list[list[str]]:
    """Ask SQLite's pragmas about every object."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            sorted(repr(row) for row in connection.execute(sql) if "sqlite_stat" not in str(row[0]))
            for sql in FACTS
        ]


def extract(path: Path) -> str:
    with open_snapshot(path) as snapshot:
        return replayable_schema(snapshot)


def replayed(sql: str, folder: Path) -> Schema:
    path = folder / "replayed.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    return schema_of(path)


@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila"])
def test_real_schemas(name: str, shared_database: Callable[[str], Path], tmp_path: Path) -> None:
    path = shared_database(name)
    assert replayed(extract(path), tmp_path) == schema_of(path)
    assert facts_of(tmp_path / "replayed.db") == facts_of(path)


HOSTILE = """
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT -- the last comment
);
INSERT INTO a(x) VALUES (1);
ANALYZE;
CREATE INDEX "one; two" ON a(x) -- ends in a comment
;
CREATE VIEW v AS SELECT * FROM w /* w comes later */;
CREATE VIEW w AS SELECT x FROM a -- comment;
;
CREATE TRIGGER late AFTER INSERT ON b BEGIN SELECT 1; SELECT ';'; END;
CREATE TRIGGER of_view INSTEAD OF INSERT ON w BEGIN INSERT INTO a(x) VALUES (new.x); END;
CREATE VIRTUAL TABLE words USING fts5(body);
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
CREATE TABLE words_of_mine(x);
CREATE TABLE wr(k TEXT PRIMARY KEY, v ANY) WITHOUT ROWID, STRICT;
"""


def test_hostile_schemas(make: Callable[..., Path], tmp_path: Path) -> None:
    path = make("CREATE TABLE b(x REFERENCES c); CREATE TABLE c(y PRIMARY KEY);" + HOSTILE)
    sql = extract(path)
    assert replayed(sql, tmp_path) == schema_of(path)
    assert facts_of(tmp_path / "replayed.db") == facts_of(path)
    assert "sqlite_sequence" not in sql
    assert "words_data" not in sql


def test_what_plain_sqlite_cannot_make_is_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_function("of_the_app", 1, lambda x: x, deterministic=True)
        connection.execute("CREATE TABLE t(x)")
        connection.execute("CREATE INDEX plain ON t(x)")
        connection.execute("CREATE INDEX i ON t(of_the_app(x),\n x)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_schema VALUES"
            " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING gone(x)'),"
            " ('table', 'broken', 'broken', 0, 'DROP TABLE t')"
        )
    sql = extract(path)
    assert [row[1] for row in replayed(sql, tmp_path)] == ["plain", "t"]
    assert "-- CREATE INDEX i ON t(of_the_app(x),\n--  x)\n" in sql
    assert "-- CREATE VIRTUAL TABLE v USING gone(x)\n" in sql
    assert "-- DROP TABLE t\n" in sql


def test_what_pragmas_keep_replays(make: Callable[..., Path], tmp_path: Path) -> None:
    path = make(
        "PRAGMA encoding = 'UTF-16be'; PRAGMA user_version = -7; PRAGMA application_id = 77;"
        "CREATE TABLE t (x)"
    )
    assert replayed(extract(path), tmp_path) == schema_of(path)
    assert facts_of(tmp_path / "replayed.db") == facts_of(path)
    assert "PRAGMA" not in extract(make("CREATE TABLE t (x)", "plain.db"))


#: Names and texts at which a shell or a parser could stumble.
TRAPS = (
    "-- x",
    "/* x",
    "it's",
    'a "b"',
    "a;b",
    "x\n.quit\n",
    "x\n/\n",
    "`",
    "[",
    "\\",
    "é\u2028",
)


def test_names_that_look_like_something_else(make: Callable[..., Path], tmp_path: Path) -> None:
    script = []
    for trap in TRAPS:
        name, text = trap.replace('"', '""'), trap.replace("'", "''")
        script += [
            f'CREATE TABLE "{name}" ("c {name}" TEXT DEFAULT \'{text}\' -- {trap.split()[0]}\n)',
            f'CREATE INDEX "i {name}" ON "{name}" ("c {name}") WHERE "c {name}" <> \'{text}\'',
            f'CREATE VIEW "v {name}" AS SELECT \'{text}\' AS "{name}" /* {trap.split()[-1]} */',
        ]
    path = make(";".join(script), "a\nDROP TABLE x;.db")
    sql = extract(path)
    assert replayed(sql, tmp_path) == schema_of(path)
    assert facts_of(tmp_path / "replayed.db") == facts_of(path)
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("the sqlite3 shell is not installed")
    target = tmp_path / "by_shell.db"
    done = subprocess.run(
        [shell, "-bail", target], input=sql.encode(), capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert schema_of(target) == schema_of(path)


def test_texts_in_double_quotes_replay_and_the_shell_s_setting_is_told(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    path = make('CREATE TABLE t (x CHECK (x <> "a text")); CREATE TABLE u (y)')
    sql = extract(path)
    assert replayed(sql, tmp_path) == schema_of(path)
    assert "dqs_ddl on" in sql
    strict = apsw.Connection(":memory:")
    strict.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    with pytest.raises(apsw.SQLError, match="a text"):
        strict.execute(sql)
    assert "dqs_ddl" not in extract(make("CREATE TABLE u (y DEFAULT 'a text')", "plain.db"))


def test_what_stands_behind_a_nul_is_nothing_to_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "nul.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
        connection.execute("CREATE INDEX i ON t (b)")
        before = schema_of(path)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = sql || char(0) || ' never, ? read'")
        connection.commit()
    assert replayed(extract(path), tmp_path) == before
