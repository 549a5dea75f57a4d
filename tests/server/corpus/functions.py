"""Functions of texts, numbers and blobs, over rows that tell SQLite from PostgreSQL."""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, Shape, TargetType

WORDS = Table(
    "words",
    """CREATE TABLE words (id INTEGER PRIMARY KEY, t TEXT, n TEXT COLLATE NOCASE, u TEXT,
        f TEXT, b BLOB, d DATETIME, ok INTEGER)""",
    rows=[
        (1, "abc", "ABC", "b", "%d|%s", b"abc", "2024-02-29 23:59:59", 1),
        (2, "", "", "", "", b"", "1999-12-31 00:00:00", 0),
        (3, "ÁbÇ", "ábç", "Ç", "%5.2f%%", "ÁbÇ".encode(), "2024-01-01 12:30:15", 1),
        (4, None, None, None, None, None, None, None),
        (5, "  12abc ", "  12ABC ", " ", "%05d", b"12.5", "0001-01-01 00:00:00", 0),
        (6, 'it\'s "x" \\ 100%_', "IT'S", "'", "%Q", b"\x00\xff'", "9999-12-31 23:59:59", 1),
        (7, "日本語🙂", "zzz", "🙂", "%!.2s", b"\xf0\x9f\x99\x82", "1970-01-01 00:00:00", 0),
        (8, "aaaa", "a", "aa", "%x %o", b"a", "2023-06-15 08:05:09", 1),
        (9, "line\nbreak\ttab", "Line", "\n", "%e", b"\n", "2023-06-15 08:05:10", 1),
        (10, "-12.50e2x", "0x1F", "2", "%,d", b"0x1F", "2000-02-29 00:00:01", 0),
    ],
    promoted={
        "d": TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS")),
        "ok": TargetType(Kind.BOOLEAN),
    },
    rowid_alias="id",
)

FIGURES = Table(
    "figures",
    """CREATE TABLE figures (id INTEGER PRIMARY KEY, i INTEGER, k INTEGER NOT NULL, r REAL, m REAL,
        n NUMERIC, s TEXT, cents DECIMAL(10,2))""",
    rows=[
        (1, 0, 1, 0.0, 0.5, 0, "0", 0),
        (2, 1, 2, 2.5, 12.25, 2.5, "1", 2.5),
        (3, -7, 3, -2.5, -0.0001, -3, "-7.0", -3),
        (4, None, 4, None, None, None, None, None),
        (5, 9007199254740993, -5, 1e300, 999999.9999, 12.3, "9007199254740993", 12.3),
        (6, -9223372036854775807, 6, 0.1, 0.1, 7.125, "1e3", 7.1),
        (7, 2147483648, 7, 2.675, 2.675, 99.99, " 42 ", 99.99),
        (8, 3, 40, -0.5, 3.0, 1000, "12abc", 1000),
        (9, 100, -1, 123456789012345680.0, 0.0001, 0.01, "abc", 0.01),
        (10, 1234567, 63, 1.2345678901234, 1234.5678, -1234567.5, "", -0.05),
        (11, -1000, 64, 4503599627370495.5, -1234.5, 1e6, ".5", 1e6),
        (12, 255, 0, 9007199254740994.0, 0.0625, 3.5, "99999999999999999999", 3.5),
        (13, 5, 10, -1e-7, 100.0, 25, "-0.0", 25),
    ],
    promoted={
        "m": TargetType(Kind.NUMERIC, 12, 4),
        "cents": TargetType(Kind.NUMERIC, 10, 2),
    },
    rowid_alias="id",
)

TABLES = [WORDS, FIGURES]

