"""The whole way, judged by SQLite and by PostgreSQL's catalogs."""

from __future__ import annotations

import hashlib
import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from commands import OUTGROW, environment, migrated, outgrow
from psycopg import errors


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


@pytest.mark.parametrize("server", ["pg18"], indirect=True)
def test_two_migrations_at_once_one_refuses(database: str, shop: Path) -> None:
    """It waits for ten seconds, so that one version of the server has to do."""
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
    report = migrated(shop, "--to", database, "--schema", "one", "--replace")
    assert query(database, "SELECT count(*) FROM one.item") == [(4,)]
    assert schemas(database) == {"public", "outgrow", "one"}
    (told,) = [each for each in report["findings"] if each["code"] == "OG-545"]
    assert "the source" in told["says"]
    assert report["continued"] is None


def test_an_interrupted_run_into_another_schema_is_not_continued(database: str, shop: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        migrated(shop, "--to", database, "--schema", "one")
        connection.execute(
            "UPDATE outgrow.runs SET status = 'running', staging = 'outgrow_staging_1'"
        )
        connection.execute("CREATE SCHEMA outgrow_staging_1")
    report = migrated(shop, "--to", database, "--schema", "two")
    assert schemas(database) == {"public", "outgrow", "one", "two"}
    assert "OG-545" not in [each["code"] for each in report["findings"]]


def test_what_postgresql_refuses_over_the_rows_is_missing_not_fatal(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "long.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, long TEXT)",
        "CREATE INDEX t_long ON t (long)",
    )
    with sqlite3.connect(path) as connection:
        # Too long for an index of PostgreSQL, and nothing that compression would shorten.
        noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(6_000))
        connection.execute("INSERT INTO t VALUES (1, ?)", (noise,))
    connection.close()
    report = migrated(path, "--to", database, status=4)
    assert [each["name"] for each in report["objects"]["indexes"]["missing"]] == ["t_long"]
    assert outgrow("verify", path, "--to", database).returncode == 4


def test_a_key_with_null_that_is_not_unique_either_is_listed_once(
    database: str, tmp_path: Path
) -> None:
    # A text and a blob of the same bytes are two keys in SQLite, and one as bytea.
    values = "('{}'), (x'7b7d'), (NULL)"
    path = make(
        tmp_path / "nulls.db",
        "CREATE TABLE plain (k TEXT PRIMARY KEY)",
        "CREATE TABLE folded (k TEXT COLLATE NOCASE PRIMARY KEY)",
        "CREATE TABLE whole (k TEXT PRIMARY KEY)",
        f"INSERT INTO plain VALUES {values}",
        f"INSERT INTO folded VALUES {values}",
        "INSERT INTO whole VALUES ('a'), (NULL)",
    )
    objects = migrated(path, "--to", database, status=4)["objects"]
    keys = objects["primary_keys"]
    assert (keys["source"], keys["target"], objects["unique"]["missing"]) == (3, 0, [])
    reasons = {each["table"]: each["reason"] for each in keys["missing"]}
    assert len(reasons) == len(keys["missing"]) == 3
    assert "not even UNIQUE: OG-531" in reasons["plain"]
    assert reasons["whole"].endswith("the columns are UNIQUE instead")


def test_a_foreign_key_named_as_postgresql_names_a_primary_key(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "named.db",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, FOREIGN KEY (id) REFERENCES a,"
        " CONSTRAINT a_pkey FOREIGN KEY (id) REFERENCES a)",
    )
    objects = migrated(path, "--to", database)["objects"]
    assert (objects["foreign_keys"]["target"], objects["primary_keys"]["target"]) == (2, 1)


def test_rows_that_break_a_check_make_it_not_valid(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "broken.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0))",
        "PRAGMA ignore_check_constraints = ON",
        "INSERT INTO t VALUES (1, -1)",
    )
    report = migrated(path, "--to", database)
    assert "OG-530" in [each["code"] for each in report["findings"]]
    checks = query(
        database,
        "SELECT convalidated FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'c'",
    )
    assert checks == [(False,)]
    with pytest.raises(errors.CheckViolation):
        query(database, "INSERT INTO t (n) VALUES (0) RETURNING id")
    assert outgrow("verify", path, "--to", database).returncode == 0


def test_a_generated_column_that_only_the_application_computes(
    database: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.db"
    with sqlite3.connect(path) as connection:
        connection.create_function("mine", 1, lambda value: value, deterministic=True)
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT AS (mine(a)))")
        connection.execute("INSERT INTO t (a) VALUES ('x')")
    connection.close()
    report = migrated(path, "--to", database, status=4)
    assert [each["name"] for each in report["objects"]["generated"]["missing"]] == ["b"]
    assert query(database, "SELECT id, a FROM t") == [(1, "x")]


