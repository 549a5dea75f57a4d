"""CREATE, ALTER and DROP while the application runs; temporary tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import Any

import pytest
from conformance.backends import clean_environment


def columns(db: Any, table: str) -> list[str]:
    return [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]


def test_create_table_if_not_exists(db: Any) -> None:
    for _ in range(3):
        db.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT)")
    db.execute("INSERT INTO notes (body) VALUES ('a')")
    db.execute("CREATE TABLE IF NOT EXISTS notes (other TEXT)")
    assert columns(db, "notes") == ["id", "body"]


def test_create_if_not_exists_of_what_is_there(db: Any) -> None:
    db.executescript(
        """
        CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY);
        CREATE INDEX IF NOT EXISTS people_by_age ON people (age);
        CREATE VIEW IF NOT EXISTS adults AS SELECT 1;
        CREATE TRIGGER IF NOT EXISTS people_renamed AFTER UPDATE OF name ON people
        BEGIN SELECT 1; END;
        """
    )
    assert "name" in columns(db, "people")


def test_drop_if_exists(db: Any) -> None:
    db.executescript(
        """
        DROP TABLE IF EXISTS nowhere; DROP INDEX IF EXISTS nowhere;
        DROP VIEW IF EXISTS nowhere; DROP TRIGGER IF EXISTS nowhere;
        DROP VIEW IF EXISTS adults; DROP INDEX IF EXISTS people_by_age;
        DROP TRIGGER people_renamed; DROP TABLE audit;
        """
    )
    for table in ("adults", "audit"):
        with pytest.raises(sqlite3.OperationalError, match=f"no such table: {table}"):
            db.execute(f"SELECT * FROM {table}")
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.execute("UPDATE people SET name = 'b'")


def test_probe_a_column_and_add_it(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    try:
        db.execute("SELECT nickname FROM people LIMIT 1")
    except sqlite3.OperationalError as error:
        assert "no such column: nickname" in str(error)
        db.execute("ALTER TABLE people ADD COLUMN nickname TEXT DEFAULT 'none'")
    assert db.execute("SELECT nickname FROM people").fetchone()[0] == "none"


def test_add_columns_of_every_sort(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    for definition in (
        "flag BOOLEAN DEFAULT 0",
        "seen TIMESTAMP",
        "extra JSON DEFAULT '{}'",
        "rank INTEGER NOT NULL DEFAULT 7",
        "anything",
        "boss INTEGER REFERENCES people (id)",
    ):
        db.execute(f"ALTER TABLE people ADD COLUMN {definition}")
    row = db.execute("SELECT flag, seen, extra, rank, anything, boss FROM people").fetchone()
    assert tuple(row) == (0, None, "{}", 7, None, None)


def test_a_new_column_is_in_a_star(db: Any) -> None:
    assert "extra" not in db.execute("SELECT * FROM people").description
    db.execute("ALTER TABLE people ADD COLUMN extra TEXT")
    assert db.execute("SELECT * FROM people").description[-1][0] == "extra"


def test_rename_and_drop_a_column(db: Any) -> None:
    db.execute("INSERT INTO people (name, score) VALUES ('a', 1.5)")
    db.execute("ALTER TABLE people RENAME COLUMN score TO points")
    db.execute("ALTER TABLE people DROP COLUMN photo")
    row = db.execute("SELECT * FROM people").fetchone()
    assert row["points"] == 1.5
    assert "photo" not in row.keys()  # noqa: SIM118 - a row's `in` looks at values


def test_rename_a_table(db: Any) -> None:
    db.execute("INSERT INTO settings VALUES ('k', 'v')")
    db.execute("ALTER TABLE settings RENAME TO options")
    assert db.execute("SELECT value FROM options").fetchone()[0] == "v"
    with pytest.raises(sqlite3.OperationalError, match="no such table: settings"):
        db.execute("SELECT * FROM settings")


def test_a_view(db: Any) -> None:
    db.execute("INSERT INTO people (name, age) VALUES ('a', 30), ('b', 3)")
    db.execute("CREATE VIEW children AS SELECT name, age FROM people WHERE age < 18")
    assert [tuple(row) for row in db.execute("SELECT * FROM children")] == [("b", 3)]
    assert [row["name"] for row in db.execute("SELECT name FROM adults")] == ["a"]


def test_a_trigger(db: Any) -> None:
    db.execute(
        "CREATE TRIGGER noted AFTER INSERT ON people BEGIN "
        "INSERT INTO audit (what) VALUES ('new ' || new.name); END"
    )
    db.execute("INSERT INTO people (name) VALUES ('a')")
    assert db.execute("SELECT what FROM audit").fetchone()[0] == "new a"


def test_a_trigger_of_the_application(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.execute("UPDATE people SET name = 'b'")
    assert db.execute("SELECT what FROM audit").fetchone()[0] == "a is b"


def test_a_unique_index_is_enforced(db: Any) -> None:
    db.execute("CREATE UNIQUE INDEX one ON people (name) WHERE age IS NULL")
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.execute("INSERT INTO people (name, age) VALUES ('a', 1)")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        db.execute("INSERT INTO people (name) VALUES ('a')")


def test_create_table_as(db: Any) -> None:
    db.execute("INSERT INTO people (name, age, score) VALUES ('a', 1, 1.5)")
    db.execute("CREATE TABLE copied AS SELECT name, age, score FROM people")
    assert tuple(db.execute("SELECT * FROM copied").fetchone()) == ("a", 1, 1.5)


def test_a_table_without_rowid_and_a_strict_one(db: Any) -> None:
    db.execute("CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID")
    db.execute("CREATE TABLE exact (a INTEGER, b TEXT) STRICT")
    db.execute("INSERT INTO pairs VALUES ('x', 1), ('x', 2)")
    db.execute("INSERT INTO exact VALUES (1, 'b')")
    assert db.execute("SELECT count(*) FROM pairs").fetchone()[0] == 2
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO exact VALUES ('x', 'b')")


def test_a_generated_column(db: Any) -> None:
    db.execute("CREATE TABLE boxes (a INTEGER, b INTEGER, area INTEGER AS (a * b) STORED)")
    db.execute("INSERT INTO boxes (a, b) VALUES (2, 3)")
    assert db.execute("SELECT area FROM boxes").fetchone()[0] == 6


def test_names_that_are_hard(db: Any) -> None:
    db.execute('CREATE TABLE "Order Lines" ("Group" TEXT, [select] INTEGER, `a"b` TEXT)')
    db.execute('INSERT INTO "order lines" VALUES (?, ?, ?)', ("g", 1, "x"))
    row = db.execute('SELECT * FROM [Order Lines] WHERE "group" = ?', ("g",)).fetchone()
    assert row.keys() == ["Group", "select", 'a"b']


def test_other_connections_see_a_new_table(db: Any, other: Any) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: notes"):
        other.execute("SELECT * FROM notes")
    db.execute("CREATE TABLE notes (body TEXT)")
    db.execute("INSERT INTO notes VALUES ('a')")
    db.commit()
    assert other.execute("SELECT body FROM notes").fetchone()[0] == "a"


def test_other_connections_see_a_new_column(db: Any, backend: Any) -> None:
    second = backend.another()
    with second.get_connection() as other:
        assert "extra" not in columns(other, "people")
    db.execute("ALTER TABLE people ADD COLUMN extra TEXT DEFAULT 'e'")
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.commit()
    with second.get_connection() as other:
        assert other.execute("SELECT * FROM people").fetchone()["extra"] == "e"
        other.execute("UPDATE people SET extra = 'f'")
    assert db.execute("SELECT extra FROM people").fetchone()[0] == "f"


def test_an_open_connection_sees_a_new_column(db: Any, other: Any) -> None:
    assert other.execute("SELECT * FROM people").fetchall() == []
    db.execute("ALTER TABLE people ADD COLUMN extra TEXT DEFAULT 'e'")
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.commit()
    assert other.execute("SELECT extra FROM people").fetchone()[0] == "e"


def test_an_open_connection_sees_a_renamed_table(db: Any, other: Any) -> None:
    assert other.execute("SELECT * FROM settings").fetchall() == []
    db.execute("ALTER TABLE settings RENAME TO options")
    with pytest.raises(sqlite3.OperationalError, match="no such table: settings"):
        other.execute("SELECT * FROM settings")
    assert other.execute("SELECT * FROM options").fetchall() == []


def test_another_connection_of_the_pool_sees_it(db: Any, adapter: Any) -> None:
    with adapter.get_connection() as second:
        second.execute("SELECT * FROM people").fetchall()
        db.execute("CREATE TABLE notes (body TEXT)")
        assert second.execute("SELECT * FROM notes").fetchall() == []


def test_another_process_sees_it(db: Any, backend: Any) -> None:
    db.execute("CREATE TABLE notes (body TEXT)")
    db.execute("INSERT INTO notes VALUES ('told')")
    db.commit()
    script = (
        "from outgrow.database import get_database_adapter\n"
        "with get_database_adapter().get_connection() as c:\n"
        "    print(c.execute('SELECT body FROM notes').fetchone()['body'])\n"
        "    c.execute('ALTER TABLE notes ADD COLUMN more INTEGER DEFAULT 3')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment() | backend.settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("told", "")
    assert db.execute("SELECT more FROM notes").fetchone()[0] == 3


def test_a_definition_that_is_rolled_back_is_not_seen(db: Any, adapter: Any) -> None:
    db.execute("BEGIN")
    db.execute("ALTER TABLE people ADD COLUMN extra TEXT")
    assert "extra" in columns(db, "people")
    db.rollback()
    assert "extra" not in columns(db, "people")
    with adapter.get_connection() as second:
        assert "extra" not in columns(second, "people")
    db.execute("ALTER TABLE people ADD COLUMN extra TEXT")
    assert "extra" in columns(db, "people")


# --- temporary tables ---------------------------------------------------------------------------


def test_a_temporary_table(db: Any) -> None:
    db.execute("CREATE TEMP TABLE found (id INTEGER, name TEXT)")
    db.executemany("INSERT INTO found VALUES (?, ?)", [(1, "a"), (2, "b")])
    assert db.execute("SELECT count(*) FROM found").fetchone()[0] == 2
    db.commit()
    assert db.execute("SELECT name FROM temp.found WHERE id = 2").fetchone()[0] == "b"
    db.execute("DROP TABLE found")
    with pytest.raises(sqlite3.OperationalError, match="no such table: found"):
        db.execute("SELECT * FROM found")


def test_a_temporary_table_is_not_seen_by_others(db: Any, adapter: Any) -> None:
    db.execute("CREATE TEMPORARY TABLE found (id INTEGER)")
    with adapter.get_connection() as second:
        with pytest.raises(sqlite3.OperationalError, match="no such table: found"):
            second.execute("SELECT * FROM found")
        second.execute("CREATE TEMP TABLE found (other TEXT)")
        second.execute("INSERT INTO found VALUES ('o')")
        assert db.execute("SELECT * FROM found").fetchall() == []


def test_a_temporary_table_ends_with_its_connection(backend: Any) -> None:
    adapter = backend.another() if backend.is_sqlite else backend.another(pool_min=1, pool_max=1)
    for _ in range(2):
        with adapter.get_connection() as connection:
            connection.execute("CREATE TEMP TABLE found (id INTEGER)")
            connection.execute("INSERT INTO found VALUES (1)")
            assert connection.execute("SELECT count(*) FROM found").fetchone()[0] == 1


def test_a_temporary_table_beside_new_definitions(db: Any, adapter: Any) -> None:
    db.execute("CREATE TEMP TABLE found (id INTEGER)")
    with adapter.get_connection() as second:
        second.execute("CREATE TABLE later (a INTEGER)")
    db.execute("INSERT INTO later VALUES (1)")
    db.execute("INSERT INTO found SELECT a FROM later")
    assert db.execute("SELECT count(*) FROM found").fetchone()[0] == 1


def test_a_temporary_view(db: Any) -> None:
    db.execute("INSERT INTO people (name, age) VALUES ('a', 1)")
    db.execute("CREATE TEMP VIEW young AS SELECT name FROM people WHERE age < 5")
    assert db.execute("SELECT name FROM young").fetchone()[0] == "a"


def test_a_temporary_table_stays_after_a_rollback(db: Any) -> None:
    db.execute("CREATE TEMP TABLE found (id INTEGER)")
    db.execute("CREATE UNIQUE INDEX temp.one_found ON found (id)")
    db.execute("INSERT INTO found VALUES (1)")
    db.commit()
    db.execute("INSERT INTO found VALUES (2)")
    db.rollback()
    assert [row[0] for row in db.execute("SELECT id FROM found")] == [1]
    db.execute("BEGIN")
    db.execute("CREATE TEMP TABLE more (id INTEGER)")
    db.execute("ROLLBACK")
    with pytest.raises(sqlite3.OperationalError, match="no such table: more"):
        db.execute("SELECT * FROM more")
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: found\.id"):
        db.execute("INSERT INTO found VALUES (1)")
