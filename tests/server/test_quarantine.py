"""What is set aside can be read, taken away, and put back exactly; judged by SQLite's own bytes."""

from __future__ import annotations

import csv
import json
import sqlite3
import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest
from commands import migrated, outgrow

from outgrow.cli import main
from outgrow.load import copying

NUL = "a\0b"
INVALID = b"\xc3("


def make(path: Path, *statements: str, encoding: str = "UTF-8") -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def run(database: str, sql: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(sql)


def query(database: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def retried(database: str, *arguments: object, status: int = 0) -> dict[str, Any]:
    done = outgrow("quarantine", "retry", "--to", database, "--json", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def to_bytea(table: str, column: str) -> str:
    return f"ALTER TABLE {table} ALTER {column} TYPE bytea USING convert_to({column}, 'UTF8')"


#: One row with every storage class at its edges, and a text that PostgreSQL can't hold.
EVERY_CLASS = """
    INSERT INTO t VALUES (9223372036854775807, 'a' || char(0) || 'b', 9e999, x'00ff', NULL,
    -9223372036854775808, 0.1, 4.9406564584124654e-324, '1', 'Ω"\\')
"""


@pytest.fixture
def refused(database: str, tmp_path: Path) -> str:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, bad TEXT, r REAL, b BLOB, n TEXT, i INTEGER, "
        "d REAL, tiny REAL, one TEXT, quoted TEXT)",
        EVERY_CLASS,
        "INSERT INTO t (id, bad, r) VALUES (1, 'fine', 1.5)",
    )
    report = migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    assert [each["code"] for each in report["findings"] if each["severity"] == "warning"] == [
        "OG-214",
        "OG-533",
    ]
    return database


def test_a_refused_row_is_kept_with_every_storage_class(refused: str) -> None:
    [(kind, original)] = query(
        refused, "SELECT storage_class, convert_from(original, 'UTF8') FROM outgrow.quarantine"
    )
    assert kind == "row"
    assert json.loads(original) == {
        "id": 9223372036854775807,
        "bad": NUL,
        "r": {"real": "inf"},
        "b": {"blob": "00ff"},
        "n": None,
        "i": -9223372036854775808,
        "d": {"real": "0.1"},
        "tiny": {"real": "5e-324"},
        "one": "1",
        "quoted": 'Ω"\\',
    }


def test_a_refused_row_waits_with_its_reason_and_goes_back_exactly(
    refused: str, tmp_path: Path
) -> None:
    waiting = retried(refused, status=4)
    assert (waiting["restored"], waiting["remaining"]) == (0, 1)
    assert "NUL" in waiting["entries"][0]["reason"]
    run(refused, to_bytea("t", "bad"))
    assert retried(refused)["restored"] == 1
    assert query(refused, "SELECT * FROM t WHERE id > 1") == [
        (
            9223372036854775807,
            b"a\0b",
            float("inf"),
            b"\0\xff",
            None,
            -9223372036854775808,
            0.1,
            5e-324,
            "1",
            'Ω"\\',
        )
    ]
    again = retried(refused)
    assert (again["restored"], again["remaining"], again["entries"]) == (0, 0, [])
    assert query(refused, "SELECT count(*) FROM t") == [(2,)]


def test_a_row_that_was_mended_in_quarantine_goes_back(refused: str) -> None:
    run(
        refused,
        "UPDATE outgrow.quarantine SET original = convert_to(replace("
        r"convert_from(original, 'UTF8'), 'a\u0000b', 'a b'), 'UTF8')",
    )
    assert retried(refused)["restored"] == 1
    assert query(refused, "SELECT bad FROM t WHERE id > 1") == [("a b",)]


def test_a_spoiled_document_is_told(refused: str) -> None:
    run(refused, "UPDATE outgrow.quarantine SET original = 'nonsense'")
    assert "can't be read" in retried(refused, status=4)["entries"][0]["reason"]
    assert outgrow("quarantine", "list", "--to", refused).returncode == 0


def test_a_row_whose_place_is_taken_waits(refused: str) -> None:
    run(refused, f"{to_bytea('t', 'bad')}; INSERT INTO t (id) VALUES (9223372036854775807)")
    (entry,) = retried(refused, status=4)["entries"]
    assert "duplicate key" in entry["reason"]
    assert "renumber" in entry["fix"]


def test_columns_that_are_gone_or_would_change_a_value_make_it_wait(refused: str) -> None:
    run(refused, f"{to_bytea('t', 'bad')}; ALTER TABLE t ALTER d TYPE numeric(10, 0)")
    (entry,) = retried(refused, status=4)["entries"]
    assert "d is numeric(10,0), and would hold another value" in entry["reason"]
    run(refused, "ALTER TABLE t DROP d")
    (entry,) = retried(refused, status=4)["entries"]
    assert entry["reason"] == "the column of d is gone"
    run(refused, "ALTER TABLE t DROP n")  # NULL is lost with nothing
    run(refused, "DROP TABLE t")
    (entry,) = retried(refused, status=4)["entries"]
    assert entry["outcome"] == "gone"


FAMILY = (
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id), note TEXT)",
    "CREATE TABLE log (what TEXT)",
    "CREATE TRIGGER seen AFTER INSERT ON child BEGIN INSERT INTO log VALUES ('seen'); END",
    "INSERT INTO parent VALUES (1, 'fine'), (2, 'a' || char(0))",
    "INSERT INTO child VALUES (1, 1, 'x'), (2, 2, 'y'), (3, 2, 'b' || char(0))",
    "DELETE FROM log",
)


