"""What random statements found wrong (``tests/server/generator``), each made small.

The tables are odd on purpose: reserved words and spaces as names, keys of every form, values at
the edges of each type.
"""

from __future__ import annotations

from translate_corpus import EVENTS, ISO, THINGS, ZULU
from translate_sides import Table

from corpus import Case, case
from outgrow.model.types import Kind, Shape, TargetType

ORDERS = Table(
    "Order",
    """CREATE TABLE "Order" (
        "ID" INTEGER PRIMARY KEY, c1 DOUBLE PRECISION, "a b" VARCHAR(20) COLLATE RTRIM,
        "größe" TIMESTAMP, "select" text COLLATE NOCASE, until DATETIME, u TEXT)""",
    rows=[
        (5, 0.5, "a  ", "2023-12-31T00:00:01.000Z", "ABC", "9999-12-31 23:59:59", None),
        (6, -0.5, "a", None, "abc", "0001-01-01 00:00:00", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        (1000, None, "NULL", "2024-02-29T23:59:59.250Z", "a  ", None, None),
    ],
    promoted={
        "größe": TargetType(Kind.TIMESTAMP, shape=ZULU),
        "until": TargetType(Kind.TIMESTAMP, shape=ISO),
        "u": TargetType(Kind.UUID),
    },
    rowid_alias="ID",
)

PAIRS = Table(
    "pairs",
    """CREATE TABLE pairs (
        "part 1" INT NOT NULL, part2 TEXT NOT NULL, flag BOOLEAN, day TEXT,
        PRIMARY KEY ("part 1", part2))""",
    rows=[(1, "x", 1, "2024-02-29"), (1, "y", 0, "9999-12-31"), (-7, "é", None, None)],
    promoted={
        "flag": TargetType(Kind.BOOLEAN),
        "day": TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")),
    },
)

DOCS = Table(
    "docs",
    "CREATE TABLE docs (doc TEXT, code TEXT NOT NULL PRIMARY KEY)",
    rows=[('{"a": [{"b": 1}], "n": 1}', "x"), ('["a", 2.5]', "y"), (None, "z")],
    promoted={"doc": TargetType(Kind.JSON)},
)

TABLES = [THINGS, EVENTS, ORDERS, PAIRS, DOCS]

CASES: list[str | Case] = [
    # A column that is always NULL is a text in PostgreSQL, which met other types.
    "SELECT CASE WHEN 1 THEN d.c1 WHEN 0 THEN 1 ELSE 2 END AS c FROM (SELECT NULL AS c1) AS d",
    "SELECT CASE WHEN d.c2 THEN 1 ELSE 2 END AS c FROM (SELECT NULL AS c2) AS d",
    "SELECT 1 AS c FROM (SELECT NULL AS c1) AS d WHERE d.c1 OR 1",
    "VALUES (1, 1), (1, 'a'), (NULL, NULL)",
    "VALUES (NULL, 1), (1, NULL), (2, 3)",
    # "- t1.c1" ends in the name of the column, but is not named by it.
    'SELECT - t1.c1 AS c1 FROM "Order" AS t1 UNION ALL SELECT 1 AS c1',
    'SELECT c1 FROM (SELECT - o.c1 AS c1 FROM "Order" AS o)',
    # A constant text has no type in PostgreSQL until something gives it one.
    "= SELECT lead('a', 1) OVER (ORDER BY p.\"part 1\", p.part2) AS c FROM pairs AS p ORDER BY 1",
    "SELECT first_value('a') OVER (ORDER BY o.ID) AS c FROM \"Order\" AS o",
    "SELECT lag('a', 1, 'none') OVER (ORDER BY o.ID) AS c FROM \"Order\" AS o",
    # A parameter in a result column and in GROUP BY is one and the same.
    case(('SELECT DISTINCT coalesce(?, [größe]) AS c FROM "Order" ORDER BY 1', ("é",))),
    case(('SELECT DISTINCT CASE WHEN ID > 5 THEN ? ELSE 1.5 END AS c FROM "Order"', (10,))),
    case(('SELECT c1 + ?1 AS c, count(*) FROM "Order" GROUP BY c1 + ?1', (10,))),
    # Constants that PostgreSQL takes for column numbers, or for none of any type.
    "SELECT count(*) FROM pairs GROUP BY 1 IS part2",
    "SELECT count(*) FROM pairs GROUP BY part2 IN ()",
    'SELECT typeof(o.ID) AS c FROM "Order" AS o GROUP BY typeof(o.ID)',
    'SELECT 1 AS a, ID IN () AS b FROM "Order" ORDER BY 1, 2',
    "SELECT min(NULL) AS c WHERE 0",
    'SELECT min(NULL) AS c FROM "Order"',
    # The collation of a compound SELECT is that of its first arm that has one.
    '= SELECT substr("a b", -1) AS c FROM "Order" UNION ALL SELECT "select" FROM "Order" '
    "ORDER BY 1, 1",
    '= SELECT 1 AS c UNION ALL SELECT "select" FROM "Order" ORDER BY 1 DESC, 1',
    "SELECT c FROM (SELECT upper(part2) AS c FROM pairs UNION ALL SELECT c FROM Things) "
    "WHERE c = 'abc'",
    # A FULL JOIN that PostgreSQL can neither hash nor merge.
    'SELECT p.flag, o.ID FROM pairs AS p FULL JOIN "Order" AS o ON p.flag',
    'SELECT substr(u, 0, NULL) AS c FROM "Order"',
    '= SELECT lead(typeof(o.c1)) OVER (ORDER BY o.ID) AS c, ID FROM "Order" AS o ORDER BY ID',
    "SELECT min('a' COLLATE NOCASE) AS c FROM pairs",
    "SELECT group_concat(DISTINCT 'a') AS c FROM pairs",
    # NULLIF of an integer and a numeric is a numeric.
    'SELECT nullif(p."part 1", t.m) AS c FROM pairs AS p, Things AS t',
    # json has no equality.
    "SELECT p.flag, d.doc FROM pairs AS p FULL JOIN docs AS d ON 1",
    # Infinity beside a numeric; (9e999, 1) is a row value.
    "SELECT id FROM Things WHERE 9e999 = m OR n < 9e999",
    "SELECT id FROM Things WHERE (9e999, 1) > (m, 1)",
    # A blob is added as a real, a text as the number that it is.
    "SELECT sum(CAST(1 AS BLOB)) AS a, sum(x) AS b, total(x) AS c FROM Things WHERE x <> x'31'",
    "SELECT sum(CASE WHEN id = 5 THEN x ELSE 1 END) AS a FROM Things WHERE id < 9",
    # What is grouped by stands in no subquery of PostgreSQL.
    "SELECT count(*) AS n FROM pairs GROUP BY CASE WHEN flag THEN day END "
    "HAVING CASE WHEN flag THEN day END IN (SELECT 1 FROM events)",
    "SELECT count(*) AS n FROM events GROUP BY thing HAVING thing IN (SELECT t FROM Things)",
]
