"""Bound values in every form, and the errors when they don't fit."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


def one(db: Any, sql: str, parameters: Any = ()) -> Any:
    return tuple(db.execute(sql, parameters).fetchone())


def test_question_marks(db: Any) -> None:
    assert one(db, "SELECT ?, ?, ?", (1, "two", None)) == (1, "two", None)


def test_a_list(db: Any) -> None:
    assert one(db, "SELECT ?, ?", [1, 2]) == (1, 2)


def test_a_text_is_a_sequence(db: Any) -> None:
    assert one(db, "SELECT ?, ?", "ab") == ("a", "b")


def test_numbers(db: Any) -> None:
    assert one(db, "SELECT ?2, ?1, ?2", ("a", "b")) == ("b", "a", "b")


def test_numbers_and_question_marks(db: Any) -> None:
    assert one(db, "SELECT ?2, ?", ("a", "b", "c")) == ("b", "c")


@pytest.mark.parametrize("mark", [":", "@", "$"])
def test_names(db: Any, mark: str) -> None:
    sql = f"SELECT {mark}first, {mark}second, {mark}first"
    assert one(db, sql, {"first": 1, "second": "b"}) == (1, "b", 1)


def test_percents(db: Any) -> None:
    assert one(db, "SELECT %s, %s", (1, "b")) == (1, "b")


def test_named_percents(db: Any) -> None:
    assert one(db, "SELECT %(a)s, %(b)s, %(a)s", {"a": 1, "b": "b"}) == (1, "b", 1)


def test_both_forms_are_ambiguous(db: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="both \\? and %s stand for parameters"):
        db.execute("SELECT ?, %s", (1, 2))


def test_the_modulo(db: Any) -> None:
    assert one(db, "SELECT 7 % 4, ? % 4", (9,)) == (3, 1)


def test_a_percent_in_a_text(db: Any) -> None:
    assert one(db, "SELECT '100%', '%s', '%d %', ?", ("%s",)) == ("100%", "%s", "%d %", "%s")


def test_a_pattern_beside_a_parameter(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("Ada",), ("Bob",)])
    sql = "SELECT name FROM people WHERE name LIKE 'A%' AND name <> ?"
    assert one(db, sql, ("x",)) == ("Ada",)


def test_a_pattern_beside_percents(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("Ada",), ("Bob",)])
    sql = "SELECT name FROM people WHERE name LIKE 'A%%' AND name <> %s"
    assert one(db, sql, ("x",)) == ("Ada",)


def test_a_question_mark_in_a_text(db: Any) -> None:
    assert one(db, "SELECT '?', ':a', \"id\" FROM (SELECT ? AS id)", (1,)) == ("?", ":a", 1)


def test_a_question_mark_in_a_comment(db: Any) -> None:
    assert one(db, "SELECT ? -- what?\n /* :why */", (1,)) == (1,)


def test_more_names_than_needed(db: Any) -> None:
    assert one(db, "SELECT :a", {"a": 1, "b": 2}) == (1,)


def test_a_name_that_is_missing(db: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match=r"did not supply a value for binding.*:b"):
        db.execute("SELECT :a, :b", {"a": 1})


def test_a_mapping_with_defaults(db: Any) -> None:
    class Always(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return f"no {name}"

    assert one(db, "SELECT :a, :b", Always(a=1)) == (1, "no b")


@pytest.mark.parametrize(
    ("sql", "given", "message"),
    [
        ("SELECT ?", (), "uses 1, and there are 0 supplied"),
        ("SELECT ?, ?", (1,), "uses 2, and there are 1 supplied"),
        ("SELECT ?", (1, 2), "uses 1, and there are 2 supplied"),
        ("SELECT 1", (1,), "uses 0, and there are 1 supplied"),
        ("SELECT ?3", (1, 2), "uses 3, and there are 2 supplied"),
    ],
)
def test_wrong_counts(db: Any, sql: str, given: Any, message: str) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="Incorrect number of bindings") as caught:
        db.execute(sql, given)
    assert message in str(caught.value)


def test_wrong_counts_in_executemany(db: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="uses 2, and there are 1 supplied"):
        db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a",)])


def test_a_dict_for_question_marks(db: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="Binding 1 has no name"):
        db.execute("SELECT ?", {"a": 1})


@pytest.mark.parametrize("given", [5, object(), {1, 2}])
def test_parameters_that_are_no_sequence(db: Any, given: Any) -> None:
    with pytest.raises((sqlite3.ProgrammingError, ValueError), match="parameters"):
        db.execute("SELECT ?", given)


def test_an_object_that_can_not_be_bound(db: Any) -> None:
    with pytest.raises((sqlite3.ProgrammingError, sqlite3.InterfaceError)) as caught:
        db.execute("SELECT ?, ?", (1, object()))
    assert "Error binding parameter" in str(caught.value)


@pytest.mark.parametrize("given", [[1], {"a": 1}, (1,)])
def test_a_container_can_not_be_bound(db: Any, given: Any) -> None:
    with pytest.raises((sqlite3.ProgrammingError, sqlite3.InterfaceError)) as caught:
        db.execute("INSERT INTO people (name) VALUES (?)", (given,))
    assert "Error binding parameter" in str(caught.value)


def test_an_integer_of_more_than_64_bits(db: Any) -> None:
    for number in (2**63, -(2**63) - 1):
        with pytest.raises(OverflowError, match="too large to convert to SQLite INTEGER"):
            db.execute("SELECT ?", (number,))


def test_an_object_with_conform(db: Any) -> None:
    class Point:
        def __conform__(self, protocol: Any) -> str | None:
            return "1;2" if protocol is sqlite3.PrepareProtocol else None

    assert one(db, "SELECT ?", (Point(),)) == ("1;2",)


def test_an_object_with_an_adapter(db: Any) -> None:
    class Money:
        cents = 250

    sqlite3.register_adapter(Money, lambda money: money.cents / 100)
    assert one(db, "SELECT ?", (Money(),)) == (2.5,)


def test_a_text_of_another_class(db: Any) -> None:
    class Name(str):
        __slots__ = ()

    assert one(db, "SELECT ?, typeof(?)", (Name("Ada"), Name("Ada"))) == ("Ada", "text")


def test_an_enumeration(db: Any) -> None:
    from enum import IntEnum, StrEnum

    class Colour(StrEnum):
        RED = "red"

    class Level(IntEnum):
        HIGH = 3

    assert one(db, "SELECT ?, ?", (Colour.RED, Level.HIGH)) == ("red", 3)


def test_many_parameters(db: Any) -> None:
    numbers = list(range(900))
    marks = ", ".join("?" * len(numbers))
    assert one(db, f"SELECT count(*) FROM (SELECT 1) WHERE 899 IN ({marks})", numbers) == (1,)


def test_a_list_of_ids(db: Any) -> None:
    db.executemany("INSERT INTO people (id, name) VALUES (?, ?)", [(n, f"n{n}") for n in range(9)])
    rows = db.execute("SELECT name FROM people WHERE id IN (?, ?, ?) ORDER BY id", [1, 3, 99])
    assert [row[0] for row in rows] == ["n1", "n3"]


def test_null_for_a_comparison(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    assert one(db, "SELECT count(*) FROM people WHERE age = ?", (None,)) == (0,)
    assert one(db, "SELECT count(*) FROM people WHERE age IS ?", (None,)) == (1,)


def test_an_optional_filter(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("a",), ("b",)])
    sql = "SELECT count(*) FROM people WHERE (:name IS NULL OR name = :name)"
    assert one(db, sql, {"name": None}) == (2,)
    assert one(db, sql, {"name": "a"}) == (1,)


def test_limit_and_offset(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("a",), ("b",), ("c",)])
    sql = "SELECT name FROM people ORDER BY id LIMIT ? OFFSET ?"
    assert [row[0] for row in db.execute(sql, (1, 1))] == ["b"]
    assert len(db.execute(sql, (-1, 0)).fetchall()) == 3


def test_a_text_for_an_integer_column(db: Any) -> None:
    db.execute("INSERT INTO people (name, age) VALUES (?, ?)", ("a", "42"))
    assert one(db, "SELECT age, typeof(age) FROM people WHERE age = ?", ("42",)) == (42, "integer")


def test_one_statement_with_changing_classes(db: Any) -> None:
    found = [one(db, "SELECT ?, typeof(?)", (v, v)) for v in (1, "a", 1.5, None, b"x", True, 2)]
    assert found == [
        (1, "integer"),
        ("a", "text"),
        (1.5, "real"),
        (None, "null"),
        (b"x", "blob"),
        (1, "integer"),
        (2, "integer"),
    ]


def test_the_same_statement_many_times(db: Any) -> None:
    for number in range(20):
        assert one(db, "SELECT ? + 1", (number,)) == (number + 1,)
        db.execute("INSERT INTO people (name, age) VALUES (?, ?)", (f"n{number}", number))
    assert one(db, "SELECT count(*), sum(age) FROM people") == (20, 190)
