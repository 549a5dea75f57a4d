"""SELECT in all its clauses: a small shop, its staff, and readings of sensors without a key."""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, Shape, TargetType

_STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
_DAY = TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD"))

CUSTOMERS = Table(
    "Customers",
    """CREATE TABLE Customers (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT COLLATE NOCASE,
        code TEXT COLLATE RTRIM, joined TEXT, credit DECIMAL(10,2), active INTEGER)""",
    rows=[
        (1, "Ann", "Oslo", "A", "2023-01-15", 100, 1),
        (2, "bob", "OSLO", "A  ", "2023-02-01", 0.5, 0),
        (3, "Çelik", "oslo", "b", "2022-12-31", -20.25, 1),
        (4, "", "Bergen", "B", None, None, None),
        (5, "日本", None, None, "2024-02-29", 99999999.99, 1),
        (6, "ann", "BERGEN", "b ", "2023-01-15", 100, 0),
        (7, "Zoë", "", "", "2023-07-04", 7, 1),
    ],
    promoted={
        "joined": _DAY,
        "credit": TargetType(Kind.NUMERIC, 10, 2),
        "active": TargetType(Kind.BOOLEAN),
    },
    rowid_alias="id",
)

ORDERS = Table(
    "orders",
    """CREATE TABLE orders (
        id INTEGER PRIMARY KEY, customer INTEGER, placed TEXT, status TEXT, total REAL,
        weight NUMERIC)""",
    rows=[
        (10, 1, "2024-01-01 08:00:00", "open", 20.5, 1),
        (11, 1, "2024-01-01 08:00:00", "paid", 5.25, 2.5),
        (12, 2, "2024-01-03 12:30:00", "paid", None, None),
        (13, 2, "2023-12-31 23:59:59", None, -3.0, 3),
        (14, 3, "2024-02-29 00:00:00", "open", 20.5, 0.5),
        (15, None, "2024-03-01 10:00:00", "void", 0.0, -1),
        (16, 99, None, "open", 1e9, 1000000),
        (17, 3, "2024-03-01 10:00:00", "paid", 20.5, 2.5),
        (18, 6, "2024-01-02 00:00:00", "", 0.125, 2),
        (19, 3, "2024-01-05 09:00:00", "paid", 12.0, 2),
    ],
    promoted={"placed": _STAMP},
    rowid_alias="id",
)

ITEMS = Table(
    "items",
    """CREATE TABLE items (
        order_id INTEGER NOT NULL, line INTEGER NOT NULL, sku TEXT, qty INTEGER, price REAL,
        PRIMARY KEY (order_id, line))""",
    rows=[
        (10, 1, "pen", 3, 1.5),
        (10, 2, "ink", 1, 16.0),
        (11, 1, "pen", 2, 2.625),
        (12, 1, "cup", None, 4.0),
        (14, 1, "ink", 1, 16.0),
        (14, 2, "cup", 1, 4.5),
        (17, 1, None, 10, 0.0),
        (16, 1, "gold", 9007199254740993, 0.1),
    ],
    promoted={"price": TargetType(Kind.NUMERIC, 12, 4)},
)

STAFF = Table(
    "staff",
    "CREATE TABLE staff (id INTEGER PRIMARY KEY, boss INTEGER, name TEXT, pay INTEGER, team TEXT)",
    rows=[
        (1, None, "Root", 900, None),
        (2, 1, "Left", 500, "a"),
        (3, 1, "Right", 500, "b"),
        (4, 2, "Leaf", 100, "a"),
        (5, 2, "leaf", None, "a"),
        (6, 3, "Last", 300, "b"),
        (7, 6, "Deep", 50, "b"),
        (8, 8, "Loop", 5, None),
    ],
    rowid_alias="id",
)

READINGS = Table(
    "readings",
    "CREATE TABLE readings (sensor TEXT, at TEXT, value REAL, seen INTEGER)",
    rows=[
        ("s1", "2024-01-01 00:00:00", 1.5, 1),
        ("s1", "2024-01-01 01:00:00", 2.5, 0),
        ("s2", "2024-01-01 00:30:00", None, 1),
        ("s1", "2024-01-02 00:00:00", 2.5, None),
        ("s2", "2024-01-02 06:00:00", -7.25, 1),
        (None, "2024-01-03 00:00:00", 0.0, 0),
        ("s3", None, 4.0, 1),
    ],
    promoted={"at": _STAMP, "seen": TargetType(Kind.BOOLEAN)},
)

TABLES = [CUSTOMERS, ORDERS, ITEMS, STAFF, READINGS]

VIEWS = [
    "CREATE VIEW order_sums AS SELECT o.id, o.customer, count(i.line) AS lines,"
    " sum(i.qty * i.price) AS worth FROM orders o LEFT JOIN items i ON i.order_id = o.id"
    " GROUP BY o.id",
    "CREATE VIEW names AS SELECT name, city FROM Customers ORDER BY name DESC",
    "CREATE VIEW chain AS WITH RECURSIVE up(id, name, depth) AS (SELECT id, name, 0 FROM staff"
    " WHERE boss IS NULL UNION ALL SELECT s.id, s.name, depth + 1 FROM staff s JOIN up ON"
    " s.boss = up.id) SELECT * FROM up",
    "CREATE VIEW ranked AS SELECT id, status, rank() OVER (PARTITION BY status ORDER BY total"
    " DESC) AS place, lag(placed) OVER (ORDER BY id) AS before FROM orders",
    "CREATE VIEW latest AS SELECT customer, max(placed), id, status FROM orders GROUP BY customer",
]

