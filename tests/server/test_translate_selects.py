"""What SELECT may not do silently: each of these once gave other rows than SQLite."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import corpus
import pytest
from corpus import as_case, case, selects
from translate_run import Application

from outgrow.translate import UntranslatableSQL, scan, translate
from outgrow.translate.parse import expression, fingerprint, statement
from outgrow.translate.queries.spelling import Spelling


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
    grouped = f"SELECT v, count(*) FROM ({arms}) GROUP BY v"
    assert shop.outcome(case(grouped, loud="3 or 3.0"))[0] == "loud"
    assert shop.outcome(case(grouped.replace("3.0", "3.5 UNION ALL SELECT 3.5")))[0] == "ok"


def test_a_negative_lag_is_an_error(shop: Application) -> None:
    sql = ("SELECT id, lag(id, ?) OVER (ORDER BY id) FROM staff", (-1,))
    assert shop.outcome(case(sql, loud="lag() reads ahead"))[0] == "loud"


#: SELECT in every place where an expression can stand.
_NESTED = (
    "SELECT DISTINCT a IS NOT DISTINCT FROM b, (SELECT 1, 2 UNION SELECT 3, f(4, 5)), CASE WHEN x"
    " THEN (SELECT 1) END FROM t WHERE (SELECT 5+5) LIMIT (SELECT 1), (SELECT 2)",
    "WITH RECURSIVE c(x) AS (SELECT 1+1 UNION ALL SELECT x+ 1 FROM c LIMIT (SELECT 9)) SELECT"
    " count(*) OVER (PARTITION BY (SELECT 1) ORDER BY (SELECT 2)) FROM c JOIN (SELECT 7) ON"
    " (SELECT 3) GROUP BY (SELECT 4) HAVING (SELECT 5) WINDOW w AS (ORDER BY (SELECT 6)) ORDER BY"
    " (SELECT 8)",
    "INSERT INTO t(a) SELECT 1 WHERE 1 ON CONFLICT(a) WHERE (SELECT 0) DO UPDATE SET b=(SELECT 3)"
    " WHERE (SELECT 4) RETURNING a, (SELECT 5)",
    "UPDATE t SET a=(SELECT 1), (b,c)=(SELECT 2,3) FROM (SELECT 4) q WHERE (SELECT 5) RETURNING"
    " a+1, 2",
    "DELETE FROM t WHERE (SELECT 1) RETURNING (SELECT 2) -- the end",
    "CREATE TRIGGER x AFTER INSERT ON t WHEN (SELECT 1) BEGIN SELECT 2; UPDATE t SET a=(SELECT 3)"
    " WHERE (SELECT 4); END",
    "SELECT a BETWEEN (SELECT 1) AND (SELECT 2), a IN (SELECT 3), (a,b)=(SELECT 4,5), a LIKE"
    " (SELECT 7) ESCAPE (SELECT 8), f(DISTINCT (SELECT 9)) FILTER (WHERE (SELECT 10)) FROM t",
    "SELECT CASE (SELECT 1) WHEN (SELECT 2) THEN (SELECT 3) ELSE (SELECT 6) END, /* x */ 2 /* y */",
    "SELECT group_concat((SELECT 1), (SELECT 2) ORDER BY (SELECT 3)) FILTER (WHERE (SELECT 4))",
    "SELECT max((SELECT 1)) OVER (ORDER BY 1 ROWS BETWEEN (SELECT 2) PRECEDING AND (SELECT 3)"
    " FOLLOWING), (SELECT 5) COLLATE NOCASE, (SELECT 6) ISNULL, NOT (SELECT 7)",
    "CREATE VIEW v AS WITH q AS (SELECT 1) SELECT 1+1, /* x */ 2 FROM q",
    "VALUES ((SELECT 1), (SELECT 2)), ((SELECT 3), 4)",
)


def _result_columns(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for child in node:
            yield from _result_columns(child)
    elif isinstance(node, dict):
        if node["type"] == "ResultColumn" and not node["flags"] and not node["alias"]:
            yield node
        yield from (found for child in node.values() for found in _result_columns(child))


def test_the_text_of_every_result_column_is_found() -> None:
    families = (
        importlib.import_module(f"corpus.{f.name}") for f in pkgutil.iter_modules(corpus.__path__)
    )
    cases = [as_case(given) for family in families for given in family.CASES]
    statements = [scan(sql).sql for each in cases for sql, _ in each.steps]
    found = 0
    for sql in (*_NESTED, *statements):
        try:
            tree = statement(sql)
        except UntranslatableSQL:
            continue
        spelling = Spelling(tree, sql)
        for column in _result_columns(tree):
            text = spelling.of(column)
            assert fingerprint(expression(text)) == fingerprint(column["expr"]), (sql, text)
            found += 1
    assert found > 1000
