"""What SELECT may not do silently: each of these once gave other rows than SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from corpus import case, selects
from translate_run import Application

from outgrow.translate import UntranslatableSQL, translate


@pytest.fixture(params=["faithful", "promoted"])
def shop(request: pytest.FixtureRequest, database: str) -> Iterator[Application]:
    application = Application(
        database, selects.TABLES, promote=request.param == "promoted", views=selects.VIEWS
    )
    yield application
    application.close()


@pytest.mark.parametrize(
    "sql",
    [
        # Two columns of one name in a subquery are two columns.
        "SELECT * FROM (SELECT id, name AS id FROM staff)",
        # LIMIT a, b skips a rows.
        "SELECT id FROM orders ORDER BY id LIMIT 1, 2",
        # A scalar subquery has no collation; a column of one has BINARY.
        "SELECT (SELECT city FROM Customers WHERE id = 2) = 'oslo'",
        "SELECT c.id FROM Customers c, (SELECT 'OSLO' || '' AS x) z WHERE z.x = c.city",
        # A text counts as an integer only as a whole.
        "SELECT sum(v) FROM (SELECT '12abc' AS v)",
        # Sums of integers are exact before they become a REAL.
        "SELECT total(v) FROM (SELECT 9007199254740993 AS v UNION ALL SELECT -9007199254740992)",
        # The aggregates of no rows are one row.
        "SELECT min(NULL), group_concat(NULL) FROM staff",
        # HAVING and GROUP BY of constants.
        "SELECT count(*) FROM orders WHERE id > 1000 GROUP BY 'x'",
        # UNION keeps the row of the last SELECT, INTERSECT and EXCEPT that of the first.
        "SELECT 1 UNION SELECT 1.0",
        "SELECT 1.0 UNION SELECT 1",
        "SELECT 1 INTERSECT SELECT 1.0",
        # A name that SQLite finds outside, where PostgreSQL finds another inside.
        "SELECT id FROM staff WHERE EXISTS (SELECT 1 FROM (SELECT 2 AS x) staff WHERE pay = 5)",
    ],
)
def test_nothing_differs(shop: Application, sql: str) -> None:
    verdict, why = shop.outcome(case(sql))
    assert verdict in ("ok", "refused"), why


@pytest.mark.parametrize(
    "sql",
    [
        # SQLite compares in each SELECT or behind them, as its planner likes.
        "SELECT x FROM (SELECT id AS x FROM staff UNION ALL SELECT 5) WHERE x = '5'",
        "SELECT x FROM (SELECT name AS x FROM staff UNION ALL SELECT 'zz') WHERE x > 5",
        # The row that SQLite keeps depends on the direction in which it reads the table.
        "SELECT DISTINCT status FROM orders ORDER BY id DESC",
        "SELECT city FROM Customers UNION SELECT name FROM Customers",
        # Rows that one window sorts come to the next in its order.
        "SELECT row_number() OVER (), rank() OVER (ORDER BY pay) FROM staff",
        "SELECT lag(id, -1) OVER (ORDER BY id) FROM staff",
        # Sums of REAL are rounded, and SQLite adds where PostgreSQL subtracts.
        "SELECT count(*) OVER (ORDER BY total RANGE 0.5 PRECEDING) FROM orders",
    ],
)
def test_what_hangs_on_sqlites_planner_is_refused(shop: Application, sql: str) -> None:
    with pytest.raises(UntranslatableSQL):
        translate(sql, shop.sides.schema)


def test_what_sqlite_leaves_open_is_noted(shop: Application) -> None:
    for sql in (
        "SELECT status, id FROM orders GROUP BY status",
        "SELECT group_concat(id) FROM orders",
        "SELECT row_number() OVER () FROM orders",
    ):
        assert translate(sql, shop.sides.schema).notes, sql


def test_a_maximum_as_an_integer_and_as_a_real_is_an_error(shop: Application) -> None:
    arms = "SELECT weight AS v FROM orders WHERE id = 13 UNION ALL SELECT 3.0"
    assert shop.outcome(case(f"SELECT max(v) FROM ({arms})", loud="3 or 3.0"))[0] == "loud"
    assert shop.outcome(case(f"SELECT max(v) FROM ({arms} UNION ALL SELECT 4)"))[0] == "ok"


def test_a_negative_lag_is_an_error(shop: Application) -> None:
    sql = ("SELECT id, lag(id, ?) OVER (ORDER BY id) FROM staff", (-1,))
    assert shop.outcome(case(sql, loud="lag() reads ahead"))[0] == "loud"