_WINDOWS = [
    "SELECT id, row_number() OVER (ORDER BY placed DESC, id) AS n FROM orders",
    "SELECT id, rank() OVER (ORDER BY total), dense_rank() OVER (ORDER BY total DESC) FROM orders",
    "SELECT id, rank() OVER (PARTITION BY customer ORDER BY placed) FROM orders",
    "SELECT name, rank() OVER (ORDER BY city), count(*) OVER (PARTITION BY city) FROM Customers",
    "SELECT name, dense_rank() OVER (ORDER BY code), count(*) OVER (PARTITION BY code)"
    " FROM Customers",
    "SELECT name, row_number() OVER (ORDER BY city COLLATE BINARY DESC, id) FROM Customers",
    "SELECT id, percent_rank() OVER (ORDER BY status), cume_dist() OVER (ORDER BY status)"
    " FROM orders",
    "SELECT id, ntile(3) OVER (ORDER BY id), ntile('4') OVER (ORDER BY id DESC) FROM orders",
    "SELECT id, ntile(0) OVER (ORDER BY id) FROM orders",
    "SELECT id, lag(total) OVER (ORDER BY id), lead(total) OVER (ORDER BY id) FROM orders",
    "SELECT id, lag(status, 2, 'none') OVER (ORDER BY id), lead(id, 1, 0) OVER (ORDER BY id)"
    " FROM orders",
    "SELECT id, lag(placed) OVER (ORDER BY id), lead(placed, 1, 'never') OVER (ORDER BY id)"
    " FROM orders",
    "SELECT id, lag(id, id % 3, -1) OVER (ORDER BY id), lag(id, -2) OVER (ORDER BY id) FROM orders",
    "SELECT id, lag(total, 1, 0) OVER (ORDER BY id), lag(weight, 1, 0) OVER (ORDER BY id)"
    " FROM orders",
    "SELECT id, total - lag(total, 1, total) OVER (ORDER BY id) AS change FROM orders",
    "SELECT id, lag(id, 1, 'first') OVER (ORDER BY id) FROM orders",
    "SELECT id, first_value(status) OVER w, last_value(status) OVER w, nth_value(id, 2) OVER w"
    " FROM orders WINDOW w AS (PARTITION BY customer ORDER BY id)",
    "SELECT id, last_value(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND"
    " UNBOUNDED FOLLOWING) FROM orders",
    "SELECT id, first_value(joined) OVER (ORDER BY id DESC), last_value(credit) OVER (ORDER BY id)"
    " FROM Customers",
    "SELECT id, sum(pay) OVER (ORDER BY id) AS running, sum(pay) OVER () AS all_of_it FROM staff",
    "SELECT id, sum(total) OVER (PARTITION BY customer ORDER BY id ROWS BETWEEN 1 PRECEDING AND"
    " 1 FOLLOWING) FROM orders",
    "SELECT id, count(*) OVER (ORDER BY total), count(total) OVER (ORDER BY total DESC)"
    " FROM orders",
    "SELECT id, avg(pay) OVER (PARTITION BY team), total(pay) OVER (PARTITION BY team ORDER BY id)"
    " FROM staff",
    "SELECT id, min(name) OVER (PARTITION BY team), max(pay) OVER (ORDER BY id ROWS 2 PRECEDING)"
    " FROM staff",
    "SELECT id, sum(weight) OVER (ORDER BY id), max(weight) OVER (ORDER BY id) FROM orders",
    "SELECT id, max(placed) OVER (ORDER BY id), min(status) OVER (PARTITION BY customer)"
    " FROM orders",
    "SELECT id, group_concat(name) OVER (PARTITION BY team ORDER BY id) FROM staff",
    "SELECT id, group_concat(pay, '+') OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT"
    " ROW) FROM staff",
    "SELECT id, sum(pay) FILTER (WHERE team = 'a') OVER (ORDER BY id) FROM staff",
    "SELECT id, count(*) FILTER (WHERE pay > 100) OVER (PARTITION BY boss) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
    " FROM staff",
    "SELECT id, pay, count(*) OVER (ORDER BY pay RANGE BETWEEN 100 PRECEDING AND CURRENT ROW)"
    " FROM staff",
    "SELECT id, count(*) OVER (ORDER BY pay DESC RANGE BETWEEN 50 PRECEDING AND 50 FOLLOWING)"
    " FROM staff",
    "SELECT id, count(*) OVER (ORDER BY pay NULLS LAST RANGE BETWEEN 0.5 PRECEDING AND 400.9"
    " FOLLOWING) FROM staff",
    "SELECT id, count(*) OVER (ORDER BY pay RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    " FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY team GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY team GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING EXCLUDE"
    " TIES) FROM staff",
    "SELECT id, count(*) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY team ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED"
    " FOLLOWING EXCLUDE GROUP) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT"
    " ROW) FROM staff",
    "SELECT id, sum(id) OVER (ORDER BY team, id RANGE UNBOUNDED PRECEDING EXCLUDE NO OTHERS)"
    " FROM staff",
    "SELECT id, sum(pay) OVER w, count(*) OVER (w ROWS 1 PRECEDING) FROM staff"
    " WINDOW w AS (PARTITION BY team ORDER BY id)",
    "SELECT id, sum(pay) OVER b FROM staff WINDOW a AS (PARTITION BY team), b AS (a ORDER BY id)",
    "SELECT id, sum(pay) OVER (w) FROM staff WINDOW w AS (ORDER BY id ROWS 1 PRECEDING)",
    "SELECT id, sum(pay) OVER nowhere FROM staff",
    "SELECT team, count(*), rank() OVER (ORDER BY count(*) DESC, team) FROM staff GROUP BY team",
    "SELECT customer, sum(total), sum(sum(total)) OVER (ORDER BY customer) FROM orders"
    " GROUP BY customer",
    "SELECT customer, max(total) - avg(max(total)) OVER () FROM orders GROUP BY customer",
    "= SELECT id FROM orders ORDER BY rank() OVER (ORDER BY total DESC), id",
    "= SELECT id, sum(total) OVER (ORDER BY id) AS s FROM orders ORDER BY s DESC, id LIMIT 3",
    "SELECT * FROM (SELECT id, customer, row_number() OVER (PARTITION BY customer ORDER BY placed"
    " DESC, id) AS n FROM orders) WHERE n = 1",
    "SELECT DISTINCT team, count(*) OVER (PARTITION BY team) FROM staff",
    "SELECT id, count(DISTINCT team) OVER () FROM staff",
    "SELECT id FROM orders WHERE row_number() OVER (ORDER BY id) = 1",
    "SELECT id, lower(name) OVER () FROM staff",
    "SELECT id, sum(pay) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM staff",
    "SELECT id, sum(pay) OVER (ORDER BY id ROWS -1 PRECEDING) FROM staff",
    case(("SELECT id, sum(pay) OVER (ORDER BY id ROWS ? PRECEDING) FROM staff", (2,))),
    case(("SELECT id, lag(name, ?, ?) OVER (ORDER BY id) FROM staff", (1, "x"))),
    "SELECT id, 100.0 * pay / sum(pay) OVER () AS share FROM staff",
    "SELECT id, iif(pay > avg(pay) OVER (PARTITION BY team), 'more', 'less') FROM staff",
    "SELECT s.name, o.id, row_number() OVER (PARTITION BY s.id ORDER BY o.id) FROM staff s"
    " LEFT JOIN orders o ON o.customer = s.id",
    "SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY id) AS n FROM staff)",
    "SELECT row_number() OVER (), name FROM staff",
    "SELECT row_number() OVER (), name FROM (SELECT name FROM staff ORDER BY name)",
    "SELECT id, row_number() OVER (PARTITION BY team) FROM staff",
    "SELECT id, lag(name) OVER () FROM staff",
    "SELECT id, sum(pay) OVER (ROWS 1 PRECEDING) FROM staff",
    "SELECT id, last_value(name) OVER (PARTITION BY team) FROM staff",
    "SELECT id, rank() OVER (ORDER BY coalesce(pay, name)), lag(coalesce(pay, name)) OVER (ORDER"
    " BY id) FROM staff",
]

