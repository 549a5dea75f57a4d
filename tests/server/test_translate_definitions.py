"""Definitions that last: what another process knows of them, transactions, helpers in place."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest
from commands import migrated
from translate_sides import from_any

import samples
from outgrow.model.types import Kind, Policy
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.translate import (
    Schema,
    Translation,
    UntranslatableSQL,
    install_sql,
    schema_of,
    translate,
)
from outgrow.translate.definitions.target import read_schema
from outgrow.translate.definitions.twin import answer


class Connection:
    """An application's connection in its smallest form: it goes on with the schema it makes."""

    def __init__(self, conninfo: str, schema: str = "public") -> None:
        self.postgres = psycopg.connect(conninfo, autocommit=True)
        self.schema = self.read(schema)

    def read(self, schema: str) -> Schema:
        def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
            return self.postgres.execute(sql, parameters or None).fetchall()  # type: ignore[call-overload]

        return read_schema(run, schema)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        translation = translate(sql, self.schema)
        if translation.action:
            return self._send(translation)
        with self.postgres.transaction():
            if translation.helpers:
                self.postgres.execute(install_sql(translation.helpers))  # type: ignore[arg-type]
            rows = self._send(translation)
        self.schema = translation.schema or self.schema
        return rows if translation.columns else []

    def _send(self, translation: Translation) -> list[tuple[Any, ...]]:
        cursor = self.postgres.cursor()
        for step in translation.steps:
            cursor.execute(step.sql)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self.postgres.close()


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    opened = Connection(database)
    yield opened
    opened.close()


DEFINITIONS = (
    "CREATE TABLE Users (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL COLLATE NOCASE,"
    " born DATETIME, [score %] REAL DEFAULT 1.5, extra, UNIQUE (Name, born))",
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, u INTEGER REFERENCES Users ON DELETE CASCADE,"
    " t TEXT CHECK (length(t) < 9), big AS (upper(t)))",
    "CREATE UNIQUE INDEX by_t ON posts (u, t DESC) WHERE t IS NOT NULL",
    "CREATE VIEW Names AS SELECT Name, count(*) AS n FROM Users JOIN posts ON u = Users.Id"
    " GROUP BY Users.Id",
    "CREATE TRIGGER again AFTER INSERT ON posts BEGIN UPDATE Users SET born = NULL"
    " WHERE Id = NEW.u; END",
    "CREATE TABLE gone (a)",
    "DROP TABLE gone",
    "ALTER TABLE posts RENAME TO Articles",
    "ALTER TABLE Articles RENAME COLUMN t TO Title",
    "ALTER TABLE Articles ADD COLUMN stars INT DEFAULT 3",
    "ALTER TABLE Users DROP COLUMN [score %]",
)


def test_another_process_knows_what_each_column_was(connection: Connection, database: str) -> None:
    oracle = apsw.Connection(":memory:")
    for sql in DEFINITIONS:
        connection.run(sql)
        oracle.execute(sql)
    other = Connection(database)
    # What a view gives is known from the types that it was made with.
    views = {name: replace(view, classes=()) for name, view in other.schema.views.items()}
    assert replace(other.schema, views=views) == connection.schema
    catalog = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
    assert sorted(other.run(catalog)) == sorted(oracle.execute(catalog))
    for pragma in ("table_xinfo", "index_list", "foreign_key_list"):
        for table in ("Users", "Articles", "names"):
            asked = f"PRAGMA {pragma}({table})"
            assert other.run(asked) == list(oracle.execute(asked)), asked
    other.close()