CASES = [
    # length, case, trimming
    "SELECT id, length(t), length(n), length(b), length(d), length(id) FROM words",
    "SELECT id, length(i), length(r), length(m), length(n), length(cents) FROM figures",
    "SELECT id, octet_length(t), octet_length(b), octet_length(id * 1.5) FROM words",
    "SELECT id, upper(t), lower(t), upper(n) || lower(u) FROM words",
    "SELECT upper(r), lower(i), upper(n) FROM figures",
    "SELECT id, upper(b), lower(b) FROM words WHERE id IN (1, 2, 3, 8)",
    "SELECT id, trim(t), ltrim(t), rtrim(t), '[' || trim(n) || ']' FROM words",
    "SELECT trim(t, 'a'), ltrim(t, 'a '), rtrim(t, ' x'), trim(t, ''), trim(t, u) FROM words",
    "SELECT trim(t, '日🙂'), trim(t, NULL), trim(char(9) || t, char(9)), trim(x'20612020')"
    " FROM words",
    "SELECT trim(i, 7), rtrim(r, '0.'), trim(b, 'a') FROM figures, words WHERE words.id = 1",
    "SELECT t FROM words WHERE trim(t) = '12abc' OR length(trim(coalesce(t, ''))) = 0",
    # substr
    "SELECT id, substr(t, 2), substr(t, 2, 1), substr(t, -2), substr(t, -3, 2) FROM words",
    "SELECT id, substr(t, 0), substr(t, 0, 2), substr(t, 3, -2), substr(t, -1, -2) FROM words",
    "SELECT substr(t, id), substr(t, -id, id), substring(t, 2, id - 2) FROM words",
    "SELECT substr(b, 2), substr(b, -2, 1), substr(b, 0, 2), substr(b, 3, -2) FROM words",
    "SELECT typeof(substr(b, 1)), typeof(substr(t, 1)), typeof(substr(id, 1)) FROM words",
    "SELECT substr(i, 2, 3), substr(r, 1, 4), substr(m, -3) FROM figures",
    "SELECT substr(t, '2x'), substr(t, 1.9), substr(t, NULL), substr(t, 1, NULL) FROM words",
    "SELECT substr(t, 4294967297), substr(t, 2, 4294967297), substr(t, -9223372036854775808),"
    " substr(t, 2, -9223372036854775808), substr(t, 9223372036854775807) FROM words",
    case(("SELECT substr(t, ?, ?), substr(?, 2) FROM words", (-3, 2, "añb"))),
    case(("SELECT id FROM words WHERE substr(t, 1, ?) = ?", (2, "aa"))),
    case(("SELECT substr(?, ?), typeof(substr(?1, 1))", (b"\x01\x02\x03", 2))),
    # instr, replace
    "SELECT id, instr(t, 'b'), instr(t, u), instr(t, ''), instr('', t), instr(n, 'B') FROM words",
    "SELECT instr(b, x'62'), instr(b, x''), instr(b, x'ff') FROM words",
    "SELECT instr(b, 'b'), instr('abc', b), instr(t, x'62') FROM words WHERE id < 4",
    "SELECT instr(i, 7), instr(r, '.'), instr(n, 5), instr(1234, i) FROM figures",
    "SELECT replace(t, 'a', 'xx'), replace(t, '', 'x'), replace(t, u, '-'), replace(n, 'a', 'z')"
    " FROM words",
    "SELECT replace(t, NULL, 'x'), replace(t, 'a', NULL), replace(NULL, 'a', 'b') FROM words",
    "SELECT replace(t, '', NULL), replace(t, u, nullif(n, 'a')), replace(id, '', u) FROM words",
    "SELECT replace(i, 7, 'x'), replace(r, '.', ','), typeof(replace(k, 'x', 'y')) FROM figures",
    "SELECT replace(b, 'b', 'x'), typeof(replace(b, '', 'x')) FROM words WHERE id IN (1, 3, 8)",
    "SELECT length(t) - length(replace(t, 'a', '')) AS occurrences FROM words",
    case(("SELECT replace(t, ?, ?) FROM words WHERE instr(t, ?) > 0", ("a", "'", "a"))),
    # unicode, char, hex, unhex
    "SELECT id, unicode(t), unicode(u), unicode(substr(t, 2)), unicode(id) FROM words",
    "SELECT char(id + 64), char(id + 64, 8364, 128512), char(1114111 + id), char(-id) FROM words",
    "SELECT char(), char(65, 66.9, '67x'), typeof(char(65))",
    "SELECT hex(t), hex(b), hex(u), hex(id) FROM words",
    "SELECT hex(i), hex(r), hex(n), hex(s), hex(NULL) FROM figures",
    "SELECT unhex(hex(t)), unhex(t), unhex(hex(t) || '-', '-'), unhex('41 ' || hex(u), ' ')"
    " FROM words",
    "SELECT unhex('4'), unhex('4g'), unhex(''), unhex(NULL), unhex('41', NULL), unhex(41),"
    " unhex('a b', ' '), unhex('ab cd-ef', ' -')",
    "SELECT lower(hex(b)) FROM words WHERE hex(b) LIKE '6%'",
    "SELECT zeroblob(id % 3), hex(zeroblob(id - 5)), length(zeroblob(id)) FROM words",
    "SELECT typeof(randomblob(4)), length(randomblob(id)), length(hex(randomblob(16))) FROM words",
    "SELECT length(randomblob(0)), length(randomblob(-5)), length(randomblob(NULL)),"
    " typeof(random()), random() >= -9223372036854775807",
    "SELECT CASE abs(random() % 3) WHEN 0 THEN 'a' WHEN 1 THEN 'a' WHEN 2 THEN 'a' END FROM words",
    "SELECT abs(random() % 10) < 10, random() = random()",
    # quote
    "SELECT quote(t), quote(n), quote(b), quote(id), quote(d), quote(ok) FROM words",
    "SELECT quote(i), quote(r), quote(m), quote(n), quote(s), quote(cents) FROM figures",
    "SELECT quote(9e999), quote(-9e999), quote(r * 1e10), quote(NULL) FROM figures WHERE id < 4",
    "SELECT 'INSERT INTO t VALUES(' || id || ',' || quote(t) || ',' || quote(b) || ')' FROM words",
    case(("SELECT quote(?), quote(?), quote(?), quote(?)", (1.5, "a'b", b"\x01", None))),
    # concat
    "SELECT concat(t, u), concat(id, ': ', t), concat(NULL), concat(t, NULL, 1.5) FROM words",
    "SELECT concat_ws(', ', t, n, id), concat_ws(u, 'a', 'b'), concat_ws(NULL, t),"
    " concat_ws('-', NULL, NULL) FROM words",
    "SELECT concat(i, r), concat_ws('/', i, k, m, n) FROM figures",
    "SELECT concat_ws(1, id, 2.5, b) FROM words WHERE id < 4",
    # printf
    "SELECT printf('%d %s %f', id, t, id / 4.0) FROM words",
    "SELECT printf('%05d|%-6d|%+d|% d|%,d|%.4d', i, i, i, i, i, i) FROM figures",
    "SELECT printf('%x|%X|%o|%#x|%u|%08x', i, i, i, i, i, i) FROM figures",
    "SELECT printf('%.2f|%10.3f|%-12.1f|%+.0f|%,.2f|%09.2f', r, r, r, r, r, r) FROM figures",
    "SELECT printf('%f', m), printf('%.2f', cents), printf('%.1f', n), printf('%.3f', i)"
    " FROM figures",
    "SELECT printf('%e|%.3e|%E|%.0e', r, r, m, r), printf('%g|%.3g|%G|%#g', r, r, m, m)"
    " FROM figures",
    "SELECT printf('%!f|%!.3f|%!g|%!.17g|%!.20e', r, r, r, r, r) FROM figures",
    "SELECT printf('%.15g|%.16g|%.17g|%.20f', r, r, r, m) FROM figures",
    "SELECT printf('%#.0f|%#.2f|%-10.2f|', r, r, r) FROM figures",
    "SELECT printf('%5s|%-5s|%!.2s|%!5s|%!.2s', t, t, u, t, t) FROM words",
    "SELECT printf('%.2s|%4.1s|%-4.2s|', t, u, n) FROM words WHERE id IN (1, 2, 4, 5, 6, 8, 10)",
    "SELECT printf('%q|%Q|%w', t, t, t), printf('%10q|%-10Q', u, u) FROM words",
    "SELECT printf('%#q', t), printf('%#Q', t), printf('%.2q', t) FROM words WHERE id IN (1, 6, 9)",
    "SELECT printf('%c%c', t, 'xyz'), printf('%3c|%.3c', t, u) FROM words WHERE length(t) > 2",
    "SELECT printf('%d%%', id), printf('%5%'), printf('100%'), printf('%'), printf('') FROM words",
    "SELECT printf('%s-%s', t), printf('%d %f'), printf('%d', t), printf('%f', t) FROM words",
    "SELECT printf('%s %s %s', i, r, n), printf('%d', s), printf('%.2f', s) FROM figures",
    "SELECT printf('%*d|%-*d|%.*f', id, id, 5, id, 2, id / 3.0) FROM words",
    "SELECT printf('%*d', -id, id) || '|' FROM words",
    "SELECT printf('%d and %k and %d', id, id), printf('%5-d', id), printf('%.3.2d', id)"
    " FROM words",
    "SELECT printf('%lld %ld %llx', i, k, k), printf('%r', k), printf('%p', k) FROM figures",
    "SELECT printf(f, id, t) FROM words WHERE id < 9",
    "SELECT printf(f, k, s, i) FROM words JOIN figures USING (id)",
    "SELECT printf(NULL), printf(t) FROM words",
    "SELECT format('%s (%d)', t, id) AS label FROM words ORDER BY label",
    "SELECT format('%02d:%02d', k / 60, k % 60), format('%04d-%02d', 2024, k) FROM figures",
    "SELECT printf('%s', d), printf('%d', ok), printf('%s', ok), printf('%.10s', d) FROM words",
    "SELECT printf('%s', b) FROM words WHERE id IN (1, 2, 3)",
    "SELECT printf('%d', 1e300), printf('%d', -1e300), printf('%d', 2.9), printf('%f', 9e999),"
    " printf('%+e', -9e999)",
    "SELECT printf('%d', r), printf('%d', n), printf('%x', r) FROM figures",
    case(("SELECT printf(?, ?, ?)", ("%05.1f|%s", 2.25, "x"))),
    case(("SELECT printf('%d|%s|%.2f', ?, ?, ?)", ("12x", None, "3.14159"))),
    case(("SELECT printf('%' || ? || 'd', id) FROM words", (6,))),
    # numbers
    "SELECT abs(i), abs(r), abs(m), abs(n), abs(s), abs(cents) FROM figures",
    "SELECT typeof(abs(i)), typeof(abs(n)), typeof(abs(s)), typeof(abs(r)) FROM figures",
    "SELECT abs(b), abs(t), abs(ok) FROM words",
    "SELECT sign(i), sign(r), sign(n), sign(s), sign(k - 5), typeof(sign(r)) FROM figures",
    "SELECT round(r), round(r, 1), round(r, 2), round(m, 3), round(m) FROM figures",
    "SELECT round(i), typeof(round(i)), round(n), round(n, 1), round(cents, 1) FROM figures",
    "SELECT round(s), round(s, 1), round(i, 2), round(r, k), round(r, -1) FROM figures",
    "SELECT round(m, NULL), round(NULL), round(m, '1x'), round(r, 4294967298) FROM figures",
    "SELECT round(i / 7.0, 2), round(m * 100) / 100, round(k * 1.005, 2) FROM figures",
    "SELECT round(b, 1) FROM words",
    # mathematics
    "SELECT ceil(r), floor(r), trunc(r), ceiling(m), floor(m), trunc(m) FROM figures",
    "SELECT ceil(i), typeof(ceil(i)), floor(n), typeof(floor(n)), trunc(s), typeof(ceil(s))"
    " FROM figures",
    "SELECT sqrt(r), sqrt(i), sqrt(s), sqrt(n), sqrt(-k) FROM figures",
    "SELECT ln(r), log(r), log10(m), log(2, k), log(k, 100), log(m, r), ln(s),"
    " log(k, s) FROM figures",
    "SELECT exp(m / 1000), exp(k), exp(-k), exp(i) FROM figures WHERE id <> 6",
    "SELECT sin(r), cos(r), tan(m), asin(m), acos(m), atan(r) FROM figures",
    "SELECT sinh(m / 1e4), cosh(k), tanh(r), asinh(r), acosh(r), atanh(m) FROM figures",
    "SELECT degrees(m), radians(m), degrees(k), pi(), pi() * 2 * k FROM figures",
    "SELECT atan2(r, m), atan2(k, i), atan2(s, 1), mod(r, 3), mod(i, k), mod(m, 0), mod(s, 2.5)"
    " FROM figures WHERE id NOT IN (5, 9)",
    "SELECT pow(r, 2), power(k, 0.5), pow(m, k), pow(0, k - 5), pow(-k, 3), pow(s, 2)"
    " FROM figures WHERE id NOT IN (5, 9)",
    "SELECT pow(k, i), pow(r, 400), pow(-r, 401), pow(-k, 0.5) FROM figures",
    "SELECT sqrt(t), ceil(b), ln('2x'), pow(t, 1), sin('') FROM words",
    "SELECT sqrt(pow(m - 3, 2) + pow(k - 4, 2)) AS distance FROM figures",
    "SELECT acos(sin(radians(k)) * sin(radians(m)) + cos(radians(k)) * cos(radians(m))"
    " * cos(radians(k - m))) * 6371 FROM figures WHERE m < 1000",
    # NULLs, choices, classes
    "SELECT coalesce(t, n, 'none'), coalesce(i, r), ifnull(t, id)"
    " FROM words JOIN figures USING (id)",
    "SELECT nullif(i, 0), nullif(r, 2.5), nullif(n, 1000), nullif(s, '1'), nullif(i, '0')"
    " FROM figures",
    "SELECT nullif(t, 'abc'), nullif(n, 'abc'), nullif('abc', n), nullif(t, 'ABC' COLLATE NOCASE),"
    " nullif(ok, 1), nullif(d, '2024-02-29 23:59:59') FROM words",
    "SELECT iif(i > 0, 'plus', 'minus'), iif(i, 1), iif(s, r, i), if(k > 3, k) FROM figures",
    "SELECT iif(k < 2, 'a', k < 5, 'b', k < 50, 'c', 'd'), iif(k = 1, 1, k = 2, 2) FROM figures",
    "SELECT iif(t, 'yes', 'no'), iif(b, 1, 0), iif(ok, t, id) FROM words",
    "SELECT typeof(t), typeof(b), typeof(d), typeof(ok), typeof(id / 0), typeof(id || '')"
    " FROM words",
    "SELECT typeof(i), typeof(r), typeof(n), typeof(m), typeof(cents), typeof(coalesce(i, r, s))"
    " FROM figures",
    "SELECT likely(i), unlikely(s), likelihood(r, 0.25), typeof(likely(n)) FROM figures",
    "SELECT id FROM words WHERE likely(ok = 1) AND unlikely(t > 'a')",
    "SELECT id FROM figures WHERE likely(s) = 1 OR likely(i) = '1'",
    "SELECT max(i, r), min(i, r), max(k, 3), min(m, n, k), max(cents, 5) FROM figures",
    "SELECT max(i, s), min(s, k), max(s, ''), min(i, NULL), max(s, x'00') FROM figures",
    "SELECT max(t, u), min(t, 'b'), max(n, 'abc'), max('abc', n), min(n, 'ABC') FROM words",
    "SELECT max(t, id), min(b, t), max(b, x'61'), max(d, '2024-01-01 00:00:00') FROM words",
    "SELECT max(1, 1.0), min(1, 1.0), max(1.0, 1), min(1.0, 1), max(k, k * 1.0) FROM figures",
    "SELECT max(t COLLATE NOCASE, 'B'), min(u COLLATE RTRIM, 'b ') FROM words",
    case(("SELECT max(?, ?), min(?, ?), coalesce(?, ?)", (1, "a", 2.5, b"x", None, 3))),
    case(("SELECT nullif(?, ?), iif(?, ?, ?), typeof(?)", (1, "1", 0, "a", 2.5, b""))),
    "SELECT sqlite_version() LIKE '3.%', typeof(sqlite_version())",
    "SELECT like('a%', t), like('%c', n), glob('a*', t), like('100\\%%', t, '\\') FROM words",
    "SELECT unistr('a\\00e9' || u), unistr('\\u' || '65e5') FROM words WHERE id <> 6",
    # values of any class
    case(("SELECT length(?), hex(?), abs(?), round(?), upper(?)", ("é", "é", "-5", "2.5", "é"))),
    "SELECT length(coalesce(t, id)), hex(coalesce(t, id)), abs(coalesce(t, id)),"
    " quote(coalesce(t, id)), substr(coalesce(t, id), 2) FROM words",
    "SELECT length(iif(ok, t, b)), quote(iif(ok, t, b)), instr(iif(ok, t, b), 'a'),"
    " octet_length(iif(ok, t, b)), sqrt(iif(ok, t, id)) FROM words WHERE id < 6",
    "SELECT max(coalesce(t, id), 'm'), typeof(coalesce(i, s)), round(coalesce(s, i)),"
    " CAST(coalesce(s, i) AS INTEGER) FROM words JOIN figures USING (id)",
]
