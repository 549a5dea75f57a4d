"""Objects whose meaning PostgreSQL writes differently, judged by what they do there."""

from __future__ import annotations

from pathlib import Path

import apsw
import psycopg
import pytest
from commands import migrated, outgrow
from psycopg import errors
from test_migrate import make, query


def test_nocase_stays_unique_and_folds_ascii_only(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "nocase.db",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT UNIQUE COLLATE NOCASE)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE UNIQUE INDEX t_name ON t (name COLLATE NOCASE)",
        "INSERT INTO u VALUES (1, 'A@x'), (2, 'Ä'), (3, 'ä')",
        "INSERT INTO t VALUES (1, 'Joe'), (2, NULL), (3, NULL)",
    )
    migrated(path, "--to", database)
    for insert in ("INSERT INTO u (mail) VALUES ('a@X')", "INSERT INTO t (name) VALUES ('JOE')"):
        with pytest.raises(errors.UniqueViolation):
            query(database, insert + " RETURNING id")


def test_a_partial_unique_index_stays_partial(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "partial.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, gone INTEGER NOT NULL DEFAULT 0)",
        "CREATE UNIQUE INDEX one_living ON t (name) WHERE gone = 0",
        "INSERT INTO t VALUES (1, 'a', 0), (2, 'a', 1), (3, 'a', 1)",
    )
    migrated(path, "--to", database)
    with pytest.raises(errors.UniqueViolation):
        query(database, "INSERT INTO t (name) VALUES ('a') RETURNING id")


def test_null_in_a_primary_key_is_kept_and_said(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "nulls.db",
        "CREATE TABLE t (code TEXT PRIMARY KEY, v INTEGER)",
        "INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('a', 3)",
    )
    report = migrated(path, "--to", database, status=4)
    assert [each["name"] for each in report["objects"]["primary_keys"]["missing"]] == ["code"]
    assert query(database, "SELECT count(*) FROM t") == [(3,)]
    with pytest.raises(errors.UniqueViolation):
        query(database, "INSERT INTO t VALUES ('a', 4) RETURNING v")


def test_keys_in_a_circle_to_oneself_and_composite(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "circle.db",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b "
        "DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id) ON UPDATE SET NULL, "
        "up INTEGER REFERENCES b (id) ON DELETE CASCADE)",
        "CREATE TABLE c (x INTEGER, y TEXT, PRIMARY KEY (x, y)) WITHOUT ROWID",
        "CREATE TABLE d (x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES c ON DELETE SET NULL)",
        "INSERT INTO b VALUES (1, NULL, 1), (2, 1, 1)",
        "INSERT INTO a VALUES (1, 2)",
        "INSERT INTO c VALUES (1, 'p')",
        "INSERT INTO d VALUES (1, 'p')",
    )
    migrated(path, "--to", database)
    keys = query(
        database,
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2",
    )
    assert keys == [
        ("a", "FOREIGN KEY (b) REFERENCES b(id) DEFERRABLE INITIALLY DEFERRED"),
        ("b", "FOREIGN KEY (a) REFERENCES a(id) ON UPDATE SET NULL"),
        ("b", "FOREIGN KEY (up) REFERENCES b(id) ON DELETE CASCADE"),
        ("d", "FOREIGN KEY (x, y) REFERENCES c(x, y) ON DELETE SET NULL"),
    ]


def test_generated_columns_are_stored_and_compute(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "generated.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, "
        "double INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL, label TEXT AS (a || '!') STORED)",
        "INSERT INTO t (a) VALUES (1), (NULL), (-5)",
    )
    migrated(path, "--to", database)
    assert query(database, "INSERT INTO t (a) VALUES (21) RETURNING double, label") == [(42, "21!")]
    kinds = query(
        database,
        "SELECT attname, attgenerated::text FROM pg_attribute "
        "WHERE attrelid = 't'::regclass AND attgenerated <> '' ORDER BY 1",
    )
    assert kinds == [("double", "s"), ("label", "s")]


def test_comments_of_the_ddl_become_comments(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "comments.db",
        "CREATE TABLE t ( -- people we know\n id INTEGER PRIMARY KEY, -- the number's owner\n"
        " name TEXT /* as they say it */\n)",
    )
    migrated(path, "--to", database)
    said = query(
        database,
        "SELECT objsubid, description FROM pg_description WHERE objoid = 't'::regclass ORDER BY 1",
    )
    assert said == [(0, "people we know"), (1, "the number's owner"), (2, "as they say it")]


def test_sequences_remember_deleted_ids(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "deleted.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
        "CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
        "INSERT INTO t VALUES (99, 'x'), (3, 'y')",
        "DELETE FROM t WHERE id = 99",
    )
    migrated(path, "--to", database)
    assert query(database, "INSERT INTO t (a) VALUES ('z') RETURNING id") == [(100,)]
    assert query(database, "INSERT INTO empty (a) VALUES ('z') RETURNING id") == [(1,)]


