"""``outgrow verify`` after a migration: it tells what the migration told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import apsw
import psycopg
import pytest
from commands import migrated, outgrow

COUNTS = ("rows_read", "rows_loaded", "rows_refused", "values_repaired")


def make(path: Path, sql: str) -> Path:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()
    return path


def verified(path: Path, database: str, *, status: int) -> dict[str, Any]:
    """Run ``verify --json``; the exit status has to be as expected."""
    done = outgrow("verify", path, "--to", database, "--json")
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def counts(report: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {
        table["source"]["table"]: tuple(table[count] for count in COUNTS)
        for table in report["tables"]
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--on-bad", "repair"], (4, 4, 0, 3)),
        (["--on-bad", "refuse"], (4, 2, 2, 0)),
        (["--on-bad", "repair", "--types", "eager"], (4, 4, 0, 3)),
    ],
)
def test_what_was_repaired_or_refused_is_told_again(
    database: str, tmp_path: Path, options: list[str], expected: tuple[int, ...]
) -> None:
    path = make(
        tmp_path / "bad.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);"
        "INSERT INTO t VALUES (1, 'a', 'b'), (2, CAST(x'ff41' AS TEXT), 'x' || char(0)),"
        " (3, 'a' || char(0), 'b'), (4, NULL, NULL);"
        "CREATE TABLE sound (id INTEGER PRIMARY KEY); INSERT INTO sound VALUES (1)",
    )
    first = migrated(path, "--to", database, *options, status=4)
    again = verified(path, database, status=4)
    assert again["status"] == "incomplete"
    assert counts(first) == counts(again) == {"t": expected, "sound": (1, 1, 0, 0)}


def test_values_made_null_are_told_again(database: str, tmp_path: Path) -> None:
    days = ", ".join(f"({day}, '2020-01-{day:02}')" for day in range(1, 29))
    path = make(
        tmp_path / "eager.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, day TEXT);"
        f"INSERT INTO t VALUES {days}, (29, 'unknown')",
    )
    first = migrated(path, "--to", database, "--types", "eager", status=4)
    assert counts(first) == counts(verified(path, database, status=4)) == {"t": (29, 29, 0, 1)}


SOUND = {
    "infinity in a numeric": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k NUMERIC);"
        "INSERT INTO t (k) VALUES (9007199254740993), (0.1), (9e999), (-9e999)"
    ),
    "an invalid text beside a blob": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);"
        "INSERT INTO t (x) VALUES ('x'), (CAST(x'ff41' AS TEXT)), (x'4142')"
    ),
    "a text beside a blob in UTF-16": (
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB);"
        "INSERT INTO t VALUES (1, x'00'), (2, 'z')"
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_arrived_is_verified(database: str, tmp_path: Path, case: str) -> None:
    path = make(tmp_path / "sound.db", SOUND[case])
    migrated(path, "--to", database)
    assert verified(path, database, status=0)["status"] == "verified"


def test_half_a_surrogate_pair_is_repaired(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "wide.db",
        "PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (name TEXT PRIMARY KEY);"
        "INSERT INTO t VALUES ('a'), (CAST(x'd8000041' AS TEXT)),"
        " (CAST(x'00410042dc00' AS TEXT)), (CAST(x'dc00' AS TEXT)),"
        " (CAST(x'006100' AS TEXT) || 'b')",
    )
    first = migrated(path, "--to", database, status=4)
    assert counts(first) == counts(verified(path, database, status=4)) == {"t": (5, 5, 0, 3)}


def test_a_default_that_is_null_is_none(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "defaults.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY DEFAULT 5, a TEXT DEFAULT (nullif(1, 1)),"
        " b TEXT DEFAULT (datetime(NULL)), c INTEGER DEFAULT (1 / 0), d TEXT DEFAULT NULL,"
        " e TEXT DEFAULT (NULL -- nothing\n), f TEXT DEFAULT 'NULL', g TEXT DEFAULT word);"
        "INSERT INTO t (id) VALUES (1)",
    )
    for report in (migrated(path, "--to", database), verified(path, database, status=0)):
        told = report["objects"]["defaults"]
        assert (told["source"], told["target"], told["missing"]) == (2, 2, [])
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO t DEFAULT VALUES")
        rows = connection.execute("SELECT a, b, c, d, e, f, g FROM t ORDER BY id").fetchall()
    again = apsw.Connection(str(path)).execute("SELECT a, b, c, d, e, f, g FROM t").fetchall()
    assert rows == [*again, *again]


def test_a_difference_is_told_with_its_place_and_both_values(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "long.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);"
        f"INSERT INTO t VALUES (7, '{'x' * 5000}' || 'old end')",
    )
    migrated(path, "--to", database)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE t SET a = replace(a, 'old', 'new')")
    (told,) = [
        each
        for each in verified(path, database, status=5)["findings"]
        if each["severity"] == "error"
    ]
    assert told["where"] == "long.db:t.a"
    assert '{"id":"7"}' in told["says"]
    assert "old end" in told["says"]
    assert "new end" in told["says"]


def test_a_table_that_can_not_be_read_is_told_in_its_own_names(
    database: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "renamed.db",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);"
        "CREATE VIEW bodies AS SELECT id, body FROM notes",
    )
    migrated(path, "--to", database)
    with psycopg.connect(database) as connection:
        connection.execute(
            "ALTER TABLE notes RENAME body TO text;"
            "DROP VIEW bodies; CREATE VIEW bodies AS SELECT id FROM notes"
        )
    findings = verified(path, database, status=5)["findings"]
    told = {each["where"]: each["says"] for each in findings if each["code"] == "OG-604"}
    assert told == {
        "renamed.db:notes": "PostgreSQL can't read it: column notes.body does not exist",
        "renamed.db:bodies": "PostgreSQL can't read it: "
        'table "bodies" has 1 columns available but 2 columns specified',
    }


CHANGED = """
CREATE TABLE Shelf (Id INTEGER PRIMARY KEY, Width INTEGER CHECK (Width > 0), Depth INTEGER
    DEFAULT 3 CHECK (Depth > 0), Room TEXT CHECK (Room <> ''), CHECK (Depth < Width));