@pytest.mark.parametrize("policy", [Policy.NATIVE, Policy.FAITHFUL])
def test_a_migrated_database_is_known_from_itself(
    policy: Policy, tmp_path: Path, database: str
) -> None:
    path = tmp_path / "app.db"
    oracle = apsw.Connection(str(path))
    for sql in (*DEFINITIONS, "PRAGMA user_version = 7"):
        oracle.execute(sql)
    oracle.execute(
        "INSERT INTO Users (Name, born, extra) VALUES ('a', '2024-01-02 03:04:05', 1), "
        "('b', NULL, 'x'); INSERT INTO Articles (u, Title) VALUES (NULL, 't')"
    )
    catalog = list(oracle.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
    with assessed([path], Wishes(policy=policy), progress=Silent()) as found:
        schema = schema_of(found.source, found.plan, target_schema="public", census=found.census)
    migrated(path, "--to", database, "--types", policy, "--no-verify")
    with closing(Connection(database)) as connection:
        read = connection.schema
        assert read.tables == schema.tables
        assert (read.indexes, read.triggers) == (schema.indexes, schema.triggers)
        assert [view.columns for view in read.views.values()] == [("Name", "n")]
        found_rows = connection.run("SELECT type, name, tbl_name, sql FROM sqlite_master")
        assert sorted(map(str, found_rows)) == sorted(map(str, catalog))
        assert connection.run("PRAGMA user_version") == [(7,)]
        connection.run("ALTER TABLE Articles ADD COLUMN more TEXT DEFAULT 'm'")
        with closing(Connection(database)) as other:
            assert other.schema.tables == connection.schema.tables
            assert other.run("SELECT more FROM articles") == [("m",)]


@pytest.mark.parametrize("name", ["chinook.db", "northwind.db", "sakila.db"])
def test_an_application_makes_its_own_schema(name: str, connection: Connection) -> None:
    if not samples.FOLDER.exists():
        pytest.skip(samples.MISSING)
    oracle = apsw.Connection(str(samples.FOLDER / name), flags=apsw.SQLITE_OPEN_READONLY)
    definitions = (
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "ORDER BY rowid"
    )
    for (sql,) in oracle.execute(definitions):
        connection.run(str(sql))
    catalog = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
    assert sorted(map(str, connection.run(catalog))) == sorted(map(str, oracle.execute(catalog)))
    assert connection.read("public").tables == connection.schema.tables


def test_a_stale_definition_counts_for_nothing(connection: Connection) -> None:
    connection.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b DATETIME, c TEXT COLLATE NOCASE)")
    connection.postgres.execute("ALTER TABLE t ADD COLUMN d boolean, DROP COLUMN b")
    table = connection.read("public").tables["t"]
    assert [(c.source, c.type.kind, c.collation) for c in table.columns] == [
        ("a", Kind.BIGINT, "BINARY"),
        ("c", Kind.TEXT, "NOCASE"),
        ("d", Kind.BOOLEAN, "BINARY"),
    ]
    connection.postgres.execute("DROP TABLE t")
    connection.schema = connection.read("public")
    assert connection.schema.tables == {}
    connection.run("CREATE TABLE t (b)")
    assert [c.source for c in connection.read("public").tables["t"].columns] == ["b"]


def test_a_native_table_goes_by_its_types(connection: Connection) -> None:
    connection.postgres.execute(
        """CREATE TABLE native (
            id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL,
            price numeric(10,2), paid boolean DEFAULT false, at timestamp, day date,
            data jsonb, n integer, code text COLLATE "C" UNIQUE, twice integer
            GENERATED ALWAYS AS (n * 2) STORED)"""
    )
    connection.postgres.execute("CREATE TABLE odd (a text, b interval)")
    connection.postgres.execute("CREATE VIEW seen AS SELECT id, name FROM native")
    connection.schema = connection.read("public")
    connection.run(
        "INSERT INTO native (name, price, paid, at, day, data, n, code) VALUES "
        "('b', 1.5, 1, '2024-01-02 03:04:05', '2024-01-02', '{\"a\": 1}', 2, 'x'), "
        "('B', 2, 0, NULL, NULL, NULL, NULL, NULL)"
    )
    assert connection.run("SELECT id FROM native WHERE paid = 1 AND at < '2024-02'") == [(1,)]
    assert connection.run("SELECT name FROM native ORDER BY name") == [("B",), ("b",)]
    assert connection.run("SELECT twice + 1 FROM native WHERE day = '2024-01-02'") == [(5,)]
    assert connection.run("SELECT name FROM seen WHERE id = 2") == [("B",)]
    info = connection.run("PRAGMA table_info(native)")
    assert [row[1:4] for row in info[:4]] == [
        ("id", "INTEGER", 1),
        ("name", "TEXT", 1),
        ("price", "NUMERIC(10, 2)", 0),
        ("paid", "BOOLEAN", 0),
    ]
    with pytest.raises(UntranslatableSQL, match="b is of type interval"):
        connection.run("SELECT a FROM odd")