def test_a_trigger_that_updates_its_own_row_ends(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "own.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, updated_at TEXT)",
        "CREATE TRIGGER touch AFTER UPDATE ON t BEGIN "
        "UPDATE t SET updated_at = datetime('now') WHERE id = NEW.id; END",
        "INSERT INTO t VALUES (1, 'x', '2000-01-01 00:00:00')",
    )
    migrated(path, "--to", database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'Pacific/Auckland'")
        connection.execute("UPDATE t SET a = 'y'")
        row = connection.execute(
            "SELECT abs(extract(epoch FROM updated_at - now() AT TIME ZONE 'UTC')) < 60 FROM t"
        ).fetchone()
    assert row == (True,)


def test_plan_file_gives_identity_cascade_and_types(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "choices.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, made INTEGER)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p)",
        "INSERT INTO p VALUES (1, 1700000000), (2, -1)",
        "INSERT INTO c VALUES (1, 1)",
    )
    plan = tmp_path / "outgrow.toml"
    assert outgrow("plan", path, "-o", plan).returncode == 0
    text = plan.read_text()
    text = text.replace(
        'made = { type = "bigint" }', 'made = { type = "timestamp", shape = "epoch s" }'
    )
    text = text.replace("[tables.p]", '[tables.p]\nidentity = "identity"')
    text = text.replace("[tables.c]", '[tables.c]\ncascade = [["p"]]')
    plan.write_text(text)
    migrated(path, "--to", database, "--plan", plan)
    made = query(database, "SELECT made::text FROM p ORDER BY id")
    assert made == [("2023-11-14 22:13:20",), ("1969-12-31 23:59:59",)]
    identity = query(
        database,
        "SELECT attidentity::text FROM pg_attribute "
        "WHERE attrelid = 'p'::regclass AND attname = 'id'",
    )
    assert identity == [("d",)]
    assert query(database, "INSERT INTO p (made) VALUES (NULL) RETURNING id") == [(3,)]
    query(database, "DELETE FROM p WHERE id = 1 RETURNING id")
    assert query(database, "SELECT count(*) FROM c") == [(0,)]


def test_a_primary_key_that_folds_letters_stands_twice(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "folded.db",
        "CREATE TABLE t (code TEXT COLLATE NOCASE PRIMARY KEY, v INTEGER) WITHOUT ROWID",
        "INSERT INTO t VALUES ('a', 1), ('B', 2)",
    )
    report = migrated(path, "--to", database)
    assert report["objects"]["primary_keys"]["missing"] == []
    with pytest.raises(errors.UniqueViolation):
        query(database, "INSERT INTO t VALUES ('b', 3) RETURNING v")


def test_a_key_by_the_applications_own_collation_is_said_to_be_gone(
    database: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.db"
    connection = apsw.Connection(str(path))
    connection.create_collation("mine", lambda a, b: (a > b) - (a < b))
    connection.execute("CREATE TABLE t (k TEXT COLLATE mine PRIMARY KEY, v) WITHOUT ROWID")
    connection.execute("INSERT INTO t VALUES ('a', 1)")
    connection.close()
    report = migrated(path, "--to", database, status=4)
    [missing] = report["objects"]["primary_keys"]["missing"]
    assert "mine" in missing["reason"]
    assert "nothing keeps the rows unique" in missing["reason"]


def test_virtual_tables_are_missing_and_what_only_bears_their_name_is_moved(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "virtual.db",
        "CREATE VIRTUAL TABLE notes USING fts5 (body)",
        "INSERT INTO notes VALUES ('only here')",
        "CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1)",
        "CREATE TABLE ghost_data (a)",
        "INSERT INTO ghost_data VALUES (1)",
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_schema VALUES ('table', 'ghost', 'ghost', 0, "
        "'CREATE VIRTUAL TABLE ghost USING nobodys(a)')",
    )
    report = migrated(path, "--to", database, status=4)
    tables = report["objects"]["tables"]
    assert {each["name"] for each in tables["missing"]} == {"notes", "boxes", "ghost"}
    assert tables["source"] - len(tables["missing"]) == tables["target"] == 1
    assert query(database, "SELECT a FROM ghost_data") == [(1,)]


def test_a_quote_in_a_name_stands_in_checks_and_indexes(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "quote.db",
        'CREATE TABLE t (id INTEGER PRIMARY KEY, "ca""b" TEXT CHECK (length("ca""b") > 1),'
        ' doubled TEXT AS ("ca""b" || \'!\') STORED)',
        'CREATE INDEX lowered ON t (lower("ca""b")) WHERE "ca""b" IS NOT NULL',
        'INSERT INTO t ("ca""b") VALUES (\'ab\')',
    )
    migrated(path, "--to", database)
    assert query(database, "SELECT doubled FROM t") == [("ab!",)]
    with pytest.raises(errors.CheckViolation):
        query(database, 'INSERT INTO t ("ca""b") VALUES (\'a\') RETURNING id')
    with pytest.raises(apsw.ConstraintError):
        apsw.Connection(str(path)).execute('INSERT INTO t ("ca""b") VALUES (\'a\')')