_WITH = [
    "WITH paid AS (SELECT * FROM orders WHERE status = 'paid') SELECT id, total FROM paid",
    "WITH a AS (SELECT customer, sum(total) AS s FROM orders GROUP BY customer),"
    " b AS (SELECT avg(s) AS m FROM a) SELECT customer FROM a, b WHERE s > m",
    "WITH a(x, y) AS (SELECT id, status FROM orders) SELECT y, count(x) FROM a GROUP BY y",
    "WITH a AS MATERIALIZED (SELECT id FROM orders), b AS NOT MATERIALIZED (SELECT id FROM a)"
    " SELECT count(*) FROM a, b WHERE a.id < b.id",
    "WITH a AS (SELECT id FROM orders) SELECT (SELECT max(id) FROM a) - (SELECT min(id) FROM a)",
    "WITH b AS (SELECT * FROM a), a AS (SELECT 1 AS x) SELECT x FROM b",
    "WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a",
    "WITH orders AS (SELECT * FROM main.orders WHERE id < 12) SELECT count(*) FROM orders",
    "SELECT * FROM (WITH a AS (SELECT 1 AS x) SELECT x FROM a) UNION ALL SELECT 2",
    "SELECT id FROM orders WHERE customer IN (WITH c AS (SELECT id FROM Customers WHERE active)"
    " SELECT id FROM c)",
    "SELECT name, (WITH mine AS (SELECT total FROM orders WHERE customer = Customers.id)"
    " SELECT max(total) FROM mine) FROM Customers",
    "WITH a AS (SELECT 1 AS x) SELECT * FROM (WITH a AS (SELECT 2 AS x) SELECT x FROM a), a",
    "WITH v(n, t) AS (VALUES (1, 'one'), (2, 'two'), (NULL, '')) SELECT t, n + 1 FROM v",
    "WITH a AS (SELECT city, count(*) AS n FROM Customers GROUP BY 1) SELECT * FROM a"
    " WHERE city = 'oslo'",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10) SELECT * FROM n",
    "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 7) SELECT sum(x)"
    " FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x * 2 FROM n LIMIT 5 OFFSET 2) SELECT x"
    " FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 0.5 UNION ALL SELECT x * 2 FROM n WHERE x < 5) SELECT x FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 0.5 FROM n WHERE x < 3) SELECT x,"
    " typeof(x) FROM n",
    "WITH RECURSIVE n(x) AS (SELECT NULL UNION ALL SELECT ifnull(x, 0) + 1 FROM n WHERE"
    " ifnull(x, 0) < 3) SELECT x FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION SELECT (x * 3) % 11 FROM n) SELECT x FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4 UNION ALL"
    " SELECT x + 10 FROM n WHERE x < 4) SELECT x FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 5 UNION ALL SELECT x + 1 FROM n WHERE x"
    " NOT IN (3, 7)) SELECT x FROM n",
    "WITH RECURSIVE tree(id, name, depth) AS (SELECT id, name, 0 FROM staff WHERE boss IS NULL"
    " UNION ALL SELECT s.id, s.name, t.depth + 1 FROM staff s JOIN tree t ON s.boss = t.id)"
    " SELECT * FROM tree",
    "= WITH RECURSIVE tree(id, path) AS (SELECT id, '/' || name FROM staff WHERE id = 1 UNION ALL"
    " SELECT s.id, path || '/' || s.name FROM staff s, tree WHERE s.boss = tree.id)"
    " SELECT path FROM tree ORDER BY path",
    "WITH RECURSIVE up(id) AS (SELECT 7 UNION SELECT boss FROM staff JOIN up USING (id) WHERE"
    " boss IS NOT NULL) SELECT name FROM staff WHERE id IN up",
    "WITH RECURSIVE up(id, n) AS (SELECT id, 0 FROM staff WHERE id = 8 UNION SELECT s.boss, 0"
    " FROM staff s, up WHERE s.id = up.id) SELECT * FROM up",
    "WITH RECURSIVE days(d) AS (SELECT '2024-02-27' UNION ALL SELECT date(d, '+1 day') FROM days"
    " WHERE d < '2024-03-02') SELECT d, count(o.id) FROM days LEFT JOIN orders o ON"
    " date(o.placed) = d GROUP BY d",
    "WITH RECURSIVE d(day) AS (SELECT min(joined) FROM Customers UNION ALL SELECT date(day,"
    " '+1 month') FROM d WHERE day < '2023-04-01') SELECT day FROM d",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT c.x + 1 FROM staff s LEFT JOIN c ON c.x ="
    " s.id WHERE c.x < 4) SELECT x FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT DISTINCT c.x + 1 FROM c, staff WHERE"
    " c.x < 3) SELECT x FROM c",
    "WITH RECURSIVE fib(a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM fib WHERE b < 100)"
    " SELECT group_concat(a) FROM fib",
    "WITH RECURSIVE s(rest, word) AS (SELECT 'a,b,,c', '' UNION ALL SELECT substr(rest,"
    " instr(rest || ',', ',') + 1), substr(rest, 1, instr(rest || ',', ',') - 1) FROM s WHERE"
    " rest <> '') SELECT word FROM s",
    "= WITH RECURSIVE t(id, depth) AS (SELECT 1, 0 UNION ALL SELECT s.id, depth + 1 FROM staff s,"
    " t WHERE s.boss = t.id ORDER BY 2 DESC) SELECT id, depth FROM t ORDER BY id",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT max(x) + 1 FROM c) SELECT * FROM c",
    "WITH RECURSIVE c(x) AS (SELECT x + 1 FROM c) SELECT * FROM c",
    "WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3), d AS (SELECT x * 2 AS y"
    " FROM c) SELECT x, y FROM c JOIN d ON y = 2 * x",
    "SELECT * FROM chain WHERE depth > 1",
    case(
        (
            "WITH RECURSIVE n(x) AS (SELECT ?1 UNION ALL SELECT x + ?2 FROM n WHERE x < 10)"
            " SELECT x FROM n",
            (1, 4),
        )
    ),
    "WITH a(x, y) AS (SELECT 1) SELECT * FROM a",
    "WITH RECURSIVE c(n, s) AS (SELECT 1, 'a' UNION ALL SELECT n + 1, s || char(97 + n) FROM c"
    " WHERE n < 5) SELECT s FROM c WHERE n = 5",
    "WITH RECURSIVE c(id, x, j) AS (SELECT id, active, joined FROM Customers WHERE id = 1 UNION ALL"
    " SELECT d.id, d.active + 1, d.joined || '!' FROM Customers d JOIN c ON d.id = c.id + 1)"
    " SELECT * FROM c",
    "WITH RECURSIVE c(id, x) AS (SELECT id, credit FROM Customers WHERE id = 1 UNION ALL SELECT"
    " d.id, coalesce(d.credit, c.x) FROM Customers d JOIN c ON d.id = c.id + 1) SELECT * FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x || '' FROM c WHERE typeof(x) = 'integer')"
    " SELECT x, typeof(x) FROM c",
    "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a WHERE x < 3), b(y) AS (SELECT x"
    " FROM a UNION ALL SELECT y * 10 FROM b WHERE y < 100) SELECT * FROM b",
    "SELECT id, (WITH RECURSIVE up(i, d) AS (SELECT staff.id, 0 UNION ALL SELECT s.boss, d + 1 FROM"
    " staff s, up WHERE s.id = up.i AND s.boss <> s.id) SELECT max(d) FROM up) FROM staff",
    case(
        "INSERT INTO staff (name, pay) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1"
        " FROM n WHERE x < 3) SELECT 'new ' || x, x FROM n"
    ),
    "WITH t AS (SELECT status, count(*) AS n FROM orders GROUP BY status) SELECT status, n,"
    " 100 * n / (SELECT sum(n) FROM t) FROM t",
]