def test_no_verify_says_that_nothing_was_compared(database: str, shop: Path) -> None:
    report = migrated(shop, "--to", database, "--no-verify")
    assert report["status"] == "loaded"
    assert "OG-541" in [each["code"] for each in report["findings"]]
    assert report["objects"]["tables"] == {"source": 1, "target": 1, "renamed": [], "missing": []}


def test_include_and_exclude(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "some.db",
        *(
            f"CREATE TABLE {name} (id INTEGER PRIMARY KEY)"
            for name in ("users", "Logs", "logs_old")
        ),
    )
    report = migrated(path, "--to", database, "--include", "log*", "--exclude", "*old")
    assert [each["name"] for each in report["tables"]] == ["logs"]
    done = outgrow("migrate", path, "--to", database, "--include", "nothing*")
    assert done.returncode == 1


@pytest.mark.parametrize("server", ["pg15"], indirect=True)
def test_a_live_writer_is_neither_blocked_nor_seen_in_the_middle(
    database: str, tmp_path: Path
) -> None:
    path = tmp_path / "live.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    writer.executemany("INSERT INTO t (a) VALUES (?)", [("x" * 50,)] * 30_000)
    process = subprocess.Popen(
        [*OUTGROW, "migrate", str(path), "--to", database, "--json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None:
        # Two rows in one transaction: a snapshot holds both or neither.
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO t (a) VALUES ('one')")
        writer.execute("INSERT INTO t (a) VALUES ('two')")
        writer.execute("COMMIT")
        time.sleep(0.002)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "OG-544" in [each["code"] for each in json.loads(out)["findings"]]
    writer.close()
    [(ones, twos)] = query(
        database,
        "SELECT count(*) FILTER (WHERE a = 'one'), count(*) FILTER (WHERE a = 'two') FROM t",
    )
    assert ones == twos


@pytest.mark.parametrize(
    ("server", "signal_number"),
    [("pg15", signal.SIGINT), ("pg18", signal.SIGTERM), ("pg18", signal.SIGHUP)],
    indirect=["server"],
)
def test_an_interrupted_run_says_so_and_leaves_the_schema(
    database: str, tmp_path: Path, signal_number: signal.Signals
) -> None:
    path = make(
        tmp_path / "big.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) "
        "INSERT INTO t SELECT i, 'some text ' || i FROM n",
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [*OUTGROW, "migrate", str(path), "--to", database],
        env=environment() | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal_number, signal.SIG_DFL),  # noqa: PLW1509 - nohup
    )
    while "outgrow" not in schemas(database):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal_number)
    out, err = process.communicate()
    assert process.returncode == 130, out + err
    *notes, error = err.strip().splitlines()
    assert "OG-701" in error
    # A slow disk is told of.
    assert all("private copy" in note for note in notes)
    assert [*temporary.iterdir()] == []
    assert query(database, "SELECT to_regclass('public.t') IS NULL") == [(True,)]
    report = migrated(path, "--to", database)
    assert report["tables"][0]["rows_loaded"] == 400_000
    assert schemas(database) == {"public", "outgrow"}


def test_a_file_in_utf_16_with_texts_among_blobs(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "wide.db",
        "PRAGMA encoding = 'UTF-16le'",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, a TEXT)",
        "INSERT INTO t VALUES (1, x'00ff', 'ö'), (2, 'ä', NULL), (3, 12, ''), (4, NULL, 'x')",
    )
    migrated(path, "--to", database)
    assert query(database, "SELECT v, a FROM t ORDER BY id") == [
        (b"\x00\xff", "ö"),
        ("ä".encode(), None),
        (b"12", ""),
        (None, "x"),
    ]


def test_a_view_that_gives_other_rows_is_left_out_with_what_stands_on_it(
    database: str, tmp_path: Path
) -> None:
    """Which of several equal rows LIMIT keeps is open, and differs once rows have moved."""
    path = make(
        tmp_path / "open.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b TEXT)",
        "CREATE INDEX t_a ON t (a, b DESC)",
        "INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 1, 'z')",
        "CREATE VIEW v AS SELECT id, a FROM t ORDER BY a LIMIT 1",
        "CREATE VIEW over_v AS SELECT id FROM v",
        "CREATE VIEW fine AS SELECT count(*) AS n FROM t",
    )
    report = migrated(path, "--to", database, status=4)
    missing = {each["name"]: each["reason"] for each in report["objects"]["views"]["missing"]}
    assert set(missing) == {"v", "over_v"}
    assert "OG-543" in missing["v"]
    assert query(database, "SELECT n FROM fine") == [(3,)]
    assert outgrow("verify", path, "--to", database).returncode == 4


def test_a_schema_outgrow_of_somebody_else_is_left_alone(database: str, shop: Path) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA outgrow CREATE TABLE journal (mine integer)")
    done = outgrow("migrate", shop, "--to", database)
    assert done.returncode == 1
    assert "OG-514" in done.stderr
    assert query(database, "SELECT count(*) FROM outgrow.journal") == [(0,)]