def test_values_of_any_class_stay_what_they_are(connection: Connection, database: str) -> None:
    connection.run("CREATE TABLE kv (k PRIMARY KEY, v)")
    connection.run("INSERT INTO kv VALUES (1, 1.0), ('1', x'00ff'), (2.5, NULL), (x'01', 'é')")
    other = Connection(database)
    rows = other.postgres.execute("SELECT k::text, v::text FROM kv").fetchall()
    found = {(from_any(k), from_any(v)) for k, v in rows}
    assert found == {(1, 1.0), ("1", b"\x00\xff"), (2.5, None), (b"\x01", "é")}
    assert other.run("SELECT typeof(k), typeof(v) FROM kv WHERE k = 1") == [("integer", "real")]
    with pytest.raises(psycopg.IntegrityError):
        other.run("INSERT INTO kv VALUES (1.0, 0)")
    other.close()


def test_two_processes_make_a_table_at_once(connection: Connection, database: str) -> None:
    other = Connection(database)
    sql = (
        "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, n TEXT COLLATE NOCASE UNIQUE,"
        " c TEXT CHECK (c <> ''))"
    )
    connection.run(sql)
    # It does not know yet that the table is there.
    other.run(sql)
    other.run("CREATE INDEX IF NOT EXISTS i ON t (c)")
    connection.run("CREATE INDEX IF NOT EXISTS i ON t (c)")
    connection.run("INSERT INTO t (n, c) VALUES ('a', 'b')")
    assert other.run("SELECT n FROM t") == [("a",)]
    assert len(other.run("PRAGMA index_list(t)")) == 2
    other.close()


def test_rows_without_a_parent_are_listed(connection: Connection) -> None:
    oracle = apsw.Connection(":memory:")
    for sql in (
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id), n TEXT REFERENCES names)",
        "CREATE TABLE k (a TEXT PRIMARY KEY NOT NULL, p INT REFERENCES p) WITHOUT ROWID",
        "CREATE TABLE hidden (p INT REFERENCES p)",
        "INSERT INTO c VALUES (1, 5, 'x'), (2, NULL, 'Y'), (3, 7, NULL)",
        "INSERT INTO k VALUES ('a', 7), ('b', 8)",
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE names (n TEXT PRIMARY KEY NOT NULL)",
        "INSERT INTO p VALUES (7)",
        "INSERT INTO names VALUES ('x')",
    ):
        connection.run(sql)
        oracle.execute(sql)
    for pragma in ("foreign_key_check", "foreign_key_check(c)", "foreign_key_check('K')"):
        expected = list(oracle.execute(f"PRAGMA {pragma}"))
        assert expected
        found = connection.run(f"PRAGMA {pragma}")
        assert sorted(map(str, found)) == sorted(map(str, expected)), pragma
    connection.postgres.execute("ALTER TABLE hidden DROP CONSTRAINT IF EXISTS hidden_p_fkey")
    connection.run("INSERT INTO hidden VALUES (99)")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="no column keeps its rowid"):
        connection.run("PRAGMA foreign_key_check")


# --- transactions --------------------------------------------------------------------------------


def test_a_transaction_reads_one_snapshot(connection: Connection, database: str) -> None:
    connection.run("CREATE TABLE t (a INT)")
    other = Connection(database)
    connection.run("BEGIN DEFERRED TRANSACTION")
    assert connection.run("SELECT count(*) FROM t") == [(0,)]
    other.run("INSERT INTO t VALUES (1)")
    assert connection.run("SELECT count(*) FROM t") == [(0,)]
    connection.run("END TRANSACTION")
    assert connection.run("SELECT count(*) FROM t") == [(1,)]
    connection.run("BEGIN")
    connection.run("DELETE FROM t")
    connection.run("ROLLBACK")
    assert connection.run("SELECT count(*) FROM t") == [(1,)]
    other.close()


@pytest.mark.parametrize("mode", ["IMMEDIATE", "EXCLUSIVE"])
def test_one_writer_at_a_time(mode: str, connection: Connection, database: str) -> None:
    connection.run("CREATE TABLE t (n INT)")
    connection.run("INSERT INTO t VALUES (0)")

    def add(_: int) -> None:
        with closing(Connection(database)) as own:
            for ending in ("COMMIT", "ROLLBACK", "END"):
                own.run(f"BEGIN {mode}")
                ((n,),) = own.run("SELECT n FROM t")
                time.sleep(0.02)
                own.run(f"UPDATE t SET n = {n + 1}")
                own.run(ending)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    assert connection.run("SELECT n FROM t") == [(8,)]
    held = connection.postgres.execute(
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE locktype = 'advisory' AND datname = current_database()"
    )
    assert held.fetchone() == (0,)