def test_children_of_a_refused_parent(database: str, tmp_path: Path) -> None:
    path = make(tmp_path / "family.db", *FAMILY)
    report = migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    told = [each["says"] for each in report["findings"] if each["code"] == "OG-533"]
    assert any("child.child_parent_fkey" in says for says in told)
    assert query(database, "SELECT id FROM child ORDER BY id") == [(1,), (2,)]
    # The row in quarantine that comes first is the child's: it has to wait for its parent.
    run(database, to_bytea("child", "note"))
    (parent, child) = sorted(retried(database, status=4)["entries"], key=lambda e: e["key"])
    assert (parent["table"], child["table"]) == ("parent", "child")
    assert child["fix"] == "put the parent row back first"
    run(database, to_bytea("parent", "name"))
    done = retried(database)
    assert done["restored"] == 2
    assert query(database, "SELECT count(*) FROM log") == [(0,)]
    assert query(database, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'seen'") == [
        ("O",)
    ]
    (validate,) = done["validate"]
    run(database, validate)
    assert query(database, "SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == [(0,)]


def test_a_trigger_that_was_off_stays_off(database: str, tmp_path: Path) -> None:
    path = make(tmp_path / "family.db", *FAMILY)
    migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    run(
        database,
        f"ALTER TABLE child DISABLE TRIGGER seen; {to_bytea('child', 'note')}; "
        f"{to_bytea('parent', 'name')}",
    )
    assert retried(database)["restored"] == 2
    assert query(database, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'seen'") == [
        ("D",)
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("on_bad", ["repair", "refuse"])
def test_bytes_come_back_from_any_encoding(
    database: str, tmp_path: Path, encoding: str, on_bad: str
) -> None:
    texts = ["a\0b", "é\0", "\0"]
    bad = INVALID if encoding == "UTF-8" else "\ud800A".encode(encoding, "surrogatepass")
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        *(f"INSERT INTO t (a) VALUES (CAST(x'{t.encode(encoding).hex()}' AS TEXT))" for t in texts),
        f"INSERT INTO t (a) VALUES (CAST(x'{bad.hex()}' AS TEXT))",
        encoding=encoding,
    )
    migrated(path, "--to", database, "--on-bad", on_bad, status=4)
    kept = tmp_path / "kept.jsonl"
    assert outgrow("quarantine", "export", kept, "--to", database).returncode == 0
    lines = [json.loads(line) for line in kept.read_text().splitlines()]
    if on_bad == "repair":
        originals = [bytes.fromhex(line["original_hex"]) for line in lines]
        assert originals == [*(text.encode(encoding) for text in texts), bad]
    else:
        assert [line["row"]["a"] for line in lines] == [*texts, {"text": bad.hex()}]
    run(database, to_bytea("t", "a"))
    assert retried(database)["restored"] == 4
    as_utf8 = INVALID if encoding == "UTF-8" else "\ud800A".encode(errors="surrogatepass")
    assert query(database, "SELECT a FROM t ORDER BY id") == [
        *((text.encode(),) for text in texts),
        (as_utf8,),
    ]


def test_verify_wants_what_was_put_back(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "INSERT INTO t VALUES (1, 'a' || char(0)), (2, 'b' || char(0))",
    )
    migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    assert outgrow("verify", path, "--to", database).returncode == 4
    run(database, "UPDATE outgrow.quarantine SET restored = now() WHERE key LIKE '%2%'")
    done = outgrow("verify", path, "--to", database)
    assert done.returncode == 5
    assert '"id":"2"' in done.stdout.replace(" ", "")


@pytest.fixture
def repaired(database: str, tmp_path: Path) -> str:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE TABLE keyless (a TEXT, b TEXT)",
        "INSERT INTO t VALUES (1, 'x' || char(0)), (2, 'y' || char(0)), (3, 'fine')",
        "INSERT INTO keyless VALUES ('x' || char(0), 'one'), ('x' || char(0), 'two'), "
        "(CAST(x'79ff' AS TEXT), 'three'), ('y' || char(0), 'four'), ('z' || char(0), 'five')",
    )
    migrated(path, "--to", database, status=4)
    return database