_GROUPS = [
    "SELECT customer, max(placed), id, status FROM orders GROUP BY customer",
    "SELECT customer, min(total), id, weight FROM orders GROUP BY customer",
    "SELECT max(total), id, status FROM orders",
    "SELECT min(pay), name FROM staff WHERE team = 'b'",
    "SELECT team, name, max(pay) AS top FROM staff GROUP BY team HAVING top > 100",
    "= SELECT team, max(pay), name FROM staff GROUP BY team ORDER BY name",
    "SELECT sensor, at, max(value) FROM readings GROUP BY sensor",
    "SELECT sensor, seen, value, min(at) FROM readings GROUP BY sensor",
    "SELECT team, upper(name) || '!', max(pay) FROM staff GROUP BY team",
    "SELECT max(total), id, (SELECT name FROM Customers c WHERE c.id = orders.customer)"
    " FROM orders",
    "SELECT status, id, customer FROM orders GROUP BY status",
    "SELECT status, id, count(*) FROM orders GROUP BY status HAVING id > 10",
    "SELECT id, sum(total) FROM orders",
    "SELECT id, count(*) FROM orders WHERE id > 100",
    "SELECT sensor, value FROM readings GROUP BY sensor",
    "SELECT team, name, min(pay), max(pay) FROM staff GROUP BY team",
    "SELECT c.name, count(o.id) FROM Customers c LEFT JOIN orders o ON o.customer = c.id"
    " GROUP BY c.id",
    "SELECT c.*, count(o.id) FROM Customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY"
    " c.id",
    "SELECT o.customer, c.name, c.city, sum(o.total) FROM orders o JOIN Customers c ON"
    " c.id = o.customer GROUP BY o.customer",
    "SELECT o.id, c.name, count(i.line) FROM orders o JOIN Customers c ON c.id = o.customer"
    " LEFT JOIN items i ON i.order_id = o.id GROUP BY o.id",
    "SELECT o.customer, c.name, count(*) FROM orders o LEFT JOIN Customers c ON c.id = o.customer"
    " GROUP BY 1",
    "SELECT city, count(*) FROM Customers GROUP BY city",
    "SELECT code, count(*), max(id) FROM Customers GROUP BY code",
    "SELECT city, max(credit), name FROM Customers GROUP BY city",
    "SELECT lower(city) AS c, count(*) FROM Customers GROUP BY c",
    "SELECT weight * 2 AS w, count(*) FROM orders GROUP BY w",
    "SELECT DISTINCT city FROM Customers",
    "SELECT DISTINCT code, active FROM Customers",
    "SELECT DISTINCT weight + weight FROM orders",
    "SELECT DISTINCT weight, status FROM orders",
    "= SELECT DISTINCT city FROM Customers ORDER BY city",
    "= SELECT DISTINCT status FROM orders ORDER BY length(status), status DESC",
    "= SELECT DISTINCT status, customer FROM orders ORDER BY customer DESC, 1 LIMIT 4",
    "= SELECT DISTINCT name FROM staff ORDER BY name COLLATE NOCASE DESC, name",
    "= SELECT DISTINCT upper(name) AS u FROM staff ORDER BY u",
    "= SELECT DISTINCT 1, typeof(id), team FROM staff ORDER BY 1, 2, 3 COLLATE NOCASE",
    "SELECT DISTINCT coalesce(pay, name) FROM staff",
    "SELECT DISTINCT 'x' COLLATE NOCASE FROM staff",
    "SELECT DISTINCT 'x' COLLATE NOCASE FROM staff WHERE 0",
    "SELECT coalesce(pay, name) AS v, count(*) FROM staff GROUP BY v",
    "SELECT min(city), max(city), min(code), max(code) FROM Customers",
    "SELECT count(DISTINCT city), count(DISTINCT code), count(DISTINCT name) FROM Customers",
    "SELECT count(DISTINCT weight), sum(DISTINCT weight), avg(DISTINCT total) FROM orders",
    "SELECT status AS s, count(*) AS n FROM orders GROUP BY s HAVING n > 1",
    "SELECT strftime('%Y-%m', placed) AS month, sum(total) FROM orders GROUP BY month",
    "SELECT total > 10, count(*) FROM orders GROUP BY total > 10",
    "SELECT total > 10 AS big, count(*) FROM orders GROUP BY 1 HAVING big IS NOT NULL",
    "SELECT count(*) FROM orders HAVING count(*) > 3",
    "SELECT count(*) FROM orders HAVING count(*) > 300",
    "SELECT status FROM orders HAVING status = 'open'",
    "SELECT 1 FROM orders HAVING 1",
    "SELECT status FROM orders ORDER BY count(*)",
    "SELECT count(*) FROM orders GROUP BY 'x'",
    "SELECT count(*), max(id) FROM orders WHERE id > 1000 GROUP BY NULL",
    "SELECT status FROM orders GROUP BY 2",
    "SELECT status, count(*) FROM orders GROUP BY 1, status || ''",
    "SELECT name AS city, count(*) FROM Customers GROUP BY city",
    "SELECT id AS name FROM staff WHERE name = 'Root'",
    "SELECT id * 2 AS twice FROM staff WHERE twice > 6 AND twice < 14",
    "SELECT pay / 100 AS grade, count(*) FROM staff GROUP BY grade HAVING count(*) > 1 OR"
    " grade IS NULL",
    "= SELECT status, count(*) FROM orders GROUP BY status ORDER BY count(*) DESC, status",
    "= SELECT status, sum(total) AS t FROM orders GROUP BY status ORDER BY -t, 1",
    "SELECT team, sum(pay) FROM staff GROUP BY team HAVING sum(pay) > (SELECT avg(pay) FROM staff)",
    "SELECT sum(pay), total(pay), avg(pay), count(pay), min(pay), max(pay) FROM staff"
    " WHERE id > 100",
    "SELECT sum(name), total(name), avg(name), sum(code) FROM Customers",
    "SELECT sum(v), avg(v), total(v) FROM (SELECT '3' AS v UNION ALL SELECT '4x' UNION ALL"
    " SELECT '')",
    "SELECT sum(v) FROM (SELECT 9223372036854775807 AS v UNION ALL SELECT 1)",
    "SELECT total(qty), avg(qty) FROM items",
    "SELECT sum(qty * price), max(qty * price) FROM items",
    "SELECT sum(weight), max(weight), min(weight), avg(weight), max(weight * 2) FROM orders",
    "SELECT max(o.weight + o.id) FROM orders o JOIN Customers c ON c.id = o.customer",
    "SELECT count(*) FILTER (WHERE status = 'paid'), sum(total) FILTER (WHERE total > 6)"
    " FROM orders",
    "SELECT group_concat(name), group_concat(name, ''), group_concat(pay, ' + ') FROM staff",
    "SELECT team, group_concat(name, ', ' ORDER BY pay DESC, id) FROM staff GROUP BY team",
    "SELECT group_concat(name, team), group_concat(team, NULL), group_concat(NULL) FROM staff",
    "SELECT group_concat(DISTINCT status), group_concat(DISTINCT customer) FROM orders",
    "SELECT group_concat(DISTINCT status ORDER BY status DESC) FROM orders",
    "SELECT group_concat(total), group_concat(weight, '|'), string_agg(placed, ';') FROM orders",
    "SELECT group_concat(name) FROM (SELECT name FROM staff ORDER BY name DESC)",
    "SELECT group_concat(name, '/') FROM names",
    "SELECT customer, group_concat(id) FILTER (WHERE total > 1) FROM orders GROUP BY customer",
    "SELECT c.name, group_concat(o.id) FROM Customers c LEFT JOIN orders o ON o.customer = c.id"
    " GROUP BY c.id",
    "SELECT max(NULL), min(NULL), sum(NULL), count(NULL), total(NULL), avg(NULL) FROM staff",
    "SELECT max(x'00ff', x'01'), min(name, city), max(id, total) FROM (SELECT 1 AS id, 1.5 AS"
    " total, 'b' AS name, 'a' AS city)",
    "SELECT max(b), min(b), typeof(max(b)) FROM (SELECT CAST(name AS BLOB) AS b FROM staff)",
    "SELECT active, count(*), sum(active), avg(active), max(active) FROM Customers GROUP BY active",
    "SELECT joined, count(*) FROM Customers GROUP BY joined",
    "SELECT max(joined), min(joined), count(DISTINCT joined) FROM Customers",
    "SELECT count(*) + 1, -count(id), count(*) || ' rows' FROM staff",
    "SELECT customer, lines, max(worth) FROM order_sums GROUP BY customer",
    "SELECT seen, sensor, max(nullif(value, value)), at FROM readings GROUP BY seen",
    "SELECT team, name, min(nullif(id, id)) FROM staff GROUP BY team",
    "SELECT customer, lines, id, max(nullif(id, id)) FROM order_sums GROUP BY customer",
    "SELECT team, name, max(nullif(id, id)) FROM (SELECT * FROM staff ORDER BY name) GROUP BY team",
    "SELECT a.team, b.name, max(nullif(b.id, b.id)) FROM staff a LEFT JOIN staff b ON b.boss = a.id"
    " GROUP BY a.team",
    "SELECT team, name, id, max(pay) FROM (SELECT team, name, id, pay FROM staff) GROUP BY team",
    "SELECT group_concat(status || n) FROM (SELECT status, count(*) AS n FROM orders GROUP BY 1)",
    "SELECT group_concat(team, '/') FROM (SELECT DISTINCT team FROM staff)",
]