CREATE TABLE Book (Id INTEGER PRIMARY KEY, ShelfId INTEGER REFERENCES Shelf (Id), Title TEXT);
CREATE INDEX Titles ON Book (Title);
CREATE TRIGGER Moved AFTER UPDATE OF ShelfId ON Book BEGIN
    UPDATE Shelf SET Room = 'x' WHERE Id = NEW.ShelfId; END;
INSERT INTO Shelf VALUES (1, 9, 3, 'hall'); INSERT INTO Book VALUES (1, 1, 'One');
"""


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        ("ALTER TABLE shelf ALTER depth SET DEFAULT 4", "Shelf.Depth"),
        ("ALTER TABLE shelf DROP CONSTRAINT shelf_width_check", "Shelf.Width > 0"),
        ("ALTER TABLE shelf DROP CONSTRAINT shelf_room_check", "Shelf.Room <> ''"),
        ("ALTER TABLE shelf DROP CONSTRAINT shelf_check", "Shelf.Depth < Width"),
        ("DROP INDEX titles; CREATE INDEX titles ON book (title text_pattern_ops)", "Titles"),
        ("ALTER TABLE book ENABLE ALWAYS TRIGGER moved", "Moved"),
        ("ALTER FUNCTION moved() SET search_path = public", "Moved"),
        ("ALTER SEQUENCE shelf_id_seq MAXVALUE 99", "Shelf.Id"),
        (
            "ALTER TABLE book DISABLE TRIGGER ALL; ALTER TABLE book ENABLE TRIGGER USER",
            "Book.ShelfId",
        ),
        ("ALTER TABLE book SET UNLOGGED", "Book"),
    ],
)
def test_a_change_is_told_where_it_is_in_the_source(
    database: str, tmp_path: Path, damage: str, where: str
) -> None:
    path = make(tmp_path / "shelf.db", CHANGED)
    migrated(path, "--to", database)
    with psycopg.connect(database) as connection:
        connection.execute(damage)
    findings = verified(path, database, status=5)["findings"]
    told = {each["where"] for each in findings if each["severity"] == "error"}
    assert told == {f"shelf.db:{where}"}


@pytest.fixture
def reader(database: str) -> Iterator[str]:
    """The database as a role sees it that may do nothing, in read-only transactions."""
    role = f"reader_{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
        yield psycopg.conninfo.make_conninfo(database, user=role)
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_role_that_may_only_read_verifies(database: str, reader: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x');"
        "INSERT INTO t VALUES (1, 'a'), (2, 'b' || char(0))",
    )
    migrated(path, "--to", database, "--schema", "app", status=4)
    verify = ("verify", path, "--to", reader, "--schema", "app", "--json")
    lacking = json.loads(outgrow(*verify).stdout)["findings"]
    assert [each["code"] for each in lacking] == ["OG-416"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(lacking[0]["fix"].partition(" run: ")[2])
        done = outgrow(*verify)
        assert done.returncode == 4, done.stderr
        # What it can't see is said.
        assert "OG-613" in [each["code"] for each in json.loads(done.stdout)["findings"]]
        held = outgrow("quarantine", "list", "--to", reader, "--schema", "app", "--json")
        assert [each["key"] for each in json.loads(held.stdout)["entries"]] == ['{"id":"2"}']
        connection.execute("UPDATE app.t SET a = 'c'")
    assert outgrow(*verify).returncode == 5


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE t ALTER id TYPE numeric",
        "ALTER TABLE t ALTER n TYPE numeric",
        "ALTER TABLE t ALTER n TYPE text",
        "ALTER TABLE t ALTER x TYPE numeric",
        "ALTER TABLE t ALTER b TYPE date USING '2020-01-01'",
        "ALTER TABLE keyed ALTER b TYPE date USING '2020-01-01'::date + n::int",
        "ALTER TABLE keyed ALTER n TYPE interval USING n * interval '1 day'",
        "ALTER TABLE heap ALTER n TYPE numeric",
        "ALTER TABLE heap ALTER a_at TYPE timestamptz",
        "ALTER TABLE heap ALTER n TYPE bigint[] USING ARRAY[n]",
    ],
)
def test_a_column_of_another_type_is_a_difference(
    database: str, tmp_path: Path, damage: str
) -> None:
    path = make(
        tmp_path / "types.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, x REAL, b BLOB);"
        "CREATE TABLE keyed (b BLOB, n INTEGER, PRIMARY KEY (b, n));"
        "CREATE TABLE heap (n INTEGER, d TEXT, a_at TEXT);"
        "INSERT INTO t VALUES (1, 1, 1.0, x'00'), (2, NULL, 0.5, NULL), (3, 7, 2.5, x'ff');"
        "INSERT INTO keyed VALUES (x'00', 1), (x'01', 2);"
        "INSERT INTO heap VALUES (1, '2020-01-01', '2020-01-01'), (1, NULL, '2021-01-01')",
    )
    migrated(path, "--to", database)
    with psycopg.connect(database) as connection:
        connection.execute(damage)
    findings = verified(path, database, status=5)["findings"]
    where = "types.db:" + damage.split()[2]
    assert where in {each["where"] for each in findings if each["code"] == "OG-611"}


def test_a_table_of_an_earlier_run_is_told_as_not_compared(database: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "two.db",
        "CREATE TABLE t (a); INSERT INTO t VALUES (1);CREATE TABLE U (a); INSERT INTO U VALUES (2)",
    )
    migrated(path, "--to", database, "--include", "U")
    assert "OG-615" not in str(verified(path, database, status=0)["findings"])
    migrated(path, "--to", database, "--include", "t")
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE u SET a = 99")
    (told,) = (
        each for each in verified(path, database, status=0)["findings"] if each["code"] == "OG-615"
    )
    assert (told["severity"], told["where"]) == ("warning", "two.db:U")
