"""The whole way, judged by SQLite and by PostgreSQL's catalogs."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from commands import migrated, outgrow


def make(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def query(database: str, sql: str) -> list[tuple]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def schemas(database: str) -> set[str]:
    rows = query(database, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information)'")
    return {name for (name,) in rows}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make(
        tmp_path / "shop.db",
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL)",
        "INSERT INTO item VALUES (1, 'apple', 0.25), (7, 'pear', 1e300), (9, '', NULL)",
        "CREATE INDEX item_name ON item (name)",
    )


def test_rows_arrive_and_the_next_id_is_free(database: str, shop: Path) -> None:
    report = migrated(shop, "--to", database)
    assert report["status"] == "verified"
    assert query(database, "SELECT id, name, price FROM item ORDER BY id") == [
        (1, "apple", 0.25),
        (7, "pear", 1e300),
        (9, "", None),
    ]
    assert query(database, "INSERT INTO item (name) VALUES ('new') RETURNING id") == [(10,)]


def test_public_holds_application_objects_only_and_no_staging_stays(
    database: str, shop: Path
) -> None:
    migrated(shop, "--to", database)
    assert schemas(database) == {"public", "outgrow"}
    names = query(
        database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in names} == {"item", "item_id_seq", "item_pkey", "item_name"}


def test_a_second_run_asks_and_replace_replaces(database: str, shop: Path) -> None:
    migrated(shop, "--to", database)
    done = outgrow("migrate", shop, "--to", database, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["status"] == "decision"
    assert "--replace" in done.stderr
    make(shop, "INSERT INTO item VALUES (20, 'plum', 2)")
    migrated(shop, "--to", database, "--replace")
    assert query(database, "SELECT count(*) FROM item") == [(4,)]


def test_replace_never_drops_what_depends(database: str, shop: Path) -> None:
    migrated(shop, "--to", database)
    with psycopg.connect(database) as connection:
        connection.execute("CREATE VIEW mine AS SELECT name FROM item")
    done = outgrow("migrate", shop, "--to", database, "--replace")
    assert done.returncode == 3
    assert "mine" in done.stderr
    assert query(database, "SELECT count(*) FROM mine") == [(3,)]
    assert schemas(database) == {"public", "outgrow"}


def test_the_source_is_not_touched(database: str, shop: Path) -> None:
    before = hashlib.sha256(shop.read_bytes()).hexdigest(), shop.stat().st_mtime_ns
    files = sorted(shop.parent.iterdir())
    migrated(shop, "--to", database)
    outgrow("verify", shop, "--to", database)
    assert (hashlib.sha256(shop.read_bytes()).hexdigest(), shop.stat().st_mtime_ns) == before
    assert sorted(shop.parent.iterdir()) == files


def test_verify_finds_a_changed_value_with_its_place(database: str, shop: Path) -> None:
    migrated(shop, "--to", database)
    assert outgrow("verify", shop, "--to", database).returncode == 0
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE item SET name = 'Apple' WHERE id = 1")
    done = outgrow("verify", shop, "--to", database, "--json")
    assert done.returncode == 5
    report = json.loads(done.stdout)
    assert report["status"] == "mismatch"
    said = json.dumps([each for each in report["findings"] if each["severity"] == "error"])
    assert "shop.db:item.name" in said
    assert "apple" in said
    assert "Apple" in said


def test_another_schema(database: str, shop: Path) -> None:
    report = migrated(shop, "--to", database, "--schema", "My Shop")
    assert report["target"]["schema"] == "My Shop"
    assert query(database, 'SELECT count(*) FROM "My Shop".item') == [(3,)]
    assert outgrow("verify", shop, "--to", database, "--schema", "My Shop").returncode == 0


def test_a_dry_run_writes_nothing(database: str, shop: Path) -> None:
    report = migrated(shop, "--to", database, "--dry-run")
    assert report["status"] == "planned"
    assert schemas(database) == {"public"}


def test_bad_text_is_repaired_and_kept(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        "INSERT INTO t VALUES (1, 'x' || char(0) || 'y', CAST(x'c328' AS TEXT)), (2, 'ok', 'ök')",
    )
    report = migrated(path, "--to", database, status=4)
    assert report["status"] == "incomplete"
    assert report["tables"][0]["values_repaired"] == 2
    assert query(database, "SELECT a, b FROM t ORDER BY id") == [
        ("x\N{REPLACEMENT CHARACTER}y", "\N{REPLACEMENT CHARACTER}("),
        ("ok", "ök"),
    ]
    kept = query(database, "SELECT column_name, key, original FROM outgrow.quarantine ORDER BY 1")
    assert kept == [("a", '{"id":"1"}', b"x\0y"), ("b", '{"id":"1"}', b"\xc3(")]
    assert outgrow("verify", path, "--to", database).returncode in (0, 4)


def test_bad_rows_are_refused_and_kept(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "INSERT INTO t VALUES (1, 'x' || char(0) || 'y'), (2, 'ok')",
    )
    report = migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    table = report["tables"][0]
    assert (table["rows_read"], table["rows_loaded"], table["rows_refused"]) == (2, 1, 1)
    assert query(database, "SELECT id FROM t") == [(2,)]
    assert query(database, "SELECT action, key FROM outgrow.quarantine") == [
        ("refused", '{"id":"1"}')
    ]


def test_stop_writes_nothing(database: str, tmp_path: Path) -> None:
    path = make(tmp_path / "bad.db", "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES (char(0))")
    done = outgrow("migrate", path, "--to", database, "--on-bad", "stop")
    assert done.returncode == 3
    assert "bad.db:t.a" in done.stderr
    assert schemas(database) == {"public"}


def test_a_role_without_create_is_told_the_grant(database: str, shop: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"CREATE ROLE {name} LOGIN")
        try:
            conninfo = psycopg.conninfo.make_conninfo(database, user=name)
            done = outgrow("migrate", shop, "--to", conninfo)
            assert done.returncode == 1
            assert f"GRANT CREATE ON DATABASE {name} TO {name};" in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1
        finally:
            connection.execute(f"DROP ROLE {name}")


def test_a_role_that_owns_nothing_but_its_schema_can_migrate(database: str, shop: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"CREATE ROLE {name} LOGIN")
        try:
            connection.execute(f"GRANT CREATE ON DATABASE {name} TO {name}")
            conninfo = psycopg.conninfo.make_conninfo(database, user=name)
            report = migrated(shop, "--to", conninfo, "--schema", "theirs")
            assert report["status"] == "verified"
        finally:
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


def test_two_migrations_at_once_one_refuses(database: str, shop: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"SELECT pg_advisory_lock({0x6F757467726F77})")
        done = outgrow("migrate", shop, "--to", database)
    assert done.returncode == 1
    assert "another outgrow migration" in done.stderr


def test_orphans_make_a_key_not_valid_and_are_listed(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "orphans.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE)",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1), (2, 5), (3, NULL)",
    )
    report = migrated(path, "--to", database)
    assert query(
        database,
        "SELECT convalidated, confdeltype::text FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = 'c'::regclass",
    ) == [(False, "c")]
    [finding] = [each for each in report["findings"] if each["where"] == "orphans.db:c.p"]
    assert "1 rows" in finding["says"]
    assert "5" in finding["says"]


def test_a_key_to_a_column_that_is_not_unique_is_missing_with_an_offer(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "loose.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, code TEXT REFERENCES p (code))",
        "INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, NULL)",
        "INSERT INTO c VALUES (1, 'a')",
    )
    report = migrated(path, "--to", database, status=4)
    [missing] = report["objects"]["foreign_keys"]["missing"]
    assert (missing["table"], missing["name"]) == ("c", "code")
    offer = next(each for each in report["findings"] if "unique = " in each["fix"])
    plan = tmp_path / "outgrow.toml"
    assert outgrow("plan", path, "-o", plan).returncode == 0
    section, _, line = offer["fix"].partition("in the plan file: ")
    assert "[tables." in section
    text = plan.read_text()
    header = next(row for row in text.splitlines() if row.strip() in ("[tables.p]", '[tables."p"]'))
    plan.write_text(text.replace(header, f"{header}\n{line}", 1))
    report = migrated(path, "--to", database, "--plan", plan, "--replace")
    assert report["objects"]["foreign_keys"]["missing"] == []


def test_an_interrupted_source_change_is_a_fresh_start(database: str, shop: Path) -> None:
    """Only what was read of the same file may be continued."""
    with psycopg.connect(database, autocommit=True) as connection:
        migrated(shop, "--to", database, "--schema", "one")
        connection.execute(
            "UPDATE outgrow.runs SET status = 'running', staging = 'outgrow_staging_1'"
        )
        connection.execute("CREATE SCHEMA outgrow_staging_1")
    make(shop, "INSERT INTO item VALUES (30, 'fig', 3)")
    migrated(shop, "--to", database, "--schema", "two")
    assert query(database, "SELECT count(*) FROM two.item") == [(4,)]
    assert schemas(database) == {"public", "outgrow", "one", "two"}