_COMPOUND = [
    "SELECT id, name FROM Customers UNION ALL SELECT id, name FROM staff",
    "SELECT name FROM Customers UNION SELECT name FROM staff",
    "SELECT id FROM Customers INTERSECT SELECT id FROM staff WHERE id > 2",
    "SELECT id FROM staff EXCEPT SELECT customer FROM orders",
    "SELECT customer FROM orders EXCEPT SELECT id FROM Customers UNION SELECT 0",
    "SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 UNION ALL SELECT 3",
    "SELECT id, total FROM orders UNION ALL SELECT id, pay FROM staff",
    "SELECT total FROM orders UNION SELECT pay FROM staff",
    "SELECT pay FROM staff INTERSECT SELECT total * 400 FROM orders",
    "SELECT total FROM orders EXCEPT SELECT 20.5",
    "SELECT 1 UNION SELECT 1.0",
    "SELECT 2.0 UNION SELECT 2 UNION SELECT 2.0",
    "SELECT 1 INTERSECT SELECT 1.0",
    "SELECT 1.0 EXCEPT SELECT 2",
    "SELECT id, name FROM staff UNION ALL SELECT name, id FROM staff",
    "SELECT id, placed FROM orders UNION ALL SELECT id, joined FROM Customers",
    "SELECT placed FROM orders UNION SELECT '2024-01-01 08:00:00'",
    "SELECT NULL, id FROM staff UNION ALL SELECT name, NULL FROM staff",
    "SELECT active FROM Customers UNION ALL SELECT seen FROM readings UNION ALL SELECT 7",
    "SELECT credit FROM Customers UNION ALL SELECT weight FROM orders",
    "SELECT city FROM Customers UNION ALL SELECT name FROM staff",
    "SELECT city, id FROM Customers UNION SELECT name, id FROM staff",
    "= SELECT id AS n FROM staff UNION ALL SELECT customer FROM orders ORDER BY n DESC LIMIT 5",
    "= SELECT name FROM staff UNION SELECT status FROM orders ORDER BY status LIMIT 4 OFFSET 1",
    "= SELECT id, name FROM staff UNION SELECT id, city FROM Customers ORDER BY 2 COLLATE NOCASE,"
    " 1, name COLLATE BINARY",
    "= SELECT pay + 1 FROM staff UNION ALL SELECT id FROM staff ORDER BY pay + 1 DESC",
    "= SELECT id FROM staff UNION ALL SELECT total FROM orders ORDER BY 1 DESC, id LIMIT 3",
    "SELECT id FROM staff UNION ALL SELECT id FROM orders ORDER BY total",
    "SELECT id FROM staff UNION SELECT id, name FROM staff",
    "= SELECT city FROM Customers UNION ALL SELECT name FROM staff ORDER BY city, 1 COLLATE BINARY",
    "SELECT * FROM (SELECT id FROM staff UNION SELECT id FROM orders) WHERE id < 5",
    "SELECT count(*), sum(v) FROM (SELECT total AS v FROM orders UNION ALL SELECT pay FROM staff)",
    "SELECT name FROM staff WHERE id IN (SELECT customer FROM orders UNION SELECT 8)",
    "SELECT name, EXISTS (SELECT 1 FROM orders WHERE customer = staff.id UNION SELECT 1 WHERE"
    " staff.id = 8) FROM staff",
    "SELECT (SELECT 1 UNION SELECT 2 ORDER BY 1 DESC)",
    "SELECT 'total' AS what, sum(total) AS n FROM orders UNION ALL SELECT 'pay', sum(pay)"
    " FROM staff",
    "VALUES (1, 'a', NULL), (2, 'b', 1.5)",
    "VALUES (1), ('one'), (NULL), (x'ff'), (1.5)",
    "SELECT column1 + 1, column2 FROM (VALUES (1, 'x'), (2, NULL))",
    "SELECT 0, 'z' UNION ALL VALUES (1, 'a'), (2, 'b')",
    "SELECT * FROM staff JOIN (VALUES (1), (3)) v ON staff.id = v.column1",
    "VALUES (1, 2), (3)",
    "SELECT x FROM (SELECT 'ABC' || '' AS x UNION ALL SELECT city FROM Customers) WHERE x = 'oslo'",
    "SELECT x FROM (SELECT city AS x FROM Customers UNION ALL SELECT 'zz') WHERE x = 'OSLO'",
]