def test_a_value_that_was_changed_since_is_left_alone(repaired: str) -> None:
    run(repaired, "UPDATE t SET a = 'by hand' WHERE id = 1; DELETE FROM t WHERE id = 2")
    run(repaired, to_bytea("t", "a"))
    first, second = retried(repaired, "--table", "t", status=4)["entries"]
    assert (first["outcome"], second["outcome"]) == ("changed", "gone")
    assert query(repaired, "SELECT a FROM t WHERE id = 1") == [(b"by hand",)]


def test_a_mended_original_takes_the_place_of_the_mark(repaired: str) -> None:
    run(repaired, "UPDATE outgrow.quarantine SET original = 'mended' WHERE key = '{\"id\":\"1\"}'")
    report = retried(repaired, "--table", "t", status=4)
    assert [each["outcome"] for each in report["entries"]] == ["restored", "waiting"]
    assert query(repaired, "SELECT id, a FROM t ORDER BY id") == [
        (1, "mended"),
        (2, "y\N{REPLACEMENT CHARACTER}"),
        (3, "fine"),
    ]


def test_rows_without_a_key_are_told_apart_only_where_that_is_sure(repaired: str) -> None:
    run(repaired, to_bytea("keyless", "a"))
    report = retried(repaired, "--table", "keyless", status=4)
    outcomes = {each["key"]: each["outcome"] for each in report["entries"]}
    assert outcomes == {
        '{"rowid":1}': "restored",
        '{"rowid":2}': "restored",
        '{"rowid":3}': "unclear",
        '{"rowid":4}': "unclear",
        '{"rowid":5}': "restored",
    }
    rows = query(repaired, "SELECT a, b FROM keyless WHERE b IN ('one', 'two', 'five')")
    assert set(rows) == {(b"x\0", "one"), (b"x\0", "two"), (b"z\0", "five")}


def test_values_made_null_come_back_once_the_column_holds_them(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "eager.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT, flag BOOLEAN)",
        *(f"INSERT INTO t VALUES ({n}, '2024-01-01 00:00:{n:02}', {n % 2})" for n in range(40)),
        "INSERT INTO t VALUES (50, 'unknown', 2)",
    )
    migrated(path, "--to", database, "--types", "eager", status=4)
    assert query(database, "SELECT at, flag FROM t WHERE id = 50") == [(None, None)]
    waiting = retried(database, status=4)
    assert {each["outcome"] for each in waiting["entries"]} == {"waiting"}
    run(database, "ALTER TABLE t ALTER at TYPE text, ALTER flag TYPE bigint USING flag::int")
    assert retried(database)["restored"] == 2
    assert query(database, "SELECT at, flag FROM t WHERE id = 50") == [("unknown", 2)]


