"""Operators, CAST, comparison, patterns and rows, over rows that tell SQLite from PostgreSQL."""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from corpus.functions import FIGURES, WORDS
from outgrow.model.types import Kind, TargetType

PATTERNS = Table(
    "patterns",
    """CREATE TABLE patterns (id INTEGER PRIMARY KEY, s TEXT, k TEXT COLLATE NOCASE, p TEXT, g TEXT,
        e TEXT, raw BLOB)""",
    rows=[
        (1, "abc", "ABC", "a%", "a*", "!", b"abc"),
        (2, "ABC", "abd", "A_C", "[a-c]*", "\\", b"ABC"),
        (3, "a%b", "a_b", "a!%b", "a?b", "!", b"\x00"),
        (4, "a\\b", "\\", "a\\_%", "a[\\]b", "\\", b"\xff"),
        (5, "", "", "", "", "x", b""),
        (6, "Éa", "éA", "é%", "[À-Þ]a", "é", b"5"),
        (7, "[x]", "]", "%]", "[[]x[]]", "%", b"7"),
        (8, None, None, None, None, None, None),
        (9, "a-c", "2024-01-15", "a_", "a[a-]c", "-", b"8"),
        (10, "line\nbreak", "2024-02-01", "%\n%", "*[^a-z]*", "\n", b"9"),
        (11, "日本語", "12.5", "日_語", "日?語", "語", b"1"),
        (12, "abcabc", "x^y", "%c", "**c", "c", b"2"),
        (13, "a!", "100%", "a!!", "[^a", "!", b"3"),
        (14, "{a}(b)|+.$^", "1e5", "%.$^", "{a}(b)|+.$^", ".", b"4"),
    ],
    rowid_alias="id",
)

STAYS = Table(
    "stays",
    "CREATE TABLE stays (a INTEGER, b TEXT, c REAL, n TEXT COLLATE NOCASE, PRIMARY KEY (a, b))",
    rows=[
        (1, "a", 0.5, "X"),
        (1, "b", None, "x"),
        (2, "a", 2.0, None),
        (2, "", 1e300, "y"),
        (3, "3", 3.0, "3"),
    ],
    promoted={"c": TargetType(Kind.DOUBLE)},
)

PICKED = Table("picked", "CREATE TABLE picked (v INTEGER)", rows=[(1,), (3,), (None,)])

TABLES = [WORDS, FIGURES, PATTERNS, STAYS, PICKED]

_OVER = "bigint goes over to REAL in SQLite, and is an error in PostgreSQL"