_SUBQUERIES = [
    "SELECT name, (SELECT max(total) FROM orders WHERE customer = Customers.id) FROM Customers",
    "SELECT name, (SELECT status FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC,"
    " o.id LIMIT 1) FROM Customers c",
    "SELECT id, (SELECT count(*) FROM orders b WHERE b.total > a.total) + 1 AS place FROM orders a",
    "SELECT name FROM Customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND"
    " EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.sku = 'pen' AND c.active))",
    "SELECT id FROM orders WHERE total = (SELECT max(total) FROM orders WHERE total < 100)",
    "SELECT id FROM orders WHERE customer NOT IN (SELECT id FROM Customers)",
    "SELECT id FROM orders WHERE customer NOT IN (SELECT boss FROM staff)",
    "SELECT id FROM orders WHERE total > (SELECT avg(total) FROM orders o WHERE o.status ="
    " orders.status)",
    "SELECT name FROM staff WHERE (SELECT count(*) FROM orders WHERE customer = staff.id) > 1",
    "SELECT n, count(*) FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer)"
    " GROUP BY n",
    "SELECT a.id, b.n FROM orders a JOIN (SELECT order_id, count(*) AS n FROM items GROUP BY"
    " order_id) b ON b.order_id = a.id",
    "SELECT o.id, c.name FROM orders o LEFT JOIN Customers c ON c.id = (SELECT min(customer)"
    " FROM orders WHERE status = o.status)",
    "SELECT sum((SELECT count(*) FROM items WHERE order_id = orders.id)) FROM orders",
    "SELECT status, max((SELECT count(*) FROM items i WHERE i.order_id = o.id)) FROM orders o"
    " GROUP BY status",
    "SELECT customer, (SELECT name FROM Customers WHERE id = orders.customer) FROM orders"
    " GROUP BY customer",
    "SELECT (SELECT sum(a.id) FROM staff b) FROM staff a",
    "SELECT (SELECT sum(a.id + b.id) FROM staff b) FROM staff a",
    "SELECT team, (SELECT count(s.id) || '/' || count(*) FROM orders) FROM staff s GROUP BY team",
    "SELECT (SELECT group_concat(b.name) FROM staff b WHERE b.boss = a.id) FROM staff a",
    "SELECT id FROM staff ORDER BY (SELECT count(*) FROM staff b WHERE b.boss = staff.id) DESC, id",
    "SELECT CASE (SELECT count(*) FROM staff) WHEN 8 THEN 'eight' ELSE 'other' END",
    "SELECT (SELECT id FROM staff WHERE id > 100), (SELECT NULL), (SELECT 1 WHERE 0)",
    "SELECT (SELECT total FROM orders WHERE id = 12) IS NULL, (SELECT 1) = 1",
    "SELECT (SELECT city FROM Customers WHERE id = 2) = 'oslo', (SELECT name FROM staff"
    " WHERE id = 4) = 'leaf'",
    "SELECT id FROM orders WHERE (SELECT active FROM Customers WHERE id = orders.customer)",
    "SELECT name FROM staff WHERE id IN (SELECT boss FROM staff WHERE team = 'b')",
    "SELECT id FROM Customers WHERE id IN orders",
    "SELECT id FROM staff WHERE name IN (SELECT name FROM Customers) OR id = 1",
    "SELECT x.id FROM (SELECT * FROM (SELECT id, total FROM orders WHERE total > 1) WHERE total <"
    " 100) AS x",
    "SELECT * FROM (SELECT 1 AS a, 2 AS b) JOIN (SELECT 3 AS c)",
    "SELECT avg(total) FROM (SELECT total FROM orders ORDER BY total DESC LIMIT 3)",
    "SELECT (SELECT count(*) FROM staff WHERE boss = s.id AND pay > (SELECT avg(pay) FROM staff"
    " WHERE team = s.team)) FROM staff s",
    "SELECT s.name FROM staff s WHERE s.pay = (SELECT max(pay) FROM staff WHERE team IS s.team)",
    "SELECT id, total, (SELECT sum(total) FROM orders b WHERE b.id <= orders.id) FROM orders",
    "SELECT EXISTS (SELECT * FROM staff WHERE pay > 1000), NOT EXISTS (SELECT 1 FROM staff)",
    "SELECT id AS x FROM staff WHERE EXISTS (SELECT 1 FROM orders WHERE customer = x)",
    "SELECT id AS x, (SELECT x) FROM staff",
    "SELECT (SELECT id FROM staff WHERE id = 5 UNION SELECT 5) = '5', (SELECT 5 UNION SELECT id"
    " FROM staff WHERE id = 5) = '5'",
    "SELECT '5' IN (SELECT id FROM staff UNION ALL SELECT 7), '5' IN (SELECT 7 UNION ALL SELECT id"
    " FROM staff)",
    "SELECT o.id FROM orders o JOIN Customers c ON c.id = o.customer AND EXISTS (SELECT 1 FROM"
    " items i WHERE i.order_id = o.id AND c.active)",
    "SELECT c.id, o.id FROM Customers c LEFT JOIN orders o ON o.id = (SELECT max(id) FROM orders x"
    " WHERE x.customer = c.id)",
    "= SELECT team FROM staff GROUP BY team ORDER BY (SELECT count(*) FROM orders o WHERE"
    " o.customer = max(staff.id)), team",
    "SELECT team, (SELECT max(o.id) FROM orders o WHERE o.customer IN (SELECT s2.id FROM staff s2"
    " WHERE s2.team = s.team)) FROM staff s GROUP BY team",
]

