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
    declared=True,
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
    declared=True,
)

DOCS = Table(
    "docs",
    "CREATE TABLE docs (doc TEXT, code TEXT NOT NULL PRIMARY KEY)",
    rows=[('{"a": [{"b": 1}], "n": 1}', "x"), ('["a", 2.5]', "y"), (None, "z")],
    promoted={"doc": TargetType(Kind.JSON)},
    declared=True,
)

SUMS = Table(
    "sums",
    "CREATE TABLE sums (id INTEGER PRIMARY KEY, n DECIMAL(10,2), big NUMERIC, epoch INTEGER)",
    rows=[(1, 1.5, 2**53 + 1, 1709251199), (2, 2, 0.5, None)],
    promoted={
        "n": TargetType(Kind.DOUBLE),
        "big": TargetType(Kind.NUMERIC),
        "epoch": TargetType(Kind.TIMESTAMP, shape=Shape("epoch s")),
    },
    rowid_alias="id",
    declared=True,
)

TABLES = [THINGS, EVENTS, ORDERS, PAIRS, DOCS, SUMS]

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
    # NULL alone has no equality in PostgreSQL either.
    'SELECT 1 AS c FROM (SELECT NULL AS c1, ID FROM "Order") AS d FULL JOIN pairs AS p ON 1',
    case(
        "UPDATE sums SET n = big WHERE id = 1",
        "SELECT n, typeof(n) FROM sums",
        loud="9007199254740993 in a double precision column",
    ),
    case(("UPDATE sums SET n = ?", (-(2**63),)), loud="reads as a real"),
    # What other families had to learn first.
    'SELECT json_group_array(ID ORDER BY ID) AS c FROM "Order"',
    "SELECT date(t1.until, 'weekday 3') AS c FROM \"Order\" AS t1",
    "SELECT date('0', 'start of month') AS a, datetime(c1, 'start of year') AS b FROM \"Order\"",
    "SELECT strftime('%s', '1e400') AS a, date(t) AS b FROM Things",
    "SELECT date(day, '-0000-01-31 12:00') AS a, datetime(day, '+0001-02-03') AS b FROM pairs",
    'SELECT DISTINCT typeof(c1) AS a, 1 AS b FROM "Order" ORDER BY 1 DESC, 2',
    case(
        ('INSERT INTO "Order" ("ID", "c1", "a b") VALUES (NULL, ?, ?)', (1, "x")),
        'SELECT max(ID), changes() FROM "Order"',
    ),
    case(
        'INSERT INTO "Order" (ID, c1) VALUES (2000, 1)',
        'INSERT INTO "Order" (c1) VALUES (2)',
        "SELECT last_insert_rowid()",
    ),
    'UPDATE "Order" SET "select" = "a b", "größe" = NULL WHERE "ID" = 5 RETURNING "select"',
    "REPLACE INTO pairs (\"part 1\", part2, flag) VALUES (1, 2, 1), (1, 'x', 0)",
    "INSERT OR REPLACE INTO docs (doc, code) VALUES ('{}', 'x') RETURNING *",
    "INSERT OR IGNORE INTO docs (doc, code) VALUES ('{}', 'x'), ('[]', 'new')",
    "SELECT json_object('a', doc ->> 'a', 'b', 1) AS c FROM docs",
    "UPDATE docs SET doc = json_object('a', doc ->> 'a', 'b', 1) RETURNING *",
    "SELECT n || '' AS c, typeof(n * 2) AS d FROM sums WHERE big > 9007199254740992",
    "SELECT CASE WHEN 1 THEN 10 ELSE 1.5 END AS c, max('' * ID) AS d FROM \"Order\" GROUP BY 1",
    'SELECT c1 FROM "Order" UNION SELECT n FROM sums ORDER BY 1',
    'SELECT lag(1, 0) OVER (ORDER BY ID) AS c, ntile(2) OVER (ORDER BY ID) AS d FROM "Order"',
    "SELECT part2 IN (SELECT doc FROM docs) AS a, 1 NOT IN (SELECT big FROM sums) AS b FROM pairs",
    "SELECT c.k1 FROM (SELECT 1 AS k1 UNION SELECT NULL) AS c LEFT JOIN pairs AS p ON c.k1 = flag",
    "VALUES (NULL, x'00'), (1.5, 'a'), ('a', 7)",
    case(
        ("SELECT ?1 || part2 AS c, ?1 AS d FROM pairs ORDER BY ?1 || part2", ("x",)), ordered=True
    ),
    "SELECT count(*) AS c FROM Things GROUP BY i AND 1 HAVING i AND 1 AND 1",
    "SELECT DISTINCT flag OR day AS c FROM pairs ORDER BY flag OR day",
    'SELECT p.flag, o.ID FROM pairs AS p FULL JOIN "Order" AS o ON o.ID = o.ID',
    # An aggregate whose value is known is still one of a single group.
    "SELECT strftime('%q', count(*), '+1 month') AS c FROM pairs",
    "SELECT count(*) IN () AS c FROM pairs WHERE 0",
    case(("SELECT ? AS c, max(day) IN () AS d FROM pairs", ("max(1)",))),
    "SELECT x.c FROM pairs LEFT JOIN (SELECT sum(n) IN () AS c FROM sums) AS x ON 1",
    # IS [NOT] DISTINCT FROM TRUE is a test of truth too, also in parentheses.
    "SELECT t IS DISTINCT FROM FALSE AS a, i IS NOT DISTINCT FROM (TRUE) AS b FROM Things",
    "SELECT i IS NOT (TRUE COLLATE NOCASE) AS a, i IS TRUE AS b FROM Things",
    case(("SELECT ? COLLATE NOCASE IS DISTINCT FROM FALSE AS c", ("İ",))),
    "SELECT doc, (SELECT count(*) FROM json_each(docs.doc)) AS c FROM docs",
    "SELECT (SELECT count(*) FROM json_each(value)) AS c FROM (SELECT '[1]' AS value)",
    # A NULL beside a moment, and in a row that is assigned.
    "SELECT max(epoch, NULL) AS a, coalesce(NULL, epoch) AS b, iif(id, epoch, NULL) AS c FROM sums",
    "SELECT iif(flag, day, NULL) AS a, max(day, NULL) AS b, coalesce(NULL, day) AS c FROM pairs",
    "UPDATE sums SET (n, big) = (SELECT 1, NULL) WHERE id = 1",
    "UPDATE sums SET (n, epoch) = (SELECT NULL, NULL)",
    # Infinity has no scale that tells its class.
    case(
        (
            "SELECT max(CASE WHEN id = 1 THEN ? ELSE 9e999 END) OVER (ORDER BY id) AS c FROM sums",
            (4,),
        )
    ),
    case(("SELECT min(CASE WHEN id = 1 THEN ? ELSE -9e999 END) AS c FROM sums", (4,))),
    "SELECT sum(CASE WHEN id = 1 THEN 9e999 ELSE 1 END) AS c FROM sums",
    "SELECT e.value, docs.code FROM docs, json_each(docs.doc) AS e",
    'SELECT lag(day, 1, NULL) OVER (ORDER BY "part 1", part2) AS c FROM pairs',
    "SELECT day FROM pairs UNION ALL SELECT NULL",
    "SELECT (SELECT group_concat(1) FROM events) AS a, 1 - sum(1) IN () AS b FROM pairs",
    "SELECT (SELECT max((1)) FROM events) || (count(*) IN ()) AS a FROM pairs",
    "SELECT ')' || count(*) AS a, '(SELECT' AS b FROM pairs",
    "SELECT CASE WHEN (SELECT NULL FROM sums ORDER BY id LIMIT 1) THEN 1 ELSE 0 END AS c",
    # Once a real was in a moving frame, SQLite's sum stays a real.
    "SELECT sum(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS c FROM sums",
    "SELECT sum(n) OVER w AS c, avg(n) OVER (w ROWS 1 PRECEDING) AS d FROM sums "
    "WINDOW w AS (ORDER BY id)",
    'SELECT sum(c1) OVER (ORDER BY ID ROWS 1 PRECEDING) AS c FROM "Order"',
    "SELECT total(n) OVER w AS a, sum(id) OVER w AS b FROM sums "
    "WINDOW w AS (ORDER BY id ROWS 1 PRECEDING)",
    "SELECT sum(n) OVER w AS c FROM sums "
    "WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING)",
    "SELECT n * 2 AS a, n || '' AS b, -n AS c, CAST(n AS INTEGER) AS d FROM sums",
    case(("UPDATE sums SET n = (? + 3) / ?", (1e16, -0.5)), "SELECT n, n + 1, typeof(n) FROM sums"),
    case(("UPDATE sums SET big = (? + 3) / ?", (1e16, -0.5)), "SELECT big, big || '' FROM sums"),
    "SELECT (SELECT NULL) IS NULL AS a, (SELECT NULL) || 'x' AS b, coalesce((SELECT NULL), 7) AS c",
    "SELECT nullif((SELECT NULL), 1) AS a, max((SELECT NULL), 2) AS b, 1 IN (SELECT NULL) AS c",
    "SELECT 1 AS a, d.b FROM (SELECT NULL AS b) AS d GROUP BY 1 HAVING min(1) ORDER BY 1, 2",
    "SELECT d.b, count(*) AS n FROM (SELECT id, NULL AS b FROM sums) AS d GROUP BY d.id",
    # No text is no number that differs from all others.
    case(("SELECT id FROM sums WHERE NOT id = nullif(?, '')", ("",))),
    case(("SELECT id <> nullif(?, '') AS c, json_type(?, '$.a') = id AS d FROM sums", ("", "1"))),
    case(("SELECT json_type(?, '$.a') IN (SELECT id FROM sums) AS c", (1,))),
    "SELECT printf('%.2s', '🙂') AS c FROM pairs",
    "DELETE FROM pairs RETURNING part2, printf('%.2s', '🙂') AS c",
    "SELECT (abs(\"part 1\"), part2) = (1, 'x') AS c FROM pairs",
    "SELECT (\"part 1\", part2) IN ((1, 'x'), (7, 'é')) AS c FROM pairs",
    # A test of a literal for NULL is a column's number to SQLite's parser.
    "= SELECT part2, day FROM pairs ORDER BY (-1 IS NOT NULL) DESC, 2",
    "= SELECT day, part2 FROM pairs ORDER BY 'a' IS DISTINCT FROM (NULL), 2",
    "= SELECT part2 FROM pairs ORDER BY TRUE NOTNULL, NULL IS NOT NULL, 1 DESC",
    "SELECT flag, count(*) AS c FROM pairs GROUP BY 1 NOTNULL",
    "SELECT d1.c1 FROM (SELECT NULL AS c1) AS d1",
    "SELECT date(day, part2 || ' months') AS a, date(1, char(10) || '8 days') AS b FROM pairs",
    # Rows that are written one by one: a query over the table would see the first ones.
    "REPLACE INTO docs (code, doc) VALUES ('x', '{}'), ('y', (SELECT max(doc) FROM docs))",
    "REPLACE INTO docs (code, doc) VALUES ('y', (SELECT min(doc) FROM docs))",
    "INSERT INTO docs (code, doc) VALUES ('q', '{}'), ('r', (SELECT min(doc) FROM docs))",
    "REPLACE INTO docs (code, doc) SELECT code, (SELECT min(doc) FROM docs) FROM docs",
    # Names that need quotes, in every place where a name can stand.
    'SELECT [a b], `größe`, "select" AS "from" FROM [order] AS "where" ORDER BY "from", 1, 2',
    'SELECT "o p"."a b" AS "x y" FROM "Order" AS "o p" GROUP BY "o p"."a b" HAVING "x y" <> 1',
    'WITH "a b"("c d") AS (SELECT ID FROM [ORDER]) SELECT "c d" + 1 AS "e f" FROM "a b"',
    'SELECT sum("part 1") OVER "w 1" AS s FROM pairs WINDOW "w 1" AS (PARTITION BY [part 1])',
    'INSERT INTO "Order" ("select", [a b]) VALUES (1, 2) ON CONFLICT (ID) DO UPDATE '
    'SET "select" = excluded."a b" RETURNING "SELECT", "A B" AS "x y"',
    'UPDATE [Order] AS "u" SET "select" = "u"."a b" || \'x\' WHERE "u"."ID" IN (5, 6)',
    'DELETE FROM "Order" WHERE "a b" = \'a\' RETURNING *',
    case(
        (
            'SELECT "größe" IS :a OR [a b] = @b OR "select" = $c AS t FROM "Order"',
            {"a": None, "b": "a", "c": "abc"},
        )
    ),
    # A parameter of any class, before anything is known of it.
    case(("SELECT ? IS NULL AS a, typeof(?) AS b, ? + 1 AS c", (None, 1.0, "3x"))),
    case(('SELECT part2 FROM pairs WHERE "part 1" = ? OR part2 = ? ORDER BY ?', ("1", 7, "z"))),
    case(("INSERT INTO pairs VALUES (?, ?, ?, ?)", (True, 1.5, False, "2024-01-01"))),
    case(("SELECT x FROM Things WHERE x = ? OR x > ?", (b"abc", b"\xf0"))),
]
