"""Values go in and come out as SQLite has them."""

from __future__ import annotations

import math
import sqlite3
import warnings
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest


def kept(db: Any, column: str, value: Any) -> Any:
    """Store a value and read it again."""
    db.execute(f"INSERT INTO people (name, {column}) VALUES ('x', ?)", (value,))
    return db.execute(f"SELECT {column} FROM people ORDER BY id DESC LIMIT 1").fetchone()[0]


@pytest.mark.parametrize("number", [0, -1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1])
def test_integers(db: Any, number: int) -> None:
    found = db.execute("SELECT ?", (number,)).fetchone()[0]
    assert (found, type(found)) == (number, int)


def test_the_least_integer(db: Any) -> None:
    assert db.execute("SELECT ?", (-(2**63),)).fetchone()[0] == -(2**63)


@pytest.mark.parametrize("number", [0, 1, 2**31, 2**62, 2**63 - 1])
def test_integers_in_a_column(db: Any, number: int) -> None:
    found = kept(db, "age", number)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1e300, 5e-324, -2.5, 123456789.123456789, 2.0])
def test_floats(db: Any, number: float) -> None:
    found = kept(db, "score", number)
    assert (found, type(found)) == (number, float)


def test_a_float_that_is_bound_only(db: Any) -> None:
    found = db.execute("SELECT ?", (2.0,)).fetchone()[0]
    assert (found, type(found)) == (2.0, float)


def test_infinity(db: Any) -> None:
    assert kept(db, "score", math.inf) == math.inf
    assert kept(db, "score", -math.inf) == -math.inf


def test_not_a_number_is_null(db: Any) -> None:
    assert kept(db, "score", math.nan) is None


def test_a_number_after_what_is_none(db: Any) -> None:
    assert [kept(db, "score", v) for v in (math.nan, 1.5, math.nan, None, 2.5, math.nan)] == [
        None,
        1.5,
        None,
        None,
        2.5,
        None,
    ]


def test_negative_zero(db: Any) -> None:
    found = kept(db, "score", -0.0)
    assert (found, type(found)) == (0.0, float)


def test_an_integer_in_a_real_column(db: Any) -> None:
    found = kept(db, "score", 3)
    assert (found, type(found)) == (3.0, float)


def test_a_whole_float_in_an_integer_column(db: Any) -> None:
    found = kept(db, "age", 3.0)
    assert (found, type(found)) == (3, int)


def test_true_and_false_are_integers(db: Any) -> None:
    row = db.execute("SELECT ?, ?", (True, False)).fetchone()
    assert tuple(row) == (1, 0)
    assert type(row[0]) is int


@pytest.mark.parametrize(
    "text",
    [
        "",
        " leading and trailing ",
        "emoji 🎉 and ünïcödé",
        "quote ' double \" back \\ percent % under _",
        "tab\tnewline\nreturn\r",
        "a" * 100_000,
        "\u200b\ufeff\U0010ffff",
        "e\u0301",
        "NULL",
        "123",
    ],
)
def test_texts(db: Any, text: str) -> None:
    assert kept(db, "email", text) == text


def test_a_text_with_a_nul(db: Any) -> None:
    assert kept(db, "email", "a\0b") == "a\0b"


def test_half_of_a_surrogate_pair(db: Any) -> None:
    with pytest.raises(UnicodeEncodeError):
        db.execute("SELECT ?", ("\ud800",))


@pytest.mark.parametrize("blob", [b"", b"\0\1\xff", bytes(range(256)), b"'\\x"])
def test_blobs(db: Any, blob: bytes) -> None:
    found = kept(db, "photo", blob)
    assert (found, type(found)) == (blob, bytes)


@pytest.mark.parametrize("make", [bytearray, memoryview])
def test_other_buffers(db: Any, make: Any) -> None:
    assert kept(db, "photo", make(b"\0ab")) == b"\0ab"


def test_a_blob_that_is_bound_only(db: Any) -> None:
    assert tuple(db.execute("SELECT ?, length(?)", (b"\0ab", b"\0ab")).fetchone()) == (b"\0ab", 3)


def test_a_text_in_a_blob_column(db: Any) -> None:
    assert kept(db, "photo", "text") == "text"


def test_null(db: Any) -> None:
    assert kept(db, "age", None) is None


def test_a_number_in_a_text_column(db: Any) -> None:
    assert kept(db, "email", 42) == "42"
    assert kept(db, "email", 1.5) == "1.5"


def test_a_text_in_an_integer_column(db: Any) -> None:
    assert kept(db, "age", "17") == 17