_JOINS = [
    "SELECT c.name, o.id FROM Customers c JOIN orders o ON o.customer = c.id",
    "SELECT c.name, o.id FROM Customers c LEFT JOIN orders o ON o.customer = c.id AND o.status ="
    " 'paid'",
    "SELECT c.name, o.id FROM Customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.status ="
    " 'paid' OR o.id IS NULL",
    "SELECT c.name, o.id FROM Customers c RIGHT JOIN orders o ON o.customer = c.id",
    "SELECT c.name, o.id FROM Customers c FULL JOIN orders o ON o.customer = c.id",
    "SELECT a.id, b.id FROM staff a FULL JOIN staff b ON a.pay < b.pay AND a.team = 'a'",
    "SELECT a.id, b.id FROM staff a FULL JOIN staff b ON a.id = b.boss AND b.team = 'b'",
    "SELECT c.name, o.id, i.sku FROM Customers c, orders o, items i WHERE o.customer = c.id AND"
    " i.order_id = o.id",
    "SELECT c.name, i.sku FROM Customers c, orders o JOIN items i ON i.order_id = o.id AND"
    " o.customer = c.id",
    "SELECT c.id, o.id, i.line FROM Customers c, orders o LEFT JOIN items i ON i.order_id = o.id"
    " AND c.id = o.customer WHERE c.id < 3",
    "SELECT a.name, b.name FROM staff a CROSS JOIN staff b WHERE a.boss = b.id",
    "SELECT a.name, b.name FROM staff a JOIN staff b ON a.boss = b.id",
    "SELECT a.name, b.name, c.name FROM staff a LEFT JOIN staff b ON a.boss = b.id LEFT JOIN"
    " staff c ON b.boss = c.id",
    "SELECT count(*) FROM staff JOIN orders",
    "SELECT count(*) FROM staff LEFT JOIN orders",
    "SELECT id, staff.name, c.name FROM staff JOIN Customers c USING (id)",
    "SELECT * FROM staff JOIN Customers USING (id, name)",
    "SELECT * FROM staff NATURAL JOIN Customers",
    "SELECT * FROM (SELECT id, boss FROM staff) NATURAL LEFT JOIN (SELECT id, total FROM orders"
    " UNION SELECT 1, 5.5)",
    "SELECT id, a.name FROM staff a JOIN staff b USING (id) JOIN staff c USING (id)",
    "SELECT id, a.id, b.id FROM staff a RIGHT JOIN Customers b USING (id)",
    "SELECT id, count(*) FROM staff a FULL JOIN Customers b USING (id) GROUP BY id",
    "SELECT * FROM (SELECT 1 AS id, 'x' AS w) a FULL JOIN (SELECT 2 AS id, 'y' AS v) b USING (id)",
    "SELECT name FROM staff a JOIN Customers b USING (id)",
    "SELECT city, a.city, b.city FROM Customers a RIGHT JOIN (SELECT 'OSLO' AS city) b"
    " USING (city)",
    "SELECT city, a.id, b.id FROM Customers a FULL JOIN Customers b USING (city)",
    "SELECT city FROM (SELECT 'oslo' || '' AS city) a RIGHT JOIN Customers b USING (city) WHERE"
    " city = 'OSLO'",
    "SELECT id FROM staff a FULL JOIN Customers b USING (id) WHERE id = '7' OR id = '8'",
    "SELECT name, a.id FROM staff a LEFT JOIN Customers b USING (name) RIGHT JOIN (SELECT 'Root' AS"
    " name UNION SELECT 'Ann') c USING (name)",
    "SELECT id FROM staff JOIN Customers",
    "SELECT c.name, x.sku FROM Customers c LEFT JOIN (orders o JOIN items i ON i.order_id = o.id)"
    " x ON x.customer = c.id",
    "SELECT c.name, i.sku FROM Customers c LEFT JOIN (orders o JOIN items i ON i.order_id = o.id)"
    " ON o.customer = c.id",
    "SELECT z.sku FROM (items) AS z WHERE z.qty > 1",
    "SELECT count(*) FROM (staff), (orders)",
    "SELECT staff.*, o.id FROM staff, orders o WHERE o.customer = staff.id",
    "SELECT o.*, c.name, o.id FROM orders o JOIN Customers c ON c.id = o.customer",
    "SELECT count(*) FROM staff, staff",
    "SELECT a.id FROM staff a, orders a",
    "SELECT s.name, v.worth FROM staff s JOIN order_sums v ON v.customer = s.id",
    "SELECT r.place, o.total, r.before FROM ranked r JOIN orders o USING (id)",
    "SELECT * FROM latest JOIN Customers ON Customers.id = latest.customer",
    "SELECT r.sensor, o.id FROM readings r LEFT JOIN orders o ON o.placed = r.at",
    "SELECT c.name, s.name FROM Customers c JOIN staff s ON c.name = s.name COLLATE NOCASE",
    "SELECT c.id, d.id FROM Customers c JOIN Customers d ON c.city = d.city AND c.id < d.id",
    "SELECT c.id, d.id FROM Customers c JOIN Customers d ON c.code = d.code AND c.id < d.id",
    "SELECT o.id FROM orders o JOIN Customers c ON o.customer = c.id AND c.active JOIN items i ON"
    " i.order_id = o.id AND i.qty * i.price > 5",
    "SELECT o.id, (o.customer = c.id) FROM orders o LEFT JOIN Customers c ON c.id = o.customer"
    " AND c.joined < o.placed",
    "SELECT a.id FROM orders a NOT INDEXED WHERE a.id > 15",
    "SELECT o.id FROM orders o LEFT JOIN items i ON i.order_id = o.id WHERE i.order_id IS NULL",
]