def test_a_row_wider_than_a_page_needs_a_decision(database: str, tmp_path: Path) -> None:
    columns = ", ".join(f"c{number} INTEGER" for number in range(1_200))
    path = make(
        tmp_path / "wide.db",
        f"CREATE TABLE t ({columns})",
        f"INSERT INTO t VALUES ({', '.join(['1'] * 1_200)})",
        "CREATE TABLE other (a)",
    )
    done = outgrow("migrate", path, "--to", database)
    assert done.returncode == 3
    assert "OG-532 wide.db:t:" in done.stderr
    assert schemas(database) == {"public", "outgrow"}
    migrated(path, "--to", database, "--exclude", "t")


def test_a_table_that_sqlite_can_not_load_is_missing(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "damaged.db",
        "CREATE TABLE t (a)",
        "CREATE TABLE bad (a)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'bad'",
    )
    report = migrated(path, "--to", database, status=4)
    assert [each["name"] for each in report["objects"]["tables"]["missing"]] == ["bad"]


def test_half_a_surrogate_pair_is_repaired_in_text_and_kept_in_bytes(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "halves.db",
        "PRAGMA encoding = 'UTF-16be'",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, a TEXT)",
        "INSERT INTO t VALUES (1, x'00', 'x'), "
        "(2, CAST(x'd8000041' AS TEXT), CAST(x'0041d800' AS TEXT))",
    )
    report = migrated(path, "--to", database, status=4)
    assert report["tables"][0]["values_repaired"] == 1
    assert query(database, "SELECT v, a FROM t ORDER BY id") == [
        (b"\x00", "x"),
        (b"\xed\xa0\x80A", "A\N{REPLACEMENT CHARACTER}"),
    ]
    assert outgrow("verify", path, "--to", database).returncode == 4


def test_what_is_left_out_by_choice_is_named_and_counts_add_up(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "two.db",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT NOT NULL DEFAULT 'x' UNIQUE)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT NOT NULL DEFAULT 'y' CHECK (y > ''))",
        "CREATE INDEX b_y ON b (y)",
    )
    chosen = tmp_path / "outgrow.toml"
    chosen.write_text("[tables.b]\ninclude = false\n")
    for schema, choice in (("one", ["--plan", chosen]), ("two", ["--exclude", "b"])):
        report = migrated(path, "--to", database, "--schema", schema, *choice)
        for kind, counts in report["objects"].items():
            assert counts["source"] == counts["target"], kind
        (told,) = [each["says"] for each in report["findings"] if each["code"] == "OG-517"]
        assert told.endswith(": b")
        assert outgrow("verify", path, "--to", database, "--schema", schema).returncode == 0


def test_a_generated_column_that_stored_something_else_holds_the_values(
    tmp_path: Path, database: str
) -> None:
    # SQLite computes it when a row is written, and never again.
    path = tmp_path / "generated.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE t (a INTEGER, b AS (a * 2) STORED, c TEXT COLLATE NOCASE AS ('x' || a)"
            " STORED, d REAL AS (a) STORED); INSERT INTO t VALUES (1), (2);"
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema"
            " SET sql = replace(replace(sql, 'a * 2', 'a * 3'), '''x''', '''X''')"
        )
    report = migrated(path, "--to", database, status=4)
    generated = report["objects"]["generated"]
    told = {each["name"]: each["reason"].partition(" ")[0] for each in generated["missing"]}
    assert (generated["target"], told) == (1, {"b": "2", "c": "2"})
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT * FROM t ORDER BY a").fetchall()
    assert found == [(1, 2, "x1", 1.0), (2, 4, "x2", 2.0)]
    assert outgrow("verify", path, "--to", database).returncode == 4


@pytest.mark.parametrize("on_bad", ["repair", "refuse"])
def test_a_generated_column_that_postgresql_cannot_compute_holds_the_values(
    on_bad: str, tmp_path: Path, database: str
) -> None:
    path = tmp_path / "generated.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, "
            "c TEXT AS (json_extract(b, '$.y')) STORED, d INTEGER AS (a + 1))"
        )
        documents = [(1, '{"x": "\\u0000", "y": "one"}'), (2, '{"y": "two"}')]
        connection.executemany("INSERT INTO t (a, b) VALUES (?, ?)", documents)
        connection.commit()
        expected = connection.execute("SELECT a, b, c, d FROM t ORDER BY a").fetchall()
    report = migrated(path, "--to", database, "--on-bad", on_bad, status=4)
    missing = report["objects"]["generated"]["missing"]
    assert {told["name"] for told in missing} == {"c", "d"}
    assert "OG-534" in missing[0]["reason"]
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT a, b, c, d FROM t ORDER BY a").fetchall()
    assert found == expected
    (table,) = report["tables"]
    assert (table["rows_loaded"], table["rows_refused"]) == (2, 0)
    assert outgrow("verify", path, "--to", database).returncode == 4