def test_a_date(db: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert kept(db, "email", date(2024, 2, 29)) == "2024-02-29"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2024, 2, 29, 1, 2, 3), "2024-02-29 01:02:03"),
        (datetime(2024, 2, 29, 1, 2, 3, 450000), "2024-02-29 01:02:03.450000"),
        (datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC), "2024-02-29 01:02:03+00:00"),
    ],
)
def test_a_datetime(db: Any, moment: datetime, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert kept(db, "email", moment) == text


@pytest.mark.parametrize("value", [Decimal("1.5"), uuid4(), timedelta(1)])
def test_what_sqlite3_has_no_adapter_for(db: Any, value: Any) -> None:
    with pytest.raises((sqlite3.ProgrammingError, sqlite3.InterfaceError)) as caught:
        db.execute("SELECT ?", (value,))
    assert "Error binding parameter" in str(caught.value)


def test_expressions_have_the_classes_of_sqlite(db: Any) -> None:
    row = db.execute(
        "SELECT 1 = 1, 1 / 2, 1 / 2.0, 7 % 3, 'a' || 1, 1 + '2', NOT 5, NULL + 1, 3 > 2 AND 0"
    ).fetchone()
    assert tuple(row) == (1, 0, 0.5, 1, "a1", 3, 0, None, 0)
    assert [type(v) for v in row][:3] == [int, int, float]


def test_aggregates_have_the_classes_of_sqlite(db: Any) -> None:
    rows = [("a", 1, 1.5), ("b", 2, 2.5)]
    db.executemany("INSERT INTO people (name, age, score) VALUES (?, ?, ?)", rows)
    row = db.execute(
        "SELECT count(*), sum(age), avg(age), total(age), min(name), max(score), "
        "group_concat(name), sum(score), sum(age > 1) FROM people"
    ).fetchone()
    assert tuple(row) == (2, 3, 1.5, 3.0, "a", 2.5, "a,b", 4.0, 1)
    assert [type(v) for v in row] == [int, int, float, float, str, float, str, float, int]


def test_aggregates_of_nothing(db: Any) -> None:
    row = db.execute("SELECT count(*), sum(age), avg(age), total(age), max(name) FROM people")
    assert tuple(row.fetchone()) == (0, None, None, 0.0, None)


def test_a_value_whose_class_the_row_tells(db: Any) -> None:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 5), ("b", None)])
    rows = db.execute("SELECT coalesce(age, 'none') FROM people ORDER BY id")
    assert [row[0] for row in rows] == [5, "none"]


def test_current_timestamp_is_a_text_in_utc(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('a')")
    text = db.execute("SELECT created_at FROM people").fetchone()[0]
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    assert len(text) == 19
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_now_is_what_datetime_now_is(db: Any) -> None:
    row = db.execute("SELECT NOW(), datetime('now')").fetchone()
    assert row[0] == row[1] or abs(
        datetime.fromisoformat(row[0]) - datetime.fromisoformat(row[1])
    ) <= timedelta(seconds=1)


def test_now_in_an_insert(db: Any, adapter: Any) -> None:
    sql = f"INSERT INTO people (name, created_at) VALUES (?, {adapter.now_function()})"
    db.execute(sql, ("a",))
    text = db.execute("SELECT created_at FROM people").fetchone()[0]
    assert len(text) == 19
    assert text[10] == " "


def test_placeholder_of_the_adapter(db: Any, adapter: Any) -> None:
    mark = adapter.placeholder()
    assert db.execute(f"SELECT {mark} || {mark}", ("a", "b")).fetchone()[0] == "ab"


def test_dates_relative_to_now(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('new')")
    db.execute("INSERT INTO people (name, created_at) VALUES ('old', '2001-01-01 00:00:00')")
    rows = db.execute("SELECT name FROM people WHERE created_at >= datetime('now', '-7 days')")
    assert [row[0] for row in rows] == ["new"]


def test_dates_relative_by_a_parameter(db: Any) -> None:
    db.execute("INSERT INTO people (name) VALUES ('new')")
    sql = "SELECT name FROM people WHERE created_at >= datetime('now', '-' || ? || ' hours')"
    assert len(db.execute(sql, (24,)).fetchall()) == 1


def test_like_knows_no_case(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("Ada",), ("ADAM",), ("Bob",)])
    rows = db.execute("SELECT name FROM people WHERE name LIKE ? ORDER BY id", ("%ad%",))
    assert [row[0] for row in rows] == ["Ada", "ADAM"]


def test_texts_are_sorted_by_bytes(db: Any) -> None:
    db.executemany("INSERT INTO people (name) VALUES (?)", [("b",), ("B",), ("a",), ("ä",), ("",)])
    rows = db.execute("SELECT name FROM people ORDER BY name")
    assert [row[0] for row in rows] == ["", "B", "a", "b", "ä"]


def test_null_comes_first(db: Any) -> None:
    db.executemany("INSERT INTO people (name, age) VALUES (?, ?)", [("a", 1), ("b", None)])
    assert [row[0] for row in db.execute("SELECT age FROM people ORDER BY age")] == [None, 1]
    assert [row[0] for row in db.execute("SELECT age FROM people ORDER BY age DESC")] == [1, None]


INF = float("inf")
INFINITE = {
    "SELECT k, count(*) FROM (SELECT name * 1 AS k FROM people) GROUP BY k ORDER BY k": [
        (-INF, 1),
        (1.5, 1),
        (12, 1),
        (INF, 1),
    ],
    "SELECT count(*) FROM (SELECT DISTINCT name * 1 AS k, 1 AS one FROM people) WHERE k": [(4,)],
    "WITH c (k, one) AS (SELECT DISTINCT name * 1, 1 FROM people) SELECT sum(one) FROM c WHERE k": [
        (4,)
    ],
    "SELECT abs(k), -k, k + 1, k > 5 FROM (SELECT name * 1 AS k FROM people) ORDER BY k": [
        (INF, INF, -INF, 0),
        (1.5, -1.5, 2.5, 0),
        (12, -12, 13, 1),
        (INF, -INF, INF, 1),
    ],
}


@pytest.mark.parametrize("query", INFINITE)
def test_numbers_that_are_infinite(db: Any, query: str) -> None:
    """A text with an exponent beyond a double's is one."""
    texts = ("123e4567-e89b", "-1e999", "12", "1.5")
    db.executemany("INSERT INTO people (name) VALUES (?)", [(text,) for text in texts])
    assert [tuple(row) for row in db.execute(query)] == INFINITE[query]