_ORDER_AND_LIMIT = [
    "= SELECT id, pay FROM staff ORDER BY pay, id",
    "= SELECT id, pay FROM staff ORDER BY pay DESC, id",
    "= SELECT id, pay FROM staff ORDER BY pay NULLS LAST, id DESC",
    "= SELECT id, pay FROM staff ORDER BY pay DESC NULLS FIRST, id",
    "= SELECT name, city FROM Customers ORDER BY city, id",
    "= SELECT name, code FROM Customers ORDER BY code DESC, id",
    "= SELECT name FROM staff ORDER BY name COLLATE NOCASE, name",
    "= SELECT name FROM staff ORDER BY lower(name), name DESC",
    "= SELECT id AS name FROM staff ORDER BY name DESC",
    "= SELECT -id AS id FROM staff ORDER BY id",
    "= SELECT -id AS id FROM staff ORDER BY id + 0, staff.id",
    "= SELECT id, total FROM orders ORDER BY 2 DESC, 1",
    "= SELECT id FROM orders ORDER BY +1 DESC, -1",
    "SELECT id FROM orders ORDER BY 3",
    "SELECT id FROM orders ORDER BY 9999999999",
    "= SELECT id FROM orders ORDER BY 0x1 DESC",
    "SELECT count(*) FROM orders GROUP BY 9999999999",
    "= SELECT id FROM orders ORDER BY total > 5 DESC, id",
    "= SELECT id FROM orders ORDER BY CASE status WHEN 'open' THEN 0 WHEN 'paid' THEN 1 ELSE 2 END,"
    " id",
    "= SELECT id FROM orders ORDER BY status IS NULL, status, id DESC",
    "= SELECT id, placed FROM orders ORDER BY placed DESC, id LIMIT 3",
    "= SELECT id, weight FROM orders ORDER BY weight, id",
    "= SELECT id FROM Customers ORDER BY joined DESC, credit, id",
    "= SELECT id, coalesce(pay, name) AS v FROM staff ORDER BY v, id",
    "= SELECT id FROM orders ORDER BY abs(total), id LIMIT 4 OFFSET 2",
    "= SELECT id FROM orders ORDER BY id LIMIT 2, 3",
    "= SELECT id FROM orders ORDER BY id LIMIT -1 OFFSET 7",
    "= SELECT id FROM orders ORDER BY id LIMIT 3 OFFSET -5",
    "= SELECT id FROM orders ORDER BY id LIMIT '3'",
    "= SELECT id FROM orders ORDER BY id LIMIT 2 + 1 OFFSET 1 * 2",
    "= SELECT id FROM orders ORDER BY id LIMIT (SELECT count(*) / 2 FROM orders)",
    "SELECT id FROM orders LIMIT 0",
    "SELECT id FROM orders LIMIT NULL",
    "SELECT id FROM orders LIMIT 'x'",
    "SELECT id FROM orders LIMIT 1.5",
    "SELECT id FROM orders LIMIT (SELECT NULL)",
    "SELECT id FROM orders LIMIT customer",
    case(("SELECT id FROM orders ORDER BY id LIMIT ? OFFSET ?", (3, 2)), ordered=True),
    case(("SELECT id FROM orders ORDER BY id LIMIT :n", {"n": -1}), ordered=True),
    case(("SELECT id FROM orders ORDER BY id LIMIT ?, ?", (1, 4)), ordered=True),
    case(("SELECT id FROM orders ORDER BY id LIMIT ?", ("2",)), ordered=True),
    case(("SELECT id FROM orders ORDER BY id LIMIT ?", (2.0,)), ordered=True),
    case(("SELECT id FROM orders LIMIT ?", (None,))),
    case(("SELECT id FROM orders LIMIT ?", ("many",))),
    case(("SELECT id FROM orders ORDER BY id LIMIT 3 OFFSET ? * 2", (1,)), ordered=True),
    case(("SELECT id FROM orders ORDER BY id LIMIT max(?, 1)", (-4,)), ordered=True),
    "= SELECT id FROM (SELECT id FROM orders ORDER BY id DESC LIMIT 3) ORDER BY id",
]

_COLLATIONS = [
    "SELECT ('a' COLLATE NOCASE || 'b') = 'AB', lower('a' COLLATE NOCASE) = 'A'",
    "SELECT id FROM staff WHERE lower(name COLLATE NOCASE) = 'LEAF'",
    "SELECT id FROM staff WHERE coalesce(name COLLATE NOCASE, '') = 'LEAF' OR name || (team COLLATE"
    " NOCASE) = 'LastB'",
    "SELECT id FROM staff WHERE CASE WHEN 1 THEN name COLLATE NOCASE END = 'LEAF'",
    "SELECT max(name COLLATE NOCASE) = 'ROOT' FROM staff",
    "SELECT x FROM (SELECT max(name COLLATE NOCASE) AS x FROM staff) WHERE x = 'ROOT'",
    "SELECT count(*) FROM staff GROUP BY (name COLLATE NOCASE || '')",
    "SELECT id FROM Customers WHERE city || '' = 'OSLO' OR CAST(city AS TEXT) = 'bergen'",
    "SELECT id FROM Customers WHERE max(city, '') = 'OSLO' OR (SELECT city) = 'OSLO'",
    "SELECT id, lag(name COLLATE NOCASE) OVER (ORDER BY id) = 'ROOT' FROM staff",
]

_NAMES = [
    "SELECT ID, Name AS Who, (team), staff.PAY FROM staff",
    "SELECT count(*), sum( pay ), id+ 1 /* one more */, 'text', NULL, 1.50, x'00' FROM staff",
    "SELECT rowid, oid, _rowid_, staff.rowid FROM staff",
    "SELECT rowid FROM items",
    "SELECT * FROM (SELECT id, id, count(*) FROM staff)",
    "SELECT id, id, name AS id FROM staff",
    'SELECT "id", [name], `team`, "no such column" FROM staff',
    "SELECT ID FROM (SELECT Id FROM staff)",
    'SELECT "count(*)" * 2 FROM (SELECT count(*) FROM staff)',
    "SELECT TRUE, false, -1, +id, name COLLATE NOCASE FROM staff",
    "SELECT * FROM (SELECT TRUE, name COLLATE NOCASE, s.NAME, 1+1 FROM staff s)",
    "SELECT max(id) -- the last\n FROM staff",
    "SELECT (SELECT count(*) FROM orders), EXISTS(SELECT 1) FROM staff",
    "SELECT CASE WHEN pay > 100 THEN 'much' END, pay BETWEEN 1 AND 2, name IN ('a','b') FROM staff",
    "WITH t AS (SELECT id * 2, name FROM staff) SELECT * FROM t",
    "SELECT name AS n FROM staff UNION SELECT status AS s FROM orders",
    "SELECT count(*) FROM staff UNION ALL SELECT 1",
    "SELECT s.*, 1 FROM staff s",
    case(("SELECT ?, ? + 1, :x", (1, 2, 3))),
]

CASES = [
    *_WINDOWS,
    *_WITH,
    *_GROUPS,
    *_COMPOUND,
    *_SUBQUERIES,
    *_JOINS,
    *_ORDER_AND_LIMIT,
    *_COLLATIONS,
    *_NAMES,
]
