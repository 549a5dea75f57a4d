"""The life of a cursor: rows one by one, description, rowcount, lastrowid, closing."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


@pytest.fixture
def three(db: Any) -> Any:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", 2), ("c", 3)])
    return db


def names(rows: Any) -> list[Any]:
    return [row[0] for row in rows]


def test_fetchone_until_none(three: Any) -> None:
    cursor = three.execute("SELECT name FROM people ORDER BY id")
    assert [cursor.fetchone()[0] for _ in range(3)] == ["a", "b", "c"]
    assert cursor.fetchone() is None
    assert cursor.fetchone() is None


def test_fetchmany_gives_one_without_a_size(three: Any) -> None:
    assert names(three.execute("SELECT name FROM people ORDER BY id").fetchmany()) == ["a"]


def test_fetchmany_of_a_size(three: Any) -> None:
    cursor = three.execute("SELECT name FROM people ORDER BY id")
    assert names(cursor.fetchmany(2)) == ["a", "b"]
    assert names(cursor.fetchmany(2)) == ["c"]
    assert cursor.fetchmany(2) == []


def test_fetchmany_by_keyword(three: Any) -> None:
    assert len(three.execute("SELECT name FROM people").fetchmany(size=2)) == 2


def test_arraysize(three: Any) -> None:
    cursor = three.cursor()
    assert cursor.arraysize == 1
    cursor.arraysize = 2
    assert len(cursor.execute("SELECT name FROM people").fetchmany()) == 2


def test_fetchall_gives_what_is_left(three: Any) -> None:
    cursor = three.execute("SELECT name FROM people ORDER BY id")
    cursor.fetchone()
    assert names(cursor.fetchall()) == ["b", "c"]
    assert cursor.fetchall() == []


def test_iteration(three: Any) -> None:
    assert [row["name"] for row in three.execute("SELECT name FROM people ORDER BY id")] == [
        "a",
        "b",
        "c",
    ]


def test_next(three: Any) -> None:
    cursor = three.execute("SELECT name FROM people WHERE name = 'a'")
    assert next(cursor)[0] == "a"
    with pytest.raises(StopIteration):
        next(cursor)


def test_a_fresh_cursor_has_nothing(db: Any) -> None:
    cursor = db.cursor()
    assert cursor.fetchone() is None
    assert cursor.fetchall() == []
    assert cursor.description is None
    assert cursor.rowcount == -1
    assert cursor.lastrowid is None


def test_description_has_names_and_seven_items(db: Any) -> None:
    cursor = db.execute("SELECT id, name AS Called, age + 1 FROM people")
    assert [each[0] for each in cursor.description] == ["id", "Called", "age + 1"]
    assert all(each[1:] == (None,) * 6 for each in cursor.description)
    assert all(len(each) == 7 for each in cursor.description)


def test_description_of_a_star_is_in_the_spelling_of_the_table(db: Any) -> None:
    cursor = db.execute("SELECT * FROM tasks")
    assert [each[0] for each in cursor.description] == ["TaskId", "Title", "person_id", "order"]


def test_description_without_rows(db: Any) -> None:
    cursor = db.execute("SELECT name FROM people WHERE 0")
    assert cursor.description[0][0] == "name"
    assert cursor.fetchone() is None


def test_description_of_an_insert_is_none(db: Any) -> None:
    assert db.execute("INSERT INTO people (name) VALUES ('a')").description is None


def test_description_of_returning(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (name) VALUES ('a') RETURNING id, name")
    assert [each[0] for each in cursor.description] == ["id", "name"]
    assert tuple(cursor.fetchone())[1] == "a"


def test_description_of_equal_names(db: Any) -> None:
    cursor = db.execute("SELECT 1 AS a, 2 AS a, 3 AS A")
    assert [each[0] for each in cursor.description] == ["a", "a", "A"]
    assert tuple(cursor.fetchone()) == (1, 2, 3)


def test_description_of_many_columns(db: Any) -> None:
    listed = ", ".join(f"{n} AS c{n}" for n in range(300))
    row = db.execute(f"SELECT {listed}").fetchone()
    assert len(row) == 300
    assert row["c299"] == 299


def test_rowcount_of_select_is_unknown(three: Any) -> None:
    assert three.execute("SELECT name FROM people").rowcount == -1


def test_rowcount_of_changes(three: Any) -> None:
    assert three.execute("UPDATE people SET age = 5").rowcount == 3
    assert three.execute("UPDATE people SET age = 5 WHERE name = 'nobody'").rowcount == 0
    assert three.execute("DELETE FROM people WHERE name <> 'a'").rowcount == 2
    assert three.execute("INSERT INTO people (name) VALUES ('x'), ('y')").rowcount == 2


def test_rowcount_of_a_definition(db: Any) -> None:
    assert db.execute("CREATE TABLE fresh (a)").rowcount == -1


def test_rowcount_of_insert_or_ignore(db: Any) -> None:
    sql = "INSERT OR IGNORE INTO settings (key, value) VALUES ('k', 'v')"
    assert db.execute(sql).rowcount == 1
    assert db.execute(sql).rowcount == 0


def test_rowcount_without_a_trigger(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    assert db.execute("UPDATE people SET name = 'b'").rowcount == 1
    assert db.execute("SELECT changes()").fetchone()[0] == 1


def test_lastrowid_of_an_insert(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (name) VALUES ('a')")
    assert cursor.lastrowid == db.execute("SELECT id FROM people").fetchone()[0]


def test_lastrowid_grows(db: Any) -> None:
    cursor = db.cursor()
    cursor.execute("INSERT INTO people (name) VALUES ('a')")
    first = cursor.lastrowid
    cursor.execute("INSERT INTO people (name) VALUES ('b')")
    assert cursor.lastrowid == first + 1


def test_lastrowid_of_several_rows_is_the_last(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (name) VALUES ('a'), ('b')")
    found = db.execute("SELECT id FROM people WHERE name = 'b'").fetchone()[0]
    assert cursor.lastrowid == found


def test_lastrowid_of_an_explicit_id(db: Any) -> None:
    assert db.execute("INSERT INTO people (id, name) VALUES (77, 'a')").lastrowid == 77


def test_lastrowid_of_a_mixed_case_table(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'a')")
    cursor = db.execute("INSERT INTO TASKS (title, PERSON_ID) VALUES ('t', 1)")
    assert cursor.lastrowid == 1


def test_lastrowid_stays_after_a_select(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (id, name) VALUES (5, 'a')")
    cursor.execute("SELECT 1")
    assert cursor.lastrowid == 5


def test_lastrowid_stays_after_an_update(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (id, name) VALUES (5, 'a')")
    cursor.execute("UPDATE people SET age = 3")
    assert cursor.lastrowid == 5


def test_lastrowid_of_a_table_with_a_text_key(db: Any) -> None:
    cursor = db.execute("INSERT INTO settings (key, value) VALUES ('k', 'v')")
    assert isinstance(cursor.lastrowid, int)


def test_lastrowid_with_returning(db: Any) -> None:
    cursor = db.execute("INSERT INTO people (name) VALUES ('a') RETURNING id")
    given = cursor.fetchone()[0]
    assert cursor.lastrowid == given


def test_last_insert_rowid_and_changes(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (9, 'a')")
    assert tuple(db.execute("SELECT last_insert_rowid(), changes()").fetchone()) == (9, 1)


def test_last_insert_rowid_as_a_value(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (9, 'a')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', last_insert_rowid())")
    assert db.execute("SELECT person_id FROM Tasks").fetchone()[0] == 9


def test_changes_of_an_update(three: Any) -> None:
    three.execute("UPDATE people SET age = 4")
    assert three.execute("SELECT changes()").fetchone()[0] == 3


def test_total_changes_in_sql(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a'), ('b')")
    assert db.execute("SELECT total_changes()").fetchone()[0] == db.total_changes == 2


def test_a_cursor_is_used_again(three: Any) -> None:
    cursor = three.cursor()
    cursor.execute("SELECT name FROM people ORDER BY id")
    cursor.fetchone()
    cursor.execute("SELECT 'new' AS n")
    assert names(cursor.fetchall()) == ["new"]


def test_two_cursors_at_once(three: Any) -> None:
    first = three.execute("SELECT name FROM people ORDER BY id")
    second = three.execute("SELECT name FROM people ORDER BY id DESC")
    assert [(a[0], b[0]) for a, b in zip(first, second, strict=True)] == [
        ("a", "c"),
        ("b", "b"),
        ("c", "a"),
    ]


def test_writing_while_reading(three: Any) -> None:
    for row in three.execute("SELECT id, age FROM people ORDER BY id").fetchall():
        three.execute("UPDATE people SET age = ? WHERE id = ?", (row["age"] * 10, row["id"]))
    found = three.execute("SELECT age FROM people ORDER BY id")
    assert names(found) == [10, 20, 30]


def test_writing_while_iterating(three: Any) -> None:
    for row in three.execute("SELECT id, name FROM people ORDER BY id"):
        three.execute("INSERT INTO audit (what) VALUES (?)", (row["name"],))
    assert three.execute("SELECT count(*) FROM audit").fetchone()[0] == 3


def test_rows_stay_readable_after_commit(three: Any) -> None:
    cursor = three.execute("SELECT name FROM people ORDER BY id")
    assert cursor.fetchone()[0] == "a"
    three.commit()
    assert cursor.fetchone()[0] == "b"


def test_a_closed_cursor(db: Any) -> None:
    cursor = db.cursor()
    cursor.close()
    cursor.close()
    for use in (
        lambda: cursor.execute("SELECT 1"),
        cursor.fetchone,
        cursor.fetchall,
        cursor.fetchmany,
        lambda: next(cursor),
    ):
        with pytest.raises(
            sqlite3.ProgrammingError, match=r"^Cannot operate on a closed cursor\.$"
        ):
            use()


def test_a_closed_connection(adapter: Any) -> None:
    with adapter.get_connection() as connection:
        cursor = connection.execute("SELECT 1")
    for use in (
        lambda: connection.execute("SELECT 1"),
        connection.cursor,
        connection.commit,
        connection.rollback,
        lambda: connection.executemany("SELECT 1", []),
        lambda: connection.executescript("SELECT 1"),
        cursor.fetchone,
    ):
        with pytest.raises(
            sqlite3.ProgrammingError, match=r"^Cannot operate on a closed database\.$"
        ):
            use()


def test_closing_twice(backend: Any) -> None:
    with backend.another().get_connection() as connection:
        connection.rollback()
        connection.close()
        connection.close()


def test_a_cursor_that_failed_can_go_on(db: Any) -> None:
    cursor = db.cursor()
    with pytest.raises(sqlite3.OperationalError):
        cursor.execute("SELECT * FROM nowhere")
    assert cursor.execute("SELECT 1").fetchone()[0] == 1


def test_setinputsizes_and_setoutputsize_do_nothing(db: Any) -> None:
    cursor = db.cursor()
    assert cursor.setinputsizes([1]) is None
    assert cursor.setoutputsize(1) is None
    assert cursor.setoutputsize(1, 0) is None


def test_a_cursor_is_one_of_sqlite3(db: Any) -> None:
    assert isinstance(db.cursor(), sqlite3.Cursor)


def test_a_cursor_of_another_class(db: Any) -> None:
    class Own(type(db.cursor())):  # type: ignore[misc]
        def first(self) -> Any:
            return self.fetchone()[0]

    assert db.cursor(Own).execute("SELECT 5").first() == 5
