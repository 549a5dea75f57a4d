"""Rows by index, by name, by unpacking; and other row factories."""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from typing import Any

import pytest

from outgrow.database import Row

SELECT = "SELECT 1 AS id, 'Ada' AS Name, 3.5 AS score, NULL AS gone"


@pytest.fixture
def row(db: Any) -> Any:
    return db.execute(SELECT).fetchone()


def test_by_index(row: Any) -> None:
    assert (row[0], row[1], row[2], row[3]) == (1, "Ada", 3.5, None)


def test_by_negative_index(row: Any) -> None:
    assert (row[-1], row[-4]) == (None, 1)


def test_by_slice(row: Any) -> None:
    assert row[1:3] == ("Ada", 3.5)
    assert row[::2] == (1, 3.5)


def test_by_name(row: Any) -> None:
    assert row["id"] == 1
    assert row["Name"] == "Ada"


def test_by_name_in_any_case(row: Any) -> None:
    assert row["name"] == row["NAME"] == row["nAmE"] == "Ada"


def test_by_a_name_that_is_not_there(row: Any) -> None:
    with pytest.raises(IndexError, match="No item with that key"):
        row["missing"]


def test_by_an_index_beyond_the_end(row: Any) -> None:
    with pytest.raises(IndexError):
        row[4]
    with pytest.raises(IndexError):
        row[-5]


def test_by_something_else(row: Any) -> None:
    with pytest.raises(IndexError, match="must be int or string"):
        row[1.5]


def test_unpacking(row: Any) -> None:
    number, name, score, nothing = row
    assert (number, name, score, nothing) == (1, "Ada", 3.5, None)


def test_keys(row: Any) -> None:
    assert row.keys() == ["id", "Name", "score", "gone"]


def test_dict(row: Any) -> None:
    assert dict(row) == {"id": 1, "Name": "Ada", "score": 3.5, "gone": None}


def test_double_star(row: Any) -> None:
    assert dict(**row, more=2)["more"] == 2


def test_json(row: Any) -> None:
    assert json.loads(json.dumps(dict(row)))["Name"] == "Ada"


def test_get(row: Any) -> None:
    assert row.get("name") == "Ada"
    assert row.get("missing") is None
    assert row.get("missing", "none") == "none"
    assert row.get("gone", "none") is None


def test_items_and_values(row: Any) -> None:
    assert list(row.items()) == [
        ("id", 1),
        ("Name", "Ada"),
        ("score", 3.5),
        ("gone", None),
    ]
    assert list(row.values()) == [1, "Ada", 3.5, None]


def test_in_looks_at_values(row: Any) -> None:
    assert "Ada" in row
    assert "Name" not in row


def test_iteration(row: Any) -> None:
    assert list(row) == [1, "Ada", 3.5, None]


def test_length(row: Any) -> None:
    assert len(row) == 4


def test_reversed(row: Any) -> None:
    assert list(reversed(row)) == [None, 3.5, "Ada", 1]


def test_equality(db: Any, row: Any) -> None:
    assert row == db.execute(SELECT).fetchone()
    assert row != db.execute("SELECT 2 AS id, 'Ada' AS Name, 3.5 AS score, NULL AS x").fetchone()
    assert row != (1, "Ada", 3.5, None)


def test_equality_looks_at_names(db: Any) -> None:
    assert db.execute("SELECT 1 AS a").fetchone() != db.execute("SELECT 1 AS b").fetchone()


def test_hash(db: Any, row: Any) -> None:
    assert hash(row) == hash(db.execute(SELECT).fetchone())
    assert len({row, db.execute(SELECT).fetchone()}) == 1


def test_tuple(row: Any) -> None:
    assert tuple(row) == (1, "Ada", 3.5, None)


def test_a_row_is_one_of_sqlite3(row: Any) -> None:
    assert isinstance(row, sqlite3.Row)
    assert isinstance(row, Row)


def test_a_row_can_not_be_changed(row: Any) -> None:
    with pytest.raises(TypeError):
        row["id"] = 2


def test_sorting_by_a_name(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("b",), ("a",)])
    rows = db.execute("SELECT name FROM people ORDER BY id").fetchall()
    assert [row["name"] for row in sorted(rows, key=lambda row: row["name"])] == ["a", "b"]


def test_equal_names_give_the_first(db: Any) -> None:
    row = db.execute("SELECT 1 AS a, 2 AS A").fetchone()
    assert row["a"] == row["A"] == 1


