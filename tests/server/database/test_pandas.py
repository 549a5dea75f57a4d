"""pandas reads and writes through a connection."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

pd = pytest.importorskip("pandas")


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # It comes when something is forgotten, which may be of a test before.
        warnings.simplefilter("default", ResourceWarning)
        yield


@pytest.fixture
def frame() -> Any:
    return pd.DataFrame({"name": ["a", "b"], "n": [1, 2], "cost": [1.5, None]})


def test_to_sql_makes_a_table(db: Any, frame: Any) -> None:
    assert frame.to_sql("frames", db, index=False) == 2
    rows = [tuple(row) for row in db.execute("SELECT name, n, cost FROM frames ORDER BY n")]
    assert rows == [("a", 1, 1.5), ("b", 2, None)]


def test_to_sql_with_an_index(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db)
    assert [tuple(row) for row in db.execute('SELECT "index", name FROM frames')] == [
        (0, "a"),
        (1, "b"),
    ]


def test_to_sql_fails_where_there_is_a_table(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False)
    with pytest.raises(ValueError, match="already exists"):
        frame.to_sql("frames", db, index=False)


def test_to_sql_replaces(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False)
    frame[["name"]].to_sql("frames", db, index=False, if_exists="replace")
    assert [column[0] for column in db.execute("SELECT * FROM frames").description] == ["name"]


def test_to_sql_appends(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False)
    frame.to_sql("frames", db, index=False, if_exists="append")
    assert db.execute("SELECT count(*) FROM frames").fetchone()[0] == 4


def test_to_sql_into_a_table_of_the_application(db: Any) -> None:
    frame = pd.DataFrame({"name": ["Ada"], "age": [36], "score": [1.5]})
    frame.to_sql("people", db, index=False, if_exists="append")
    assert tuple(db.execute("SELECT name, age, score FROM people").fetchone()) == ("Ada", 36, 1.5)


def test_to_sql_of_moments_and_truths(db: Any) -> None:
    frame = pd.DataFrame(
        {"at": pd.to_datetime(["2024-01-02 03:04:05"]), "is_on": [True], "text": ["ü 🎉"]}
    )
    frame.to_sql("frames", db, index=False)
    row = db.execute("SELECT * FROM frames").fetchone()
    assert tuple(row) == ("2024-01-02 03:04:05", 1, "ü 🎉")


def test_to_sql_in_chunks(db: Any) -> None:
    frame = pd.DataFrame({"n": range(100)})
    frame.to_sql("frames", db, index=False, chunksize=30)
    assert db.execute("SELECT count(*), sum(n) FROM frames").fetchone()[1] == 4950


def test_to_sql_with_many_values_at_once(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False, method="multi")
    assert db.execute("SELECT count(*) FROM frames").fetchone()[0] == 2


def test_read_sql(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False)
    found = pd.read_sql("SELECT * FROM frames ORDER BY n", db)
    pd.testing.assert_frame_equal(found, frame)


def test_read_sql_query_with_parameters(db: Any, frame: Any) -> None:
    frame.to_sql("frames", db, index=False)
    found = pd.read_sql_query("SELECT name FROM frames WHERE n = ?", db, params=(2,))
    assert list(found["name"]) == ["b"]


def test_read_sql_with_dates_and_an_index(db: Any) -> None:
    db.execute("INSERT INTO people (id, name, created_at) VALUES (7, 'a', '2024-01-02 03:04:05')")
    found = pd.read_sql(
        "SELECT id, created_at FROM people", db, index_col="id", parse_dates=["created_at"]
    )
    assert found.loc[7, "created_at"] == pd.Timestamp("2024-01-02 03:04:05")


def test_read_sql_in_chunks(db: Any) -> None:
    pd.DataFrame({"n": range(10)}).to_sql("frames", db, index=False)
    found = [len(part) for part in pd.read_sql("SELECT n FROM frames", db, chunksize=4)]
    assert found == [4, 4, 2]


def test_read_sql_of_nothing(db: Any) -> None:
    found = pd.read_sql("SELECT name, age FROM people", db)
    assert list(found.columns) == ["name", "age"]
    assert len(found) == 0