CASES = [
    # arithmetic
    "SELECT i + k, i - k, k * 2, i + 0.5, i * r, r + m, m - n FROM figures WHERE id NOT IN (5, 6)",
    "SELECT i + s, s + 1, s * 2, s - s, s / 2, -s, +s FROM figures WHERE id NOT IN (5, 6)",
    "SELECT i / k, k / i, i / 2, i / 2.0, 7 / k, n / 2, n / k, r / 0, r / 0.0 FROM figures",
    "SELECT i / 0, i % 0, n / 0, s / 0, 1 / (k - 1), 1.0 / (k - 1) FROM figures",
    "SELECT i % 7, -i % 7, i % -3, k % i, (k - 7) % 3 FROM figures",
    "SELECT r % 3, m % 2, n % 7, s % 5, i % 2.5, 100 % r, typeof(n % 7), typeof(s % 5)"
    " FROM figures",
    "SELECT t % 3, b % 2, id % u, typeof(t % 3) FROM words",
    "SELECT -i, -r, -m, -n, -s, - -k, -(-n), typeof(-s) FROM figures",
    "SELECT -t, +t, -b, typeof(-t), typeof(+b) FROM words",
    "SELECT t + 1, t * 2.5, t || 1 + 1, b + 0, d + 1, ok + ok, ok * 2.5 FROM words",
    case("SELECT i * i, i + 9223372036854775807 FROM figures", loud=_OVER),
    case("SELECT k + 9223372036854775800 FROM figures", loud=_OVER),
    case("SELECT -(-9223372036854775807 - k) FROM figures", loud=_OVER),
    "SELECT 9223372036854775807 + 1, -9223372036854775808 - 1, 4611686018427387904 * 2,"
    " - -9223372036854775808, 9223372036854775807 * 1.0",
    "SELECT n * 1000000000000 * 1000000000000, typeof(n * 1000000000000 * 1000000000000)"
    " FROM figures WHERE id <> 5",
    "SELECT n + i, n - k, n * k, n / k, typeof(n + k), typeof(n / 2) FROM figures",
    "SELECT k * 3 / 2, k * 1.5 / 2, (k + 1) / 2 * 2, k - k / 10 * 10 FROM figures",
    "SELECT total(i) > 0, sum(k), sum(k) / count(*), sum(k) * 1.0 / count(*), sum(k) % 10"
    " FROM figures WHERE id <> 6",
    case(("SELECT ? + ?, ? * ?, ? / ?, ? % ?, - ?", (1, "2x", 2.5, 4, 7, 2, 7, "3", "5"))),
    case(("SELECT i + ?, r * ?, s + ? FROM figures WHERE k < ?", (1, 2, 0.5, 5))),
    # bits
    "SELECT i & 255, i | k, k & 6 | 1, ~i, ~r, ~s, i & -1 FROM figures",
    "SELECT r & 7, m | 1, n & 3, s | 8, r & s FROM figures",
    "SELECT k << 2, i >> 3, 1 << k, -1 >> k, 1 << 62, 255 >> 4 FROM figures",
    "SELECT 1 << -k, i >> -1, i << 64, i >> 64, -5 >> 100, i << -70 FROM figures",
    "SELECT s << 1, r >> 1, n << 2, 3 << s, NULL << k, k >> NULL FROM figures WHERE id < 9",
    "SELECT (k & 1) = 1, (k & 4) <> 0, k & ~1 FROM figures WHERE k & 3",
    "SELECT t & 1, b | 2, ~t, ok & 1, ok | 2 FROM words",
    # texts together
    "SELECT t || u, t || id, id || '.' || id * 0.5, t || NULL, '' || b FROM words WHERE id < 4",
    "SELECT i || '', r || '', m || '', n || '', cents || '', r || n FROM figures",
    "SELECT r || '', r * 3 || '', r / 7 || '', -r || '', 1 / r || '' FROM figures",
    "SELECT typeof(b || b), b || 'x', x'41' || x'42' FROM words WHERE id IN (1, 3, 8)",
    "SELECT (t || '-') || (id + 1) || '-' || (id > 3) || d || ok FROM words",
    case(("SELECT ? || ?, ? || t FROM words", (1, 2.5, "é"))),
    # CAST
    "SELECT CAST(s AS INTEGER), CAST(s AS REAL), CAST(s AS NUMERIC), CAST(s AS TEXT),"
    " typeof(CAST(s AS NUMERIC)) FROM figures",
    "SELECT CAST(r AS INTEGER), CAST(r AS TEXT), CAST(r AS NUMERIC), typeof(CAST(r AS NUMERIC)),"
    " CAST(r AS INT) + 1 FROM figures WHERE id <> 5",
    "SELECT CAST(i AS REAL), CAST(i AS TEXT), CAST(i AS NUMERIC), CAST(i AS BLOB) FROM figures",
    "SELECT CAST(n AS INTEGER), CAST(n AS REAL), CAST(n AS TEXT), typeof(CAST(n AS NUMERIC))"
    " FROM figures",
    "SELECT CAST(m AS INTEGER), CAST(m AS TEXT), CAST(cents AS INTEGER), CAST(cents AS TEXT)"
    " FROM figures",
    "SELECT CAST(t AS INTEGER), CAST(t AS REAL), CAST(t AS NUMERIC), CAST(t AS BLOB),"
    " CAST(d AS INTEGER), CAST(ok AS TEXT) FROM words",
    "SELECT CAST(b AS INTEGER), CAST(b AS REAL), CAST(b AS NUMERIC), CAST(b AS BLOB) FROM words",
    "SELECT CAST(b AS TEXT), CAST(CAST(t AS BLOB) AS TEXT) FROM words WHERE id IN (1, 2, 3, 5, 8)",
    "SELECT hex(CAST(r AS BLOB)), typeof(CAST(i AS BLOB)), CAST(m AS VARCHAR(3)) FROM figures",
    "SELECT CAST(s AS DECIMAL(10, 2)), CAST(s AS BOOLEAN), CAST(s AS DATETIME), CAST(s AS CHAR)"
    " FROM figures",
    "SELECT CAST('9223372036854775808' AS INTEGER), CAST(' +5x' AS INTEGER), CAST('1e400' AS REAL),"
    " CAST('.5.5' AS REAL), CAST('' AS NUMERIC), CAST('12.0' AS NUMERIC), CAST(x'3132' AS INT)",
    "SELECT CAST(substr(d, 1, 4) AS INTEGER) AS year, CAST(strftime('%m', d) AS INTEGER)"
    " FROM words",
    "SELECT CAST(k * 1.9 AS INTEGER), CAST(-k * 1.9 AS INTEGER), CAST(k / 4.0 AS INT) FROM figures",
    case(("SELECT CAST(? AS INTEGER), CAST(? AS REAL), CAST(? AS TEXT)", ("12abc", "1.5e3x", 2.0))),
    case(("SELECT CAST(? AS NUMERIC), CAST(? AS BLOB), CAST(? AS TEXT)", ("1e3", 5, b"abc"))),
    # truth
    "SELECT id FROM words WHERE t",
    "SELECT NOT t, t AND 1, t OR 0, t IS TRUE, t IS NOT TRUE, t IS FALSE FROM words",
    "SELECT NOT b, b IS TRUE, iif(b, 1, 0), NOT ok, ok IS TRUE, d AND 1 FROM words",
    "SELECT NOT r, r AND s, i OR s, NOT n, s IS FALSE, NOT NOT s FROM figures",
    "SELECT id FROM figures WHERE s AND NOT m - 0.5",
    "SELECT 'abc' AND 1, '0.5' AND 1, '' OR 0, '0x1' AND 1, '  1x' AND 1, NOT 'a', NOT '1e-400'",
    "SELECT (k > 3) + (k > 6), (k > 3) AND (s = '0'), (i IS NULL) * 10 FROM figures",
    case(("SELECT id FROM figures WHERE ? AND k > ?", ("1x", 3))),
    # comparing
    "SELECT i = r, i < r, r = m, m > n, n = k, i <> n, i >= m FROM figures",
    "SELECT i = '3', i = 3.0, i < '5', i > '5', '100' = i, r = '2.5', r < '0', n = '2.5'"
    " FROM figures",
    "SELECT s = 1, s = '1', s < 5, s > 'a', 1 = s, s = 1.0, s || '' = 1, +s = '1' FROM figures",
    "SELECT i = s, s = i, r < s, n > s, m = s, s = k FROM figures",
    "SELECT i = 'abc', i < 'abc', i > 'abc', r <> 'x', n = '12abc', k < '' FROM figures",
    "SELECT i = 9007199254740993, i = 9007199254740992.0, i > 9007199254740992.0,"
    " i < 9.007199254740993e15, k < 9223372036854775808 FROM figures",
    "SELECT a.id, b.id FROM figures a JOIN figures b ON a.i = b.r OR a.i = b.n",
    "SELECT t = u, t < n, n = t, t = n, n < 'B', t > '', t = d, d > '2024' FROM words",
    "SELECT t = b, b = 'abc', b < t, b > x'61', b = x'616263', CAST(b AS TEXT) = t FROM words"
    " WHERE id NOT IN (6)",
    "SELECT t = 1, t > 1, n = 5, b = 1, b > 1, ok = '1', ok < 'a', id = '3' FROM words",
    "SELECT n = 'ABC', n = 'ábç', n COLLATE BINARY = 'abc', 'abc' = n, t = 'ABC' COLLATE NOCASE,"
    " t COLLATE NOCASE = n FROM words",
    "SELECT t || '  ' = t COLLATE RTRIM, t COLLATE RTRIM = trim(t), t = 'abc ' COLLATE RTRIM,"
    " t COLLATE RTRIM < 'abc  ' FROM words",
    "SELECT n > 'a', n < 'Z', n BETWEEN 'A' AND 'b', 'A' BETWEEN n AND 'z' FROM words",
    "SELECT id FROM words WHERE n IN ('abc', 'it''s', 'ZZZ') OR 'LINE' = n",
    "SELECT t IS u, t IS NOT n, n IS 'ABC', i IS r, i IS '3', s IS 1, NULL IS t"
    " FROM words JOIN figures USING (id)",
    "SELECT i IS NOT DISTINCT FROM k, n IS DISTINCT FROM 25, t IS DISTINCT FROM NULL,"
    " ok IS NOT DISTINCT FROM '1' FROM words JOIN figures USING (id)",
    "SELECT t ISNULL, i NOTNULL, t IS NOT NULL AND i NOT NULL FROM words JOIN figures USING (id)",
    "SELECT i BETWEEN '0' AND '100', i BETWEEN 0 AND 'a', s BETWEEN 1 AND 5, r BETWEEN i AND n,"
    " k BETWEEN 2.5 AND '40' FROM figures",
    "SELECT i NOT BETWEEN 0 AND 10, s NOT BETWEEN '0' AND '5', 5 BETWEEN i AND k,"
    " i BETWEEN NULL AND 5, k BETWEEN 50 AND NULL FROM figures",
    "SELECT t BETWEEN 'a' AND u, b BETWEEN x'00' AND x'61', d BETWEEN '2023' AND '2024' FROM words",
    case(("SELECT i = ?, s = ?, r < ?, n = ?, ? = k FROM figures", ("3", 1, "5", 2.5, "7"))),
    case(("SELECT id FROM words WHERE t = ? OR n = ? OR b = ?", ("aaaa", "LINE", b"12.5"))),
    case(
        (
            "SELECT ? = ?, ? < ?, ? IS ?, ? = ? COLLATE NOCASE",
            (1, "1", 1, "a", None, None, "a", "A"),
        )
    ),
    # IN
    "SELECT i IN (3, 5, NULL), i IN ('3', 5.0), s IN (1, '0'), k IN (1, 'a', 2.0) FROM figures",
    "SELECT i NOT IN (1, 2), i NOT IN (1, NULL), '3' IN (i), 3 IN (s), 3.0 IN (i, k) FROM figures",
    "SELECT n IN ('abc', 'x'), t IN ('ABC' COLLATE NOCASE), n IN ('ABC' COLLATE BINARY, ''),"
    " 'ABC' IN (n), t IN (u, n) FROM words",
    "SELECT i IN (), i NOT IN (), NULL IN () FROM figures",
    "SELECT k IN picked, k NOT IN picked, k IN main.picked, i IN picked FROM figures",
    "SELECT k IN (SELECT v FROM picked), s IN (SELECT v FROM picked), i IN (SELECT s FROM figures),"
    " r IN (SELECT n FROM figures) FROM figures",
    "SELECT k IN (SELECT s FROM figures), s IN (SELECT k FROM figures),"
    " '3' IN (SELECT k FROM figures), 3 IN (SELECT s FROM figures),"
    " k NOT IN (SELECT s FROM figures) FROM figures",
    "SELECT 'ABC' IN (SELECT n FROM words), t IN (SELECT n FROM words), n IN (SELECT t FROM words)"
    " FROM words",
    "SELECT (SELECT n FROM words w WHERE w.id = words.id) = 'ABC', 'ABC' = (SELECT n FROM words"
    " w WHERE w.id = words.id), (SELECT id FROM words w WHERE w.id = words.id) = '3' FROM words",
    case(("SELECT id FROM figures WHERE k IN (?, ?, ?) OR s IN (?, ?)", (1, "2", 3.0, 1, "abc"))),
    "SELECT t, id FROM words WHERE id IN (1, '2', 3.0) AND t NOT IN ('x', 'y')",
    # rows
    "SELECT a, b FROM stays WHERE (a, b) = (1, 'a')",
    "SELECT a, b FROM stays WHERE (a, b) <> (1, 'a')",
    "= SELECT a, b FROM stays WHERE (a, b) > (1, 'a') ORDER BY a, b LIMIT 2",
    "SELECT (a, b) < (2, 'a'), (a, b) <= (2, 'a'), (a, b) >= (2, ''), (a, c) < (1, 0.5) FROM stays",
    "SELECT (a, c) = (1, NULL), (c, a) < (1, 2), (a, c) < (2, NULL), (c, a) = (NULL, 9),"
    " (a, c) <> (1, 2) FROM stays",
    "SELECT (a, b) = ('1', 'a'), (a, b) < ('2', 3), (b, a) = (3, '3'), (n, a) = ('X', 1)"
    " FROM stays",
    "SELECT (a, n) > (1, 'X'), (n, a) >= ('x', 1), (a, c) BETWEEN (1, 0.5) AND (2, 2),"
    " (a, b) NOT BETWEEN (1, 'b') AND (2, 'a') FROM stays",
    "SELECT (a, b) IS (1, 'a'), (a, c) IS (1, NULL), (a, c) IS NOT (1, 0.5),"
    " (a, n) IS DISTINCT FROM (1, 'x') FROM stays",
    "SELECT (a, b) IN (VALUES (1, 'a'), (3, '3')), (a, c) IN (VALUES (1, 0.5), (1, NULL))"
    " FROM stays",
    "SELECT (a, b) IN (SELECT a, b FROM stays WHERE c > 1), (b, a) IN (SELECT b, a + 1 FROM stays),"
    " (a, b) NOT IN (SELECT 1, 'a') FROM stays",
    "SELECT (a, b) IN ((1, 'a'), ('2', 'a')), (n, a) IN (('X', 1), ('Y', 2)) FROM stays",
    "SELECT (a, b) = (SELECT a, b FROM stays ORDER BY a DESC LIMIT 1),"
    " (SELECT max(a), 'a' FROM stays) > (a, b), (a, b) = (SELECT 1, 'a' WHERE 0) FROM stays",
    "SELECT CASE (a, b) WHEN (1, 'a') THEN 'first' WHEN (3, 3) THEN 'last' END FROM stays",
    "SELECT (a, b) IN (SELECT k, s FROM figures), (b, b) IN (SELECT k, s FROM figures) FROM stays",
    case(("SELECT a, b FROM stays WHERE (a, b) > (?, ?)", (1, "a"))),
    case(("SELECT a FROM stays WHERE (a, b) IN (VALUES (?, ?), (?, ?))", (1, "b", "2", "a"))),
    # LIKE
    "SELECT id, s LIKE 'a%', s LIKE '%B%', s LIKE 'a_c', s LIKE '%', s LIKE '', s LIKE '_'"
    " FROM patterns",
    "SELECT id, s LIKE p, s NOT LIKE p, k LIKE p, p LIKE s, s LIKE k FROM patterns",
    "SELECT s LIKE 'a\\b', s LIKE 'A\\%', s LIKE '%\\%', s LIKE 'é%', s LIKE '日本_' FROM patterns",
    "SELECT s LIKE 'a!%b' ESCAPE '!', s LIKE 'a\\%b' ESCAPE '\\', s LIKE 'a%%%' ESCAPE '%',"
    " s LIKE 'a!' ESCAPE '!', s LIKE 'a!!' ESCAPE '!', s LIKE 'aab%' ESCAPE 'a' FROM patterns",
    "SELECT s LIKE p ESCAPE '!', s LIKE p ESCAPE '\\', k LIKE p ESCAPE 'é' FROM patterns",
    "SELECT s LIKE p ESCAPE e, s LIKE 'a' || e || '%%' ESCAPE e FROM patterns",
    "SELECT k LIKE '2024-%', k LIKE '2024-01-%', k LIKE 'AB%', k LIKE '1%',"
    " k LIKE '100!%' ESCAPE '!' FROM patterns",
    "SELECT s LIKE NULL, NULL LIKE s, s NOT LIKE NULL, s LIKE p ESCAPE NULL FROM patterns",
    "SELECT i LIKE '1%', r LIKE '%.5', n LIKE '%0%', 5 LIKE k, s LIKE '_' FROM figures",
    "SELECT d LIKE '2024-%', d LIKE '%:59', ok LIKE '1', id LIKE 1 FROM words",
    "SELECT d LIKE '2%', d LIKE '2024-02-29%', d LIKE '2024-02-29 2%',"
    " d LIKE '1999-12-31 00:00:00%', d LIKE '2024-02-3%', d NOT LIKE '2023-06-15 08:05:1%',"
    " d LIKE 'x%', d LIKE '9999%' FROM words",
    "SELECT d GLOB '2024-*', d GLOB '0001*', d GLOB '2024-01-01T*', d LIKE '2024-01-01t%',"
    " d LIKE '2024-01-01 12:30:15%', d LIKE '2024-01-01 12:30:15.%' FROM words",
    "SELECT s LIKE 'a%' = 1, typeof(s LIKE 'a'), (s LIKE 'a%') + 1 FROM patterns",
    "SELECT id FROM patterns WHERE lower(s) LIKE 'abc%' OR s LIKE '%' || k || '%'",
    "SELECT id FROM patterns WHERE s LIKE '2024-%' OR k LIKE '2024-0_-__' OR k LIKE '2024-%t'",
    case(("SELECT id FROM patterns WHERE s LIKE ?", ("A%",))),
    case(("SELECT id FROM patterns WHERE s LIKE '%' || ? || '%'", ("B",))),
    case(("SELECT id FROM patterns WHERE s LIKE ? ESCAPE ?", ("a\\%_", "\\"))),
    case(("SELECT id FROM patterns WHERE k LIKE ? OR s LIKE ?", (12.5, None))),
    case(("SELECT ? LIKE ?, ? LIKE 'a%', like(?, ?)", ("ABC", "a_c", "Ab", "a%", "b"))),
    "SELECT id FROM patterns WHERE s LIKE 'a' ESCAPE 'xx'",
    # GLOB
    "SELECT id, s GLOB 'a*', s GLOB 'A*', s GLOB '*', s GLOB '', s GLOB '?', s GLOB '???'"
    " FROM patterns",
    "SELECT id, s GLOB g, s NOT GLOB g, k GLOB g, glob(g, s), g GLOB s FROM patterns",
    "SELECT s GLOB '[a-c]*', s GLOB '[^a]*', s GLOB '[A-Z][A-Z]*', s GLOB '*[0-9]*', s GLOB '[[]x]'"
    " FROM patterns",
    "SELECT s GLOB 'a[', s GLOB '*[^', s GLOB 'a[]-]c', s GLOB '[c-a]bc', s GLOB 'a[a-b-]c',"
    " s GLOB 'a[\\]b', s GLOB '{a}*' FROM patterns",
    "SELECT s GLOB 'a%*', s GLOB '*_*', s GLOB 'a\\*', s GLOB '*.$^', s GLOB '*\n*' FROM patterns",
    "SELECT s GLOB '[À-Þ]*', s GLOB '日??', s GLOB '*語', k GLOB '[0-9][0-9][0-9][0-9]-*'"
    " FROM patterns",
    "SELECT s GLOB NULL, NULL GLOB g, i GLOB '1*', r GLOB '*.5'"
    " FROM patterns JOIN figures USING(id)",
    case(("SELECT id FROM patterns WHERE s GLOB ?", ("[aA]*",))),
    case(("SELECT id FROM patterns WHERE s GLOB ? || '*' AND k NOT GLOB ?", ("a", "*[x-z]*"))),
    # what SQLite itself refuses, and what stays refused
    "SELECT id FROM patterns WHERE s REGEXP 'a.c'",
    "SELECT id FROM patterns WHERE s MATCH 'abc'",
    "SELECT (a, b) FROM stays",
    "SELECT (a, b) = (1, 'a', 2) FROM stays",
]