def test_names_beyond_ascii(db: Any) -> None:
    row = db.execute('SELECT 1 AS "größe", 2 AS "a b", 3 AS "say ""x"""').fetchone()
    assert (row["größe"], row["a b"], row['say "x"']) == (1, 2, 3)


def test_long_names(db: Any) -> None:
    first, second = "a" * 70 + "1", "a" * 70 + "2"
    row = db.execute(f"SELECT 1 AS {first}, 2 AS {second}").fetchone()
    assert row.keys() == [first, second]
    assert (row[first], row[second]) == (1, 2)


def test_names_of_a_join(db: Any) -> None:
    db.execute("INSERT INTO people (id, name) VALUES (1, 'Ada')")
    db.execute("INSERT INTO Tasks (Title, person_id) VALUES ('t', 1)")
    row = db.execute(
        "SELECT p.*, t.title FROM people p JOIN tasks t ON t.person_id = p.id"
    ).fetchone()
    assert row.keys()[:2] == ["id", "name"]
    assert row["Title"] == "t"


def test_factory_none_gives_tuples(db: Any) -> None:
    db.row_factory = None
    assert db.execute(SELECT).fetchone() == (1, "Ada", 3.5, None)
    assert type(db.execute(SELECT).fetchall()[0]) is tuple


def test_factory_of_sqlite3(db: Any) -> None:
    db.row_factory = sqlite3.Row
    row = db.execute(SELECT).fetchone()
    assert type(row) is sqlite3.Row
    assert row["name"] == "Ada"


def test_factory_that_makes_dicts(db: Any) -> None:
    def as_dict(cursor: Any, row: Any) -> dict[str, Any]:
        return {column[0]: row[place] for place, column in enumerate(cursor.description)}

    db.row_factory = as_dict
    assert db.execute(SELECT).fetchone() == {
        "id": 1,
        "Name": "Ada",
        "score": 3.5,
        "gone": None,
    }


def test_factory_that_makes_named_tuples(db: Any) -> None:
    def named(cursor: Any, row: Any) -> Any:
        return namedtuple("Found", [column[0] for column in cursor.description])(*row)

    db.row_factory = named
    assert [found.Name for found in db.execute(SELECT)] == ["Ada"]


def test_factory_that_takes_the_first_value(db: Any) -> None:
    db.row_factory = lambda _, row: row[0]
    assert db.execute("SELECT 5 UNION SELECT 6 ORDER BY 1").fetchall() == [5, 6]


def test_factory_of_a_cursor(db: Any) -> None:
    cursor = db.cursor()
    cursor.row_factory = lambda _, row: list(row)
    assert cursor.execute(SELECT).fetchone() == [1, "Ada", 3.5, None]
    assert isinstance(db.execute(SELECT).fetchone(), Row)


def test_factory_of_a_connection_is_for_new_cursors(db: Any) -> None:
    cursor = db.cursor()
    db.row_factory = None
    assert isinstance(cursor.execute(SELECT).fetchone(), sqlite3.Row)
    assert db.execute(SELECT).fetchone() == (1, "Ada", 3.5, None)


def test_factory_is_for_one_connection(db: Any, adapter: Any) -> None:
    db.row_factory = None
    with adapter.get_connection() as second:
        assert isinstance(second.execute(SELECT).fetchone(), Row)


def test_default_factory(db: Any) -> None:
    assert db.row_factory is Row


def test_factory_that_makes_rows_itself(db: Any) -> None:
    db.row_factory = lambda cursor, row: dict(sqlite3.Row(cursor, row))
    assert db.execute("SELECT 1 AS a, 2 AS b").fetchall() == [{"a": 1, "b": 2}]


def test_factory_that_is_a_row_of_the_application(db: Any) -> None:
    class Own(sqlite3.Row):
        def first(self) -> Any:
            return self[0]

    db.row_factory = Own
    row = db.execute("SELECT 5 AS five").fetchone()
    assert (row.first(), row["five"]) == (5, 5)


def test_names_that_are_keywords(db: Any) -> None:
    row = db.execute('SELECT 1 AS "index", 2 AS "order", 3 AS "", 4 AS "transaction"').fetchone()
    assert (row["index"], row["ORDER"], row[""], row["transaction"]) == (1, 2, 3, 4)