def test_nothing_is_put_back_into_a_table_of_another_run(repaired: str, tmp_path: Path) -> None:
    path = make(tmp_path / "other.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    migrated(path, "--to", repaired, "--replace")
    assert retried(repaired, "--table", "t")["entries"] == []
    listed = json.loads(outgrow("quarantine", "list", "--to", repaired, "--all", "--json").stdout)[
        "entries"
    ]
    assert {each["table"] for each in listed} == {"t", "keyless"}


def test_a_person_can_read_the_list(repaired: str) -> None:
    done = outgrow("quarantine", "list", "--to", repaired)
    assert done.returncode == 0
    assert "keyless" in done.stdout
    assert "\\x00" in done.stdout
    assert "\0" not in done.stdout
    as_json = json.loads(outgrow("quarantine", "list", "--to", repaired, "--json").stdout)
    assert as_json["entries"][0] == {
        "id": as_json["entries"][0]["id"],
        "run": 1,
        "table": "keyless",
        "column": "a",
        "key": '{"rowid":1}',
        "action": "repaired",
        "reason": "text holds a NUL character",
        "storage_class": "text",
        "encoding": "UTF-8",
        "bytes": 2,
        "begins": "x\0",
        "restored": None,
    }


def test_an_export_is_private_complete_and_overwrites_nothing(
    repaired: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.csv"
    done = outgrow("quarantine", "export", kept, "--to", repaired)
    assert done.returncode == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with kept.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(bytes.fromhex(row["original_hex"]) for row in rows) == sorted(
        [b"x\0", b"y\0", b"x\0", b"x\0", b"y\xff", b"y\0", b"z\0"]
    )
    before = kept.read_bytes()
    again = outgrow("quarantine", "export", kept, "--to", repaired)
    assert (again.returncode, "OG-552" in again.stderr) == (2, True)
    assert kept.read_bytes() == before


def test_a_database_without_a_migration(database: str) -> None:
    for action in (["list"], ["retry"], ["export", "nowhere.csv"]):
        done = outgrow("quarantine", *action, "--to", database)
        assert (done.returncode, "OG-551" in done.stderr) == (1, True)
    assert not Path("nowhere.csv").exists()
    assert outgrow("quarantine").returncode == 2


def test_stop_tells_every_column_with_counts_and_examples(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE one (a TEXT, b TEXT)",
        "CREATE TABLE two (c TEXT)",
        "INSERT INTO one VALUES ('x' || char(0), CAST(x'c328' AS TEXT)), (char(0), 'fine')",
        "INSERT INTO two VALUES (char(0))",
    )
    done = outgrow("migrate", path, "--to", database, "--on-bad", "stop", "--json")
    assert done.returncode == 3
    found = json.loads(done.stdout)["findings"]
    assert [each["where"] for each in found[1:]] == [
        "bad.db:one.a",
        "bad.db:one.b",
        "bad.db:two.c",
    ]
    assert "4 values in 3 columns" in found[0]["says"]
    assert "2 values" in found[1]["says"]
    assert query(database, "SELECT count(*) FROM pg_namespace WHERE nspname ~ 'outgrow'") == [(0,)]


WIDE = ", ".join(f"c{number} INTEGER" for number in range(1_200))


@pytest.mark.parametrize("server", ["pg15"], indirect=True)
def test_rows_wider_than_a_page_are_counted_and_can_be_refused(
    database: str, tmp_path: Path
) -> None:
    full = ", ".join(["1"] * 1_200)
    path = make(
        tmp_path / "wide.db",
        f"CREATE TABLE t ({WIDE})",
        *["INSERT INTO t (c0) VALUES (7)"] * 2_500,
        *[f"INSERT INTO t VALUES ({full})"] * 3,
        "INSERT INTO t (c0) VALUES (8)",
    )
    done = outgrow("migrate", path, "--to", database)
    assert done.returncode == 3
    assert "3 of its rows" in done.stderr
    assert "row is too big" in done.stderr
    report = migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    (table,) = report["tables"]
    assert (table["rows_read"], table["rows_loaded"], table["rows_refused"]) == (2504, 2501, 3)
    assert query(database, "SELECT count(*) FROM t") == [(2501,)]
    [(row,)] = query(
        database, "SELECT convert_from(original, 'UTF8') FROM outgrow.quarantine LIMIT 1"
    )
    assert json.loads(row) == {f"c{number}": 1 for number in range(1_200)}
    assert "too big" in retried(database, status=4)["entries"][0]["reason"]


def test_a_refused_row_in_a_table_without_rowid(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (k TEXT, n INTEGER, a TEXT, PRIMARY KEY (k, n)) WITHOUT ROWID",
        "INSERT INTO t VALUES ('x', 1, char(0)), ('x', 2, 'fine'), ('y' || char(0), 1, 'key')",
    )
    report = migrated(path, "--to", database, "--on-bad", "refuse", status=4)
    assert report["tables"][0]["rows_refused"] == 2
    assert query(database, "SELECT k, n, a FROM t") == [("x", 2, "fine")]


def test_refused_rows_are_not_counted_as_repaired_too(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "both.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT, a TEXT)",
        *(f"INSERT INTO t VALUES ({n}, '2024-01-01 00:00:{n:02}', 'x')" for n in range(40)),
        "INSERT INTO t VALUES (50, 'unknown', char(0)), (51, 'none', 'x')",
    )
    report = migrated(path, "--to", database, "--types", "eager", "--on-bad", "refuse", status=4)
    (table,) = report["tables"]
    assert (table["rows_refused"], table["values_repaired"]) == (1, 1)
    actions = query(database, "SELECT action, key FROM outgrow.quarantine ORDER BY id")
    assert sorted(actions) == [("nullified", '{"id":"51"}'), ("refused", '{"id":"50"}')]
    again = json.loads(outgrow("verify", path, "--to", database, "--json").stdout)
    (table,) = again["tables"]
    assert (table["rows_refused"], table["values_repaired"]) == (1, 1)


#: What a key can be, and how its rows are found again.
KEYS = {
    "id INTEGER PRIMARY KEY": ["1", "-9223372036854775808", "7"],
    "id TEXT PRIMARY KEY": ["'a'", "'%s'", "'\"\\ü'"],
    "id REAL PRIMARY KEY": ["0.1", "1e300", "9e999"],
    "id BLOB PRIMARY KEY": ["x'00ff'", "'text'", "x''"],
    "id NUMERIC PRIMARY KEY": ["0.5", "3", "9223372036854775807"],
    "id DATETIME PRIMARY KEY": [
        "'2024-01-01 00:00:00'",
        "'2024-01-02 00:00:00'",
        "'2024-01-03 01:02:03'",
    ],
    "'od\"d.na %s me' TEXT PRIMARY KEY": ["'a'", "'b'", "''"],
}


@pytest.mark.parametrize("declared", KEYS)
@pytest.mark.parametrize("on_bad", ["repair", "refuse"])
def test_rows_are_found_by_keys_of_any_class(
    database: str, tmp_path: Path, declared: str, on_bad: str
) -> None:
    path = make(
        tmp_path / "keys.db",
        f"CREATE TABLE 't %s' ({declared}, 'a %b' TEXT) WITHOUT ROWID",
        *(
            f"INSERT INTO 't %s' VALUES ({key}, '{number}' || char(0))"
            for number, key in enumerate(KEYS[declared])
        ),
        "INSERT INTO 't %s' SELECT NULL, 'no' WHERE 0",
    )
    migrated(path, "--to", database, "--on-bad", on_bad, status=4)
    run(database, to_bytea('"t %s"', '"a %b"'))
    report = retried(database, status=0)
    assert [each["outcome"] for each in report["entries"]] == ["restored"] * 3
    with sqlite3.connect(path) as connection:
        connection.text_factory = bytes
        wanted = connection.execute("SELECT \"a %b\" FROM 't %s'").fetchall()
    assert sorted(query(database, 'SELECT "a %b" FROM "t %s"')) == sorted(wanted)


def test_rows_are_found_by_a_key_that_was_repaired(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "keys.db",
        "CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT, b BLOB)",
        "INSERT INTO t VALUES ('x' || char(0), 'a' || char(0), 'b'), ('y' || char(0), 'a', 'b')",
    )
    migrated(path, "--to", database, status=4)
    mended = "UPDATE outgrow.quarantine SET original = convert_to('mended ' || column_name, 'UTF8')"
    run(database, f"{mended} WHERE key LIKE '%x%'")
    run(database, to_bytea("t", "k"))
    entries = retried(database)["entries"]
    assert {each["outcome"] for each in entries} == {"restored"}
    assert sorted(query(database, "SELECT k, a FROM t")) == [
        (b"mended k", "mended a"),
        (b"y\0", "a"),
    ]


def test_rows_of_which_nothing_tells_the_key_are_refused(database: str, tmp_path: Path) -> None:
    names = "rowid TEXT, oid TEXT, _rowid_"
    path = make(
        tmp_path / "nameless.db",
        f"CREATE TABLE fine ({names} TEXT)",
        "INSERT INTO fine VALUES ('x', 'y', 'z')",
        f"CREATE TABLE keyed ({names} INTEGER PRIMARY KEY)",
        "INSERT INTO keyed VALUES ('x', 'y' || char(0), 7)",
    )
    migrated(path, "--to", database, status=4)
    assert query(database, "SELECT key FROM outgrow.quarantine") == [('{"_rowid_":"7"}',)]
    make(path, "INSERT INTO fine VALUES ('x', 'y', 'z' || char(0))")
    for on_bad in ("repair", "refuse"):
        done = outgrow("migrate", path, "--to", database, "--replace", "--on-bad", on_bad)
        assert done.returncode == 1
        assert "OG-141 fine: " in done.stderr


def test_the_reason_names_the_values(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "alike.db",
        "CREATE TABLE t (k TEXT PRIMARY KEY)",
        "INSERT INTO t VALUES (CAST(x'61ff' AS TEXT)), (CAST(x'61fe' AS TEXT))",
    )
    report = migrated(path, "--to", database, status=4)
    (missing,) = report["objects"]["primary_keys"]["missing"]
    assert "Key (k)=(a\N{REPLACEMENT CHARACTER}) is duplicated" in missing["reason"]


def test_large_rows_are_sent_as_bytes_where_copy_s_text_would_be_too_long(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    full = ", ".join(["1"] * 1_200)
    path = make(
        tmp_path / "large.db",
        f"CREATE TABLE 't%s' (b BLOB, r REAL, a TEXT, i INTEGER, {WIDE})",
        "INSERT INTO 't%s' (b, r, a, i) VALUES (x'00ff5c', -9e999, 'a\\%s', 9223372036854775807)",
        f"INSERT INTO 't%s' VALUES (x'01', 1.5, 'x', 1, {full})",
    )
    monkeypatch.setattr(copying, "_LARGE_BYTES", 2)
    inserted = []
    insert = copying.TableLoader._insert

    def watched(self: copying.TableLoader, *arguments: Any) -> None:
        insert(self, *arguments)
        inserted.append(arguments)

    monkeypatch.setattr(copying.TableLoader, "_insert", watched)
    assert main(["migrate", str(path), "--to", database, "--on-bad", "refuse"]) == 4
    assert query(database, 'SELECT b, r, a, i FROM "t%s"') == [
        (b"\x00\xff\\", float("-inf"), "a\\%s", 9223372036854775807)
    ]
    assert len(inserted) == 1
    capsys.readouterr()