def test_a_definition_waits_for_the_writer(connection: Connection, database: str) -> None:
    other = Connection(database)
    connection.run("CREATE TABLE first (a)")
    connection.run("BEGIN IMMEDIATE")
    other.postgres.execute("SET lock_timeout = '200ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        other.run("CREATE TABLE t (a)")
    connection.run("COMMIT")
    other.run("CREATE TABLE t (a)")
    other.close()


SAVEPOINTS = (
    "BEGIN",
    "INSERT INTO t VALUES (1)",
    "SAVEPOINT Outer",
    "INSERT INTO t VALUES (2)",
    'SAVEPOINT "a b"',
    "INSERT INTO t VALUES (3)",
    "SAVEPOINT outer",
    "INSERT INTO t VALUES (4)",
    "ROLLBACK TRANSACTION TO SAVEPOINT OUTER",
    "INSERT INTO t VALUES (5)",
    "RELEASE outer",
    'ROLLBACK TO "A B"',
    "INSERT INTO t VALUES (6)",
    f"SAVEPOINT {'x' * 70}1",
    "INSERT INTO t VALUES (7)",
    f"SAVEPOINT {'x' * 70}2",
    "INSERT INTO t VALUES (8)",
    f"ROLLBACK TO {'x' * 70}1",
    "INSERT INTO t VALUES (9)",
    "RELEASE SAVEPOINT Outer",
    "COMMIT",
)


def test_savepoints_nest_as_in_sqlite(connection: Connection) -> None:
    oracle = apsw.Connection(":memory:")
    for sql in ("CREATE TABLE t (a INT)", *SAVEPOINTS):
        connection.run(sql)
        oracle.execute(sql)
        if sql.startswith(("INSERT", "ROLLBACK")):
            rows = "SELECT a FROM t ORDER BY a"
            assert connection.run(rows) == list(oracle.execute(rows)), sql


def test_definitions_are_rolled_back(connection: Connection) -> None:
    before = connection.schema
    connection.run("BEGIN")
    connection.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    connection.run("INSERT INTO t DEFAULT VALUES")
    connection.run("ROLLBACK")
    connection.schema = before
    assert connection.read("public") == before
    connection.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    assert connection.run("SELECT count(*) FROM t") == [(0,)]


# --- PRAGMA that no transaction allows ----------------------------------------------------------


@pytest.mark.parametrize(
    "pragma",
    [
        *("journal_mode", "journal_mode = wal", "journal_mode(TRUNCATE)", "journal_mode = x"),
        *("synchronous = NORMAL", "synchronous = 1", "foreign_keys = 1", "cache_size = -2000"),
        *("mmap_size = 30000000000", "mmap_size", "wal_checkpoint(TRUNCATE)", "busy_timeout = 9"),
        *("locking_mode = NORMAL", "temp_store = MEMORY", "auto_vacuum = FULL", "page_size"),
        *("wal_autocheckpoint", "secure_delete = ON", "journal_size_limit = 5", "encoding"),
        *("max_page_count", "threads = 2", "shrink_memory", "incremental_vacuum(5)"),
        *("analysis_limit = 400", "trusted_schema = OFF", "automatic_index", "optimize(0x10002)"),
    ],
)
def test_a_file_answers_so(pragma: str, tmp_path: Path) -> None:
    expected = answer(apsw.Connection(str(tmp_path / "a.db")), f"PRAGMA {pragma}")
    translation = translate(f"PRAGMA {pragma}", Schema("public", {}))
    assert tuple(column.source for column in translation.columns) == expected.names
    if pragma.startswith("mmap_size = "):
        return  # as much as the system allows
    if translation.columns:
        assert translation.notes
        literals = re.findall(r"'([^']*)'::", translation.sql)
        assert literals == [str(value) for row in expected.rows for value in row]


@pytest.mark.parametrize(
    "sql",
    [
        *("PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = 1", "PRAGMA query_only = true"),
        *("PRAGMA writable_schema = ON", "PRAGMA page_count", "PRAGMA schema_version = 3"),
        *("PRAGMA data_version", "PRAGMA function_list", "PRAGMA defer_foreign_keys = 1"),
        *("ATTACH 'a.db' AS other", "DETACH other", "VACUUM INTO 'copy.db'", "EXPLAIN SELECT 1"),
        *("CREATE TEMP TRIGGER x AFTER INSERT ON y BEGIN SELECT 1; END", "PRAGMA other.page_size"),
        *("UPDATE sqlite_sequence SET seq = 0", "DELETE FROM sqlite_master"),
    ],
)
def test_refused_with_a_reason(sql: str) -> None:
    with pytest.raises(UntranslatableSQL):
        translate(sql, Schema("public", {}))
