"""Ids, conflicts, upserts, RETURNING, triggers: what applications write."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


def rows(db: Any, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(sql, parameters)]


def test_an_id_after_an_explicit_one(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (50, 'a')")
    assert db.execute("INSERT INTO people (name) VALUES ('b')").lastrowid == 51


def test_an_id_after_an_explicit_one_without_autoincrement(db: Any) -> None:
    db.execute("INSERT INTO Tasks (TaskId, Title) VALUES (50, 'a')")
    assert db.execute("INSERT INTO Tasks (Title) VALUES ('b')").lastrowid == 51


def test_an_id_that_is_null_is_made(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (8, 'a')")
    assert db.execute("INSERT INTO people (id, name) VALUES (NULL, 'b')").lastrowid == 9
    assert db.execute("INSERT INTO people (id, name) VALUES (?, 'c')", (None,)).lastrowid == 10


def test_an_id_below_the_last(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (50, 'a')")
    db.execute("INSERT INTO people (id, name) VALUES (3, 'b')")
    assert db.execute("INSERT INTO people (name) VALUES ('c')").lastrowid == 51


def test_an_id_that_is_negative(db: Any) -> None:
    assert db.execute("INSERT INTO people (id, name) VALUES (-5, 'a')").lastrowid == -5
    assert db.execute("INSERT INTO people (name) VALUES ('b')").lastrowid == 1


def test_an_id_that_an_update_gave(db: Any) -> None:
    db.execute("INSERT INTO Tasks (TaskId, Title) VALUES (1, 'a')")
    db.execute("UPDATE Tasks SET TaskId = 90")
    assert db.execute("INSERT INTO Tasks (Title) VALUES ('b')").lastrowid == 91


def test_autoincrement_gives_no_id_twice(db: Any) -> None:
    first = db.execute("INSERT INTO people (name) VALUES ('a')").lastrowid
    db.execute("DELETE FROM people")
    assert db.execute("INSERT INTO people (name) VALUES ('b')").lastrowid == first + 1


def test_ids_after_executemany_with_ids(db: Any) -> None:
    db.executemany("INSERT INTO people (id, name) VALUES (?, ?)", [(n, "x") for n in (7, 9, 8)])
    assert db.execute("INSERT INTO people (name) VALUES ('b')").lastrowid == 10


def test_ids_by_insert_select(db: Any) -> None:
    db.execute("INSERT INTO Tasks (TaskId, Title) VALUES (30, 'a'), (31, 'b')")
    db.execute("INSERT INTO people (id, name) SELECT TaskId + 100, Title FROM Tasks")
    assert db.execute("INSERT INTO people (name) VALUES ('c')").lastrowid == 132


def test_rowid(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (4, 'a')")
    assert rows(db, "SELECT rowid, oid, _rowid_ FROM people WHERE rowid = 4") == [(4, 4, 4)]


def test_sqlite_sequence(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (40, 'a')")
    assert rows(db, "SELECT seq FROM sqlite_sequence WHERE name = 'people'") == [(40,)]


def test_insert_or_ignore(db: Any) -> None:
    for value in ("first", "second"):
        db.execute("INSERT OR IGNORE INTO settings (key, value) VALUES ('k', ?)", (value,))
    assert rows(db, "SELECT * FROM settings") == [("k", "first")]


def test_insert_or_ignore_of_several(db: Any) -> None:
    db.execute("INSERT INTO settings VALUES ('b', '0')")
    cursor = db.executemany(
        "INSERT OR IGNORE INTO settings VALUES (?, ?)", [("a", "1"), ("b", "1"), ("a", "2")]
    )
    assert cursor.rowcount == 1
    assert rows(db, "SELECT * FROM settings ORDER BY key") == [("a", "1"), ("b", "0")]


def test_insert_or_ignore_of_not_null_and_check(db: Any) -> None:
    db.execute("INSERT OR IGNORE INTO people (name) VALUES (NULL)")
    db.execute("INSERT OR IGNORE INTO people (name, age) VALUES ('a', -1)")
    assert rows(db, "SELECT * FROM people") == []


def test_insert_or_replace(db: Any) -> None:
    for value in ("first", "second"):
        db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES ('k', ?)", (value,))
    assert rows(db, "SELECT * FROM settings") == [("k", "second")]


@pytest.fixture
def stock(db: Any) -> Any:
    db.execute("CREATE TABLE stock (id INTEGER PRIMARY KEY, code TEXT UNIQUE, n INTEGER)")
    db.execute("INSERT INTO stock VALUES (1, 'x', 5), (2, 'y', 6)")
    return db


def test_replace_by_another_key(stock: Any) -> None:
    stock.execute("REPLACE INTO stock (id, code, n) VALUES (3, 'x', 7)")
    assert rows(stock, "SELECT * FROM stock ORDER BY id") == [(2, "y", 6), (3, "x", 7)]


def test_replace_by_both_keys(stock: Any) -> None:
    assert stock.execute("REPLACE INTO stock (id, code) VALUES (1, 'y')").rowcount == 1
    assert rows(stock, "SELECT * FROM stock") == [(1, "y", None)]


def test_replace_in_cascade(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'a')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', 1)")
    db.execute("REPLACE INTO people (id, name) VALUES (1, 'b')")
    assert rows(db, "SELECT * FROM Tasks") == []


UPSERT = (
    "INSERT INTO settings (key, value) VALUES (?, ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def test_upsert(db: Any) -> None:
    assert db.execute(UPSERT, ("k", "1")).rowcount == 1
    assert db.execute(UPSERT, ("k", "2")).rowcount == 1
    assert rows(db, "SELECT * FROM settings") == [("k", "2")]


def test_upsert_of_several(db: Any) -> None:
    db.executemany(UPSERT, [("k", "1"), ("k", "2"), ("l", "3")])
    assert rows(db, "SELECT * FROM settings ORDER BY key") == [("k", "2"), ("l", "3")]


def test_upsert_that_counts(db: Any) -> None:
    sql = (
        "INSERT INTO people (name, email, age) VALUES ('a', 'x', 1) "
        "ON CONFLICT (email) DO UPDATE SET age = age + excluded.age WHERE age < 3"
    )
    for _ in range(5):
        db.execute(sql)
    assert rows(db, "SELECT age FROM people") == [(3,)]


def test_on_conflict_do_nothing(db: Any) -> None:
    sql = "INSERT INTO settings VALUES ('k', '1') ON CONFLICT DO NOTHING"
    assert [db.execute(sql).rowcount for _ in range(2)] == [1, 0]


def test_returning(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (name) VALUES ('a'), ('b') RETURNING id, name AS n")
    found = cursor.fetchall()
    assert [row["n"] for row in found] == ["a", "b"]
    changed = rows(db, "UPDATE people SET age = 9 WHERE name = 'a' RETURNING id, age")
    assert changed == [(found[0]["id"], 9)]
    assert rows(db, "DELETE FROM people WHERE name = 'b' RETURNING *")[0][1] == "b"


def test_returning_a_star(db: Any) -> None:
    row = db.execute("INSERT INTO settings VALUES ('k', 'v') RETURNING *").fetchone()
    assert dict(row) == {"key": "k", "value": "v"}


def test_default_values(db: Any) -> None:
    db.execute("INSERT INTO events DEFAULT VALUES")
    assert rows(db, "SELECT note FROM events") == [("none",)]


def test_insert_select(db: Any) -> None:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", 40)])
    cursor = db.execute("INSERT INTO audit (what) SELECT name FROM people WHERE age > ?", (5,))
    assert cursor.rowcount == 1
    assert rows(db, "SELECT what FROM audit") == [("b",)]


def test_update_from(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'a')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', 1)")
    db.execute("UPDATE Tasks SET Title = p.name || '!' FROM people p WHERE p.id = person_id")
    assert rows(db, "SELECT Title FROM Tasks") == [("a!",)]


def test_update_with_a_subquery(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'a'), (2, 'b')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', 1), ('u', 1)")
    db.execute("UPDATE people SET age = (SELECT count(*) FROM Tasks WHERE person_id = people.id)")
    assert rows(db, "SELECT age FROM people ORDER BY id") == [(2,), (0,)]


def test_columns_in_any_case(db: Any) -> None:
    db.execute('insert into TASKS (TASKID, title, "ORDER") values (1, ?, 2)', ("a",))
    assert rows(db, "SELECT taskid, TITLE FROM tAsKs WHERE Tasks.TITLE = 'a'") == [(1, "a")]


def test_a_with_clause(db: Any) -> None:
    db.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) "
        "INSERT INTO audit (what) SELECT 'n' || x FROM n"
    )
    assert rows(db, "SELECT count(*), max(what) FROM audit") == [(5, "n5")]


def test_windows_and_groups(db: Any) -> None:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", 1), ("c", 2)])
    sql = "SELECT name, row_number() OVER (PARTITION BY age ORDER BY name DESC) FROM people"
    assert rows(db, f"{sql} ORDER BY name") == [("a", 2), ("b", 1), ("c", 1)]
    sql = "SELECT age, group_concat(name, '+') FROM people GROUP BY age HAVING count(*) > 1"
    assert rows(db, sql) == [(1, "a+b")]


def test_a_left_join_with_nulls(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'a'), (2, 'b')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', 1)")
    sql = "SELECT p.name, t.Title FROM people p LEFT JOIN Tasks t ON t.person_id = p.id"
    assert rows(db, f"{sql} ORDER BY p.id") == [("a", "t"), ("b", None)]


def test_a_failed_insert_gives_no_rowid(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (id, name) VALUES (5, 'a')")
    with pytest.raises(sqlite3.IntegrityError):
        cursor.execute("INSERT INTO people (id, name) VALUES (5, 'b')")
    assert rows(db, "SELECT last_insert_rowid()") == [(5,)]


def test_changes_after_a_failure(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (5, 'a'), (6, 'b')")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO people (id, name) VALUES (5, 'b')")
    assert db.total_changes == 2


def test_changes_after_executemany(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("a",), ("b",), ("c",)])
    assert rows(db, "SELECT changes(), total_changes()") == [(1, 3)]
    assert rows(db, "SELECT last_insert_rowid() = max(id) FROM people") == [(1,)]


def test_lastrowid_of_an_ignored_insert(db: Any) -> None:
    db.execute("INSERT INTO people (id, name, email) VALUES (7, 'a', 'x')")
    cursor = db.execute("INSERT OR IGNORE INTO people (name, email) VALUES ('b', 'x')")
    assert (cursor.lastrowid, cursor.rowcount) == (7, 0)


def test_lastrowid_of_an_upsert_that_updates(db: Any) -> None:
    db.execute("INSERT INTO people (id, name, email) VALUES (7, 'a', 'x'), (8, 'b', 'y')")
    sql = "INSERT INTO people (name, email) VALUES ('c', 'x') ON CONFLICT (email) DO UPDATE SET "
    db.execute(f"{sql} name = excluded.name")
    assert rows(db, "SELECT last_insert_rowid()") == [(8,)]


def test_lastrowid_of_a_replace(db: Any) -> None:
    db.execute("CREATE TABLE stock (id INTEGER PRIMARY KEY, code TEXT UNIQUE)")
    db.execute("INSERT INTO stock VALUES (5, 'x')")
    assert db.execute("REPLACE INTO stock (code) VALUES ('x')").lastrowid == 6


def test_lastrowid_beside_a_trigger(db: Any) -> None:
    db.execute(
        "CREATE TRIGGER noted AFTER INSERT ON people BEGIN "
        "INSERT INTO audit (id, what) VALUES (500, new.name); END"
    )
    assert db.execute("INSERT INTO people (id, name) VALUES (3, 'a')").lastrowid == 3
    assert rows(db, "SELECT last_insert_rowid()") == [(3,)]


def test_total_changes_counts_what_triggers_do(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    db.execute("UPDATE people SET name = 'b'")
    assert db.total_changes == 3


def test_returning_that_is_not_read(db: Any, other: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a'), ('b') RETURNING id").fetchall()
    db.commit()
    assert rows(other, "SELECT count(*) FROM people") == [(2,)]


def test_text_factory(db: Any) -> None:
    assert db.text_factory is str
    db.text_factory = str
    assert rows(db, "SELECT 'a'") == [("a",)]


def test_text_factory_bytes(db: Any) -> None:
    db.text_factory = bytes
    assert rows(db, "SELECT 'ä'") == [("ä".encode(),)]
