"""Columns that a migration gave PostgreSQL's own types, and what an application sees of them."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

MOMENT, STAMP, DAY = "2024-05-06 07:08:09", "2024-05-06T07:08:09.120000", "2024-05-06"
DATA = '{"b": [1, 2.5, null, true], "a": "ü"}'
INSERT = (
    "INSERT INTO events (happened_at, stamped_at, day, is_done, cost, data, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@pytest.fixture
def event(db: Any) -> Any:
    db.execute(INSERT, (MOMENT, STAMP, DAY, True, 12.5, DATA, "n"))
    return db.execute("SELECT * FROM events").fetchone()


def test_a_moment_is_the_text_that_was_stored(event: Any) -> None:
    assert (event["happened_at"], event["stamped_at"]) == (MOMENT, STAMP)


def test_a_moment_can_be_parsed(event: Any) -> None:
    assert datetime.fromisoformat(event["stamped_at"]).microsecond == 120000


def test_a_day_is_a_text(event: Any) -> None:
    assert event["day"] == DAY


def test_a_boolean_is_an_integer(event: Any) -> None:
    assert event["is_done"] == 1
    assert type(event["is_done"]) is int


def test_a_numeric_is_a_float(event: Any) -> None:
    assert (event["cost"], type(event["cost"])) == (12.5, float)


def test_a_whole_numeric_is_an_integer(db: Any) -> None:
    db.execute("INSERT INTO events (cost) VALUES (100.0)")
    cost = db.execute("SELECT cost FROM events").fetchone()[0]
    assert (cost, type(cost)) == (100, int)


def test_json_is_a_text_that_parses_to_an_equal_value(event: Any) -> None:
    assert isinstance(event["data"], str)
    assert json.loads(event["data"]) == json.loads(DATA)


def test_json_that_is_neither_object_nor_array(db: Any) -> None:
    for written in ('"text"', "null", "true", "[]", "{}"):
        db.execute("DELETE FROM events")
        db.execute("INSERT INTO events (data) VALUES (?)", (written,))
        found = db.execute("SELECT data FROM events").fetchone()[0]
        assert json.loads(str(found)) == json.loads(written)


def test_a_row_of_nulls(db: Any) -> None:
    db.execute(INSERT, (None,) * 7)
    assert tuple(db.execute("SELECT * FROM events").fetchone())[1:] == (None,) * 7


def test_defaults(db: Any) -> None:
    db.execute("INSERT INTO events DEFAULT VALUES")
    row = db.execute("SELECT is_done, note FROM events").fetchone()
    assert tuple(row) == (0, "none")


def test_a_row_goes_to_json(event: Any) -> None:
    assert json.loads(json.dumps(dict(event)))["cost"] == 12.5


def test_a_moment_is_found_by_its_text(db: Any, event: Any) -> None:
    sql = "SELECT count(*) FROM events WHERE happened_at = ? AND day = ?"
    assert db.execute(sql, (MOMENT, DAY)).fetchone()[0] == 1


def test_moments_are_compared(db: Any, event: Any) -> None:
    sql = "SELECT count(*) FROM events WHERE happened_at > ? AND day BETWEEN ? AND ?"
    assert db.execute(sql, ("2024-05-06 07:00:00", "2024-01-01", "2024-12-31")).fetchone()[0] == 1
    assert db.execute(sql, ("2024-05-06 08", "2024-01-01", "2024-12-31")).fetchone()[0] == 0


def test_moments_are_compared_with_a_day(db: Any, event: Any) -> None:
    sql = "SELECT count(*) FROM events WHERE happened_at >= ? AND happened_at < ?"
    assert db.execute(sql, ("2024-05-06", "2024-05-07")).fetchone()[0] == 1


def test_date_functions(db: Any, event: Any) -> None:
    row = db.execute(
        "SELECT date(happened_at), strftime('%Y', happened_at), datetime(stamped_at, '+1 day'), "
        "substr(happened_at, 1, 4), length(stamped_at) FROM events"
    ).fetchone()
    assert tuple(row) == (DAY, "2024", "2024-05-07 07:08:09", "2024", 26)


def test_booleans_are_compared(db: Any) -> None:
    db.executemany("INSERT INTO events (is_done) VALUES (?)", [(True,), (0,), (1,)])
    for condition in ("is_done = 1", "is_done", "is_done <> 0", "NOT is_done = 0", "is_done > 0"):
        sql = f"SELECT count(*) FROM events WHERE {condition}"
        assert db.execute(sql).fetchone()[0] == 2, condition
    assert db.execute("SELECT sum(is_done) FROM events").fetchone()[0] == 2
    assert db.execute("SELECT count(*) FROM events WHERE is_done = ?", (True,)).fetchone()[0] == 2


def test_a_boolean_is_turned_over(db: Any) -> None:
    db.execute("INSERT INTO events (is_done) VALUES (1)")
    db.execute("UPDATE events SET is_done = NOT is_done")
    assert db.execute("SELECT is_done FROM events").fetchone()[0] == 0


def test_sums_of_a_numeric(db: Any) -> None:
    db.executemany("INSERT INTO events (cost) VALUES (?)", [(1.5,), (2.25,), (None,)])
    row = db.execute("SELECT sum(cost), avg(cost), max(cost), count(cost) FROM events").fetchone()
    assert tuple(row) == (3.75, 1.875, 2.25, 2)


def test_json_is_read(db: Any, event: Any) -> None:
    row = db.execute(
        "SELECT json_extract(data, '$.a'), data ->> '$.b[1]', json_array_length(data, '$.b') "
        "FROM events"
    ).fetchone()
    assert tuple(row) == ("ü", 2.5, 4)


def test_json_is_found_by_its_value(db: Any, event: Any) -> None:
    sql = "SELECT count(*) FROM events WHERE json_extract(data, '$.a') = ?"
    assert db.execute(sql, ("ü",)).fetchone()[0] == 1


def test_json_is_changed(db: Any, event: Any) -> None:
    db.execute("UPDATE events SET data = json_set(data, '$.c', 7)")
    data = db.execute("SELECT data FROM events").fetchone()[0]
    assert json.loads(data) == json.loads(DATA) | {"c": 7}


def test_values_are_copied_by_select(db: Any, event: Any) -> None:
    db.execute(
        "INSERT INTO events (happened_at, stamped_at, day, is_done, cost, data, note) "
        "SELECT happened_at, stamped_at, day, is_done, cost, data, note FROM events"
    )
    rows = db.execute("SELECT * FROM events ORDER BY id").fetchall()
    assert tuple(rows[0])[1:] == tuple(rows[1])[1:]


def test_a_row_is_written_back(db: Any, event: Any) -> None:
    sql = "UPDATE events SET happened_at = ?, stamped_at = ?, day = ?, is_done = ?, cost = ?, "
    db.execute(f"{sql} data = ?, note = ?", tuple(event)[1:])
    assert tuple(db.execute("SELECT * FROM events").fetchone()) == tuple(event)


def test_returning_gives_the_same_values(db: Any) -> None:
    sql = f"{INSERT} RETURNING happened_at, stamped_at, day, is_done, cost"
    row = db.execute(sql, (MOMENT, STAMP, DAY, False, 0.5, None, None)).fetchone()
    assert tuple(row) == (MOMENT, STAMP, DAY, 0, 0.5)


def test_grouping_by_a_day(db: Any) -> None:
    for moment in ("2024-01-01 01:00:00", "2024-01-01 02:00:00", "2024-01-02 01:00:00"):
        db.execute("INSERT INTO events (happened_at, is_done) VALUES (?, 1)", (moment,))
    rows = db.execute(
        "SELECT DATE(happened_at) AS day, count(*), sum(CASE WHEN is_done = 1 THEN 1 ELSE 0 END) "
        "FROM events GROUP BY DATE(happened_at) ORDER BY day DESC"
    )
    assert [tuple(row) for row in rows] == [("2024-01-02", 1, 1), ("2024-01-01", 2, 2)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("happened_at", "unknown"),
        ("happened_at", "2024-05-06T07:08:09"),
        ("happened_at", "2024-05-06 07:08"),
        ("stamped_at", "2024-05-06T07:08:09Z"),
        ("day", "06.05.2024"),
        ("day", ""),
        ("is_done", 2),
        ("data", "{not json"),
    ],
)
def test_a_value_of_another_shape_is_kept(db: Any, column: str, value: Any) -> None:
    db.execute(f"INSERT INTO events ({column}) VALUES (?)", (value,))
    assert db.execute(f"SELECT {column} FROM events").fetchone()[0] == value


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("happened_at", "unknown"),
        ("happened_at", "2024-05-06T07:08:09"),
        ("stamped_at", "2024-05-06T07:08:09Z"),
        ("day", ""),
        ("is_done", 2),
        ("data", "{not json"),
    ],
)
def test_what_can_not_come_back_is_refused(backend: Any, db: Any, column: str, value: Any) -> None:
    if not backend.is_promoted:
        return
    with pytest.raises(sqlite3.IntegrityError) as caught:
        db.execute(f"INSERT INTO events ({column}) VALUES (?)", (value,))
    assert f"events.{column}" in str(caught.value)
    assert "give the column another type" in str(caught.value)
    assert "\n" not in str(caught.value)
    db.execute("INSERT INTO events (note) VALUES ('after')")
    assert db.execute("SELECT note FROM events").fetchone()[0] == "after"


def test_what_is_refused_in_an_update(backend: Any, db: Any, event: Any) -> None:
    if not backend.is_promoted:
        return
    with pytest.raises(sqlite3.IntegrityError, match=r"events\.happened_at"):
        db.execute("UPDATE events SET happened_at = ?", ("soon",))
    assert db.execute("SELECT happened_at FROM events").fetchone()[0] == MOMENT


def test_the_columns_are_promoted(backend: Any) -> None:
    """The other tests would say nothing without it."""
    if not backend.is_promoted:
        return
    rows = backend.direct.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name = 'events' AND table_schema = 'public'"
    ).fetchall()
    types = dict(rows)
    assert types["happened_at"].startswith("timestamp")
    assert types["stamped_at"].startswith("timestamp")
    assert (types["day"], types["is_done"], types["cost"]) == ("date", "boolean", "numeric")
    assert types["data"] == "jsonb"


# --- native=True --------------------------------------------------------------------------------


def native_row(adapter: Any) -> Any:
    with adapter.get_connection() as connection:
        connection.execute(INSERT, (MOMENT, STAMP, DAY, True, 12.5, DATA, "n"))
    with adapter.get_connection(native=True) as connection:
        return connection.execute("SELECT * FROM events").fetchone()


def test_native_moments(adapter: Any) -> None:
    row = native_row(adapter)
    assert row["happened_at"] == datetime(2024, 5, 6, 7, 8, 9)
    assert row["stamped_at"] == datetime(2024, 5, 6, 7, 8, 9, 120000)


def test_native_days(adapter: Any) -> None:
    assert native_row(adapter)["day"] == date(2024, 5, 6)


def test_native_booleans(adapter: Any) -> None:
    assert native_row(adapter)["is_done"] is True


def test_native_numerics(adapter: Any) -> None:
    cost = native_row(adapter)["cost"]
    assert isinstance(cost, Decimal)
    assert cost == Decimal("12.5")


def test_native_json(adapter: Any) -> None:
    assert native_row(adapter)["data"] == json.loads(DATA)


def test_native_leaves_other_columns(adapter: Any) -> None:
    row = native_row(adapter)
    assert (row["note"], type(row["id"])) == ("n", int)


def test_native_nulls(adapter: Any) -> None:
    with adapter.get_connection(native=True) as connection:
        connection.execute(INSERT, (None,) * 7)
        assert tuple(connection.execute("SELECT * FROM events").fetchone())[1:] == (None,) * 7


def test_native_is_for_one_connection(adapter: Any) -> None:
    native_row(adapter)
    with adapter.get_connection() as connection:
        assert connection.execute("SELECT happened_at FROM events").fetchone()[0] == MOMENT


# --- native_sql=True ----------------------------------------------------------------------------


def test_native_sql_is_refused_by_sqlite(backend: Any) -> None:
    if not backend.is_sqlite:
        return
    with (
        pytest.raises(sqlite3.NotSupportedError, match="DB_TYPE is sqlite"),
        backend.adapter.get_connection(native_sql=True),
    ):
        pass


def test_native_sql_goes_as_it_is(backend: Any) -> None:
    if backend.is_sqlite:
        return
    with backend.adapter.get_connection(native_sql=True) as connection:
        row = connection.execute(
            "SELECT %s::int[] AS list, now() > '2020-01-01'::timestamptz AS later", ([1, 2],)
        ).fetchone()
        assert (row["list"], row["later"]) == ([1, 2], True)
        connection.execute("INSERT INTO people (name) VALUES (%s)", ("native",))
    with backend.adapter.get_connection() as connection:
        assert connection.execute("SELECT name FROM people").fetchone()[0] == "native"


def test_native_sql_that_fails(backend: Any) -> None:
    if backend.is_sqlite:
        return
    with backend.adapter.get_connection(native_sql=True) as connection:
        connection.execute("INSERT INTO people (name) VALUES ('kept')")
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("SELECT nothing_here")
        connection.execute("INSERT INTO people (name) VALUES ('too')")
    with backend.adapter.get_connection() as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone()[0] == 2
