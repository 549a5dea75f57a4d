"""executemany, and what gives it its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

PEOPLE = "INSERT INTO people (id, name) VALUES (?, ?)"


def names(db: Any) -> list[tuple[int, str]]:
    return [tuple(row) for row in db.execute("SELECT id, name FROM people ORDER BY id")]


@pytest.mark.parametrize("kind", [bytearray, lambda size: memoryview(bytearray(size))])
def test_a_buffer_that_is_used_again(db: Any, kind: Any) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        buffer = kind(2)
        for number in range(6):
            buffer[0] = number
            yield f"n{number}", buffer

    db.executemany("INSERT INTO people (name, photo) VALUES (?, ?)", rows())
    stored = [row[0] for row in db.execute("SELECT photo FROM people ORDER BY id")]
    assert stored == [bytes([number, 0]) for number in range(6)]


def test_rows_that_ask_for_what_came_before(db: Any) -> None:
    def rows() -> Iterator[tuple[int, str]]:
        for number in range(8):
            count, largest = db.execute("SELECT count(*), max(id) FROM people").fetchone()
            yield number * 10, f"{count} until {largest}"

    assert db.executemany(PEOPLE, rows()).rowcount == 8
    wanted = [(0, "0 until None")]
    wanted += [(n * 10, f"{n} until {(n - 1) * 10}") for n in range(1, 8)]
    assert names(db) == wanted


def test_rows_that_commit_and_roll_back(db: Any) -> None:
    def rows() -> Iterator[tuple[int, str]]:
        yield 1, "kept"
        yield 2, "kept"
        db.commit()
        db.execute("UPDATE people SET name = 'changed' WHERE id = 2")
        yield 3, "not kept"
        yield 4, "not kept"
        db.rollback()
        yield 5, "at once"

    db.executemany(PEOPLE, rows())
    db.rollback()
    assert names(db) == [(1, "kept"), (2, "kept"), (5, "at once")]


def test_rows_that_insert_others(db: Any) -> None:
    def rows() -> Iterator[tuple[int, str]]:
        for number in (1, 2, 3):
            yield number, "outer"
            db.executemany(PEOPLE, [(number * 10 + more, "inner") for more in range(4)])
            yield number * 100, "after"

    assert db.executemany(PEOPLE, rows()).rowcount == 6
    counted = db.execute("SELECT name, count(*) FROM people GROUP BY name ORDER BY name").fetchall()
    assert [tuple(row) for row in counted] == [("after", 3), ("inner", 12), ("outer", 3)]


def test_rows_that_end_with_an_error(db: Any) -> None:
    def rows() -> Iterator[tuple[int, str]]:
        yield 1, "before"
        assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 1
        yield 2, "before"
        raise KeyError("in the middle")

    with pytest.raises(KeyError, match="in the middle"):
        db.executemany(PEOPLE, rows())
    assert names(db) == [(1, "before"), (2, "before")]


def test_rows_of_a_cursor_of_the_same_connection(db: Any) -> None:
    db.executemany(PEOPLE, [(number, f"n{number}") for number in range(5)])
    found = db.execute("SELECT id + 100, name FROM people WHERE id < 100")
    db.executemany(PEOPLE, found)
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] == 10
