"""Date and time functions over every kind of value, column and parameter.

What depends on the present is asked so that the answer is the same a second later.
"""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, Shape, TargetType

_ISO = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))


VISITS = Table(
    "visits",
    """CREATE TABLE visits (id INTEGER PRIMARY KEY, at TEXT, iso TEXT, py TEXT, day TEXT,
        due DATETIME, free TEXT, seconds INTEGER, ms INTEGER, number INTEGER, julian REAL,
        raw BLOB, shift TEXT, form TEXT)""",
    rows=[
        (
            1,
            "2024-02-29 23:59:59",
            "2024-02-29T23:59:59.999Z",
            "2024-02-29 23:59:59.999999",
            "2024-02-29",
            "2024-02-29 12:00:00",
            "2024-02-29T23:59:59.999Z",
            1709251199,
            1709251199999,
            1709251199,
            2460370.5,
            b"2024-02-29",
            "+1 year",
            "%Y-%m-%d",
        ),
        (
            2,
            "2024-01-31 00:00:00",
            "2024-01-31T00:00:00.000Z",
            "2024-01-31 00:00:00",
            "2024-01-31",
            "2024-01-31 00:00:00",
            "2024-01-31 10:00+05:30",
            1706659200,
            1706659200000,
            -1,
            0.0,
            b"2024-01-31 10:00\x00rest",
            "+1 month",
            "%H:%M|%j|%W",
        ),
        (
            3,
            "1999-12-31 12:30:15",
            "1999-12-31T12:30:15.500Z",
            "1999-12-31 12:30:15.250000",
            "1999-12-31",
            "1999-12-31 23:59:59",
            "12:30",
            946643415,
            946643415500,
            2451544,
            2451544.5,
            b"\xff\xfe",
            "start of month",
            "%s",
        ),
        (4, *[None] * 13),
        (
            5,
            "0001-01-01 00:00:00",
            "0001-01-01T00:00:00.001Z",
            "0001-01-01 00:00:00.000001",
            "0001-01-01",
            "0001-01-01 00:00:00",
            "-0044-03-15",
            -62135596800,
            -62135596800000,
            5373484,
            1721425.5,
            b"",
            "-1 day",
            "%G-W%V-%u",
        ),
        (
            6,
            "9999-12-31 23:59:59",
            "9999-12-31T23:59:59.999Z",
            "9999-12-31 23:59:59.999999",
            "9999-12-31",
            "9999-12-31 00:00:00",
            "9999-12-31 23:59:59.9999",
            253402300799,
            253402300799999,
            253402300800,
            5373484.49,
            b"24:00",
            "+1 second",
            "%Q",
        ),
        (
            7,
            "2023-02-28 08:05:09",
            "2023-02-28T08:05:09.250Z",
            "2023-02-28 08:05:09.100000",
            "2023-02-28",
            "2023-02-28 08:05:09",
            "2023-02-31",
            1677571503,
            1677571503250,
            1677571503,
            2460003.8369,
            b"1677571503",
            "weekday 0",
            "%d.%m.%Y um %H Uhr",
        ),
        (
            8,
            "1970-01-01 00:00:00",
            "1970-01-01T00:00:00.000Z",
            "1970-01-01 00:00:00",
            "1970-01-01",
            "1970-01-01 00:00:00",
            "1700000000",
            0,
            0,
            0,
            -1.0,
            b"0",
            "nonsense",
            "",
        ),
        (
            9,
            "2024-05-31 18:00:00",
            "2024-05-31T18:00:00.125Z",
            "2024-05-31 18:00:00.125000",
            "2024-05-31",
            "2024-05-31 18:00:00",
            " 2460462.25 ",
            1717178400,
            1717178400125,
            1717178400,
            2460462.25,
            b"2024-05-31T18:00:00",
            "+1.5 hours",
            "100%%",
        ),
        (
            10,
            "2000-06-15 06:06:06",
            "2000-06-15T06:06:06.006Z",
            "2000-06-15 06:06:06.600000",
            "2000-06-15",
            "2000-06-15 06:06:06",
            "",
            961049166,
            961049166006,
            9223372036854775807,
            1e300,
            b"now",
            "-0001-02-03 04:05:06",
            "%f %J %p%P %I %l %k %e %g %U %w %R %T %F",
        ),
        (
            11,
            "2024-12-30 05:00:00",
            "2024-12-30T05:00:00.000Z",
            "2024-12-30 05:00:00.000500",
            "2024-12-30",
            "2024-12-30 05:00:00",
            "not a date",
            1735534800,
            1735534800000,
            17355348,
            2460674.70833333,
            b"12:30:15.75",
            "",
            "%",
        ),
    ],
    promoted={
        "at": _ISO,
        "iso": TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS.fffZ")),
        "py": TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS[.ffffff]")),
        "day": TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")),
        "due": _ISO,
        "seconds": TargetType(Kind.TIMESTAMP, shape=Shape("epoch s")),
        "ms": TargetType(Kind.TIMESTAMP, shape=Shape("epoch ms")),
    },
    rowid_alias="id",
)
TABLES = [VISITS]


CASES = [
    # Columns of every kind, alone.
    "SELECT id, date(at), time(at), datetime(at) FROM visits",
    "SELECT id, date(iso), time(iso), datetime(iso) FROM visits",
    "SELECT id, date(py), time(py), datetime(py) FROM visits",
    "SELECT id, date(day), time(day), datetime(day) FROM visits",
    "SELECT id, date(due), time(due), datetime(due), julianday(due) FROM visits",
    "SELECT id, date(free), time(free), datetime(free) FROM visits",
    "SELECT id, julianday(at), julianday(iso), julianday(py), julianday(day) FROM visits",
    "SELECT id, julianday(free), unixepoch(free), strftime('%s', free) FROM visits",
    "SELECT id, unixepoch(at), unixepoch(iso), unixepoch(py), unixepoch(day) FROM visits",
    "SELECT id, unixepoch(at, 'subsec'), unixepoch(iso, 'subsec'), unixepoch(py, 'subsec')"
    " FROM visits",
    "SELECT id, datetime(iso, 'subsec'), datetime(py, 'subsec'), datetime(free, 'subsecond')"
    " FROM visits",
    "SELECT id, time(iso, 'subsec'), time(py, 'SUBSEC'), date(free, 'subsec') FROM visits",
    "SELECT id, date(number), datetime(number), date(julian), datetime(julian) FROM visits",
    "SELECT id, date(number, 'unixepoch'), datetime(number, 'unixepoch') FROM visits",
    "SELECT id, date(number, 'auto'), datetime(julian, 'auto'), date(free, 'auto') FROM visits",
    "SELECT id, date(number, 'julianday'), datetime(julian, 'julianday') FROM visits",
    "SELECT id, date(free, 'julianday'), date(free, 'unixepoch') FROM visits",
    "SELECT id, datetime(seconds, 'unixepoch'), date(seconds, 'unixepoch') FROM visits",
    "SELECT id, date(seconds), date(seconds, 'auto'), date(at, 'unixepoch') FROM visits",
    "SELECT id, datetime(ms / 1000, 'unixepoch'), datetime(ms / 1000.0, 'unixepoch', 'subsec')"
    " FROM visits",
    "SELECT id, time(seconds, 'unixepoch'), strftime('%Y-%m', seconds, 'unixepoch') FROM visits",
    "SELECT id, strftime('%s', seconds, 'unixepoch'), julianday(seconds, 'unixepoch') FROM visits",
    "SELECT id, date(seconds, 'unixepoch', 'start of month') FROM visits",
    "SELECT id, datetime(seconds, 'unixepoch', '+1 month', 'auto') FROM visits",
    "SELECT id, date(raw), datetime(raw), time(raw) FROM visits WHERE id <> 10",
    "SELECT id, date(raw, 'unixepoch'), datetime(raw, '+1 day') FROM visits WHERE id <> 10",
    "SELECT typeof(date(at)), typeof(julianday(at)), typeof(unixepoch(at)), typeof(time(free)),"
    " typeof(unixepoch(iso, 'subsec')) FROM visits",
    # strftime.
    "SELECT id, strftime('%Y', at), strftime('%m', at), strftime('%d', at) FROM visits",
    "SELECT id, strftime('%H', at), strftime('%M', at), strftime('%S', at) FROM visits",
    "SELECT id, strftime('%Y-%m', at), strftime('%Y-%m', free), strftime('%Y/%m', iso) FROM visits",
    "SELECT id, strftime('%Y-%m-%d', at), strftime('%F', iso), strftime('%Y%m%d', day) FROM visits",
    "SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', at), strftime('%FT%TZ', free) FROM visits",
    "SELECT id, strftime('%Y-%m-%d %H:%M', at), strftime('%Y-%m-%d %H:%M:%f', iso) FROM visits",
    "SELECT id, strftime('%f', at), strftime('%f', iso), strftime('%f', py), strftime('%f', free)"
    " FROM visits",
    "SELECT id, strftime('%j', at), strftime('%W', at), strftime('%U', iso), strftime('%w', day)"
    " FROM visits",
    "SELECT id, strftime('%u %V %G %g', at), strftime('%u %V %G %g', free) FROM visits",
    "SELECT id, strftime('%I:%M %p', at), strftime('%l%P', iso), strftime('%k %e', free)"
    " FROM visits",
    "SELECT id, strftime('%J', at), strftime('%J', free), strftime('%J', julian) FROM visits",
    "SELECT id, strftime('%s', at), strftime('%s', iso, 'subsec'), strftime('%s', free, 'subsec')"
    " FROM visits",
    "SELECT id, strftime('%d. %m. %Y, %H Uhr', at), strftime('Tag %j', free) FROM visits",
    "SELECT id, strftime('100%%', at), strftime('', at), strftime('%', at) FROM visits",
    "SELECT id, strftime('\"%Y\" \\ %m', at), strftime('it''s %H', free) FROM visits",
    "SELECT id, strftime('%q', at), strftime('%Y %E', free), strftime(NULL, at) FROM visits",
    "SELECT id, strftime(form, at), strftime(form, iso), strftime(form, free) FROM visits",
    "SELECT id, strftime(form, at, shift) FROM visits",
    "SELECT id, strftime(5, at), strftime(id || '%d', free), strftime() FROM visits",
    "SELECT id, CAST(strftime('%Y', at) AS INTEGER) - 1900, strftime('%m', free) + 0 FROM visits",
    "SELECT id, strftime('%s', at) - strftime('%s', day), strftime('%s', free) / 60 FROM visits",
    # Modifiers.
    "SELECT id, date(at, '+1 day'), date(day, '-1 day'), date(free, '+7 days') FROM visits",
    "SELECT id, datetime(at, '+1 month'), datetime(iso, '-1 month'), datetime(free, '+1 month')"
    " FROM visits",
    "SELECT id, date(at, '+1 year'), date(day, '-4 years'), date(free, '-1 years') FROM visits",
    "SELECT id, datetime(at, '-90 minutes'), datetime(py, '+3600 seconds') FROM visits",
    "SELECT id, datetime(at, '+1.5 days'), datetime(free, '-0.25 hours') FROM visits",
    "SELECT id, datetime(at, '1 day'), datetime(at, '+1.5 months'), datetime(free, '2.5 years')"
    " FROM visits",
    "SELECT id, datetime(iso, '+0.1 seconds', 'subsec'), datetime(py, '0.0005 seconds', 'subsec')"
    " FROM visits",
    "SELECT id, date(at, 'start of month'), date(at, 'start of year'), datetime(at, 'start of day')"
    " FROM visits",
    "SELECT id, date(free, 'start of month'), date(free, 'start of year'),"
    " datetime(free, 'start of day') FROM visits",
    "SELECT id, date(at, 'end of month'), datetime(iso, 'end of day'), date(free, 'end of year')"
    " FROM visits",
    "SELECT id, date(at, 'start of month', '+1 month', '-1 day') FROM visits",
    "SELECT id, date(free, 'start of month', '+1 month', '-1 day') FROM visits",
    "SELECT id, date(at, 'weekday 0'), date(at, 'weekday 1', '-7 days'), date(free, 'weekday 5')"
    " FROM visits",
    "SELECT id, date(at, 'weekday -1'), date(free, 'weekday -0'), date(iso, 'weekday 7')"
    " FROM visits",
    "SELECT id, date(at, '+1 month', 'floor'), date(at, '+1 month', 'ceiling'),"
    " date(free, 'floor') FROM visits",
    "SELECT id, date(free, '+1 month', 'floor'), date(free, 'ceiling', '+1 year') FROM visits",
    "SELECT id, datetime(at, '+05:30'), datetime(iso, '-01:15:30'), datetime(free, '+00:00:00.5')"
    " FROM visits",
    "SELECT id, datetime(at, '+0001-02-03'), datetime(free, '-0001-02-03 04:05') FROM visits",
    "SELECT id, datetime(at, '+0000-00-01 12:00:00.5', 'subsec') FROM visits",
    "SELECT id, date(at, shift), datetime(free, shift), time(iso, shift) FROM visits",
    "SELECT id, date(at, shift, 'start of year', '+1 month') FROM visits",
    "SELECT id, date(at, '+' || id || ' days'), date(free, '-' || (id * 30) || ' days')"
    " FROM visits",
    "SELECT id, date(at, id || ' months'), date(day, printf('%+d years', id)) FROM visits",
    "SELECT id, date(at, NULL), date(at, ''), date(at, 'nonsense'), date(at, 5) FROM visits",
    "SELECT id, date(at, '+1 DAY', 'Start Of Month'), date(free, 'WEEKDAY 2') FROM visits",
    "SELECT id, datetime(iso, 'utc'), datetime(iso, 'utc', 'subsec') FROM visits",
    "SELECT id, date(at, '+10000 years'), date(at, '-5000 years'), date(at, '+1 month', '-1 month')"
    " FROM visits",
    "SELECT id, datetime(at, '+1 second', '-1 second'), datetime(py, '-1 second') FROM visits",
    "SELECT id, unixepoch(at, '+1 day') - unixepoch(at), julianday(at, '-1 month') FROM visits",
    "SELECT id, unixepoch(at, shift), julianday(free, shift) FROM visits",
    # Differences.
    "SELECT id, julianday(at) - julianday(day), (julianday(at) - julianday(free)) * 24 FROM visits",
    "SELECT id, CAST(julianday('2024-06-01') - julianday(at) AS INTEGER) AS days FROM visits",
    "SELECT id, timediff(at, day), timediff(day, at), timediff(iso, py) FROM visits",
    "SELECT id, timediff(at, '2024-03-01'), timediff('2000-01-31', free) FROM visits",
    "SELECT id, timediff(free, free), timediff(at, NULL), timediff(number, julian),"
    " timediff('9999-12-31', free) FROM visits",
    "SELECT id, datetime(day, timediff(at, day)) = datetime(at) FROM visits",
    "SELECT id, (strftime('%Y', '2024-06-01') - strftime('%Y', at))"
    " - (strftime('%m-%d', '2024-06-01') < strftime('%m-%d', at)) AS age FROM visits",
    "SELECT id, round((unixepoch('2024-06-01') - unixepoch(at)) / 86400.0, 2) FROM visits",
    # Conditions.
    "SELECT id FROM visits WHERE date(at) = '2024-02-29'",
    "SELECT id FROM visits WHERE date(free) = '2024-02-29' OR date(free) > '9'",
    "SELECT id FROM visits WHERE date(at) BETWEEN '2000-01-01' AND '2024-02-29'",
    "SELECT id FROM visits WHERE strftime('%Y-%m', at) = '2024-02'",
    "SELECT id FROM visits WHERE strftime('%Y', free) IN ('2023', '2024')",
    "SELECT id FROM visits WHERE CAST(strftime('%m', at) AS INTEGER) = 12",
    "SELECT id FROM visits WHERE strftime('%w', at) IN ('0', '6')",
    "SELECT id FROM visits WHERE at >= '2024-02-29' AND at < '2024-03-01'",
    "SELECT id FROM visits WHERE at > '2024-02-29' OR at <= '2000'",
    "SELECT id FROM visits WHERE iso >= '2024-01-31 00:00:00' AND iso < '2024-06'",
    "SELECT id FROM visits WHERE py <= '2024-02-29 23:59:59.9' AND py > '1999-12-31 12:30:15'",
    "SELECT id FROM visits WHERE py >= '2024-01-31 00:00:00' AND py <> '2024-02-29'",
    "SELECT id FROM visits WHERE day > '2024-02' AND day <= '2024-05-31x'",
    "SELECT id FROM visits WHERE due >= '2024-01-31' AND due < '2025'",
    "SELECT id FROM visits WHERE at = '2024-02-29' OR at IN ('2024-01-31', '1970-01-01 00:00:00')",
    "SELECT id FROM visits WHERE at >= datetime('2024-02-29', '-1 month')",
    "SELECT id FROM visits WHERE date(at) = day AND at > day AND iso > at",
    "SELECT id FROM visits WHERE at < iso OR day >= date(iso)",
    "SELECT id FROM visits WHERE at = due OR at <> py",
    "SELECT id FROM visits WHERE julianday(at) > 2460000 AND julianday(free) IS NOT NULL",
    "SELECT id FROM visits WHERE unixepoch(at) > seconds - 60 AND unixepoch(at) <= seconds",
    "SELECT id FROM visits WHERE datetime(at) IS NULL OR date(free) IS NULL",
    "SELECT id FROM visits WHERE seconds >= unixepoch('2024-01-01') AND seconds < 1717178401",
    "SELECT id FROM visits WHERE seconds > strftime('%s', '2024-01-01')",
    "SELECT id FROM visits WHERE number > strftime('%s', at, '-1 hour')",
    "SELECT id FROM visits WHERE number = strftime('%s', at) OR strftime('%f', iso) > julian",
    "SELECT count(*) FROM visits WHERE seconds >= strftime('%s', 'now', '-30 years')",
    "SELECT id FROM visits WHERE seconds IN (0, 1717178400, 99999999999999) OR seconds < -1e12",
    "SELECT id FROM visits WHERE ms > 1709251199998.5 AND ms <= 1709251199999",
    "SELECT id FROM visits WHERE seconds = ms / 1000 AND seconds <> number",
    "SELECT a.id, b.id FROM visits a JOIN visits b ON a.seconds = b.seconds",
    "SELECT id FROM visits WHERE date(seconds, 'unixepoch') BETWEEN '2024-01-01' AND '2024-12-31'",
    "SELECT id FROM visits WHERE time(at) BETWEEN '08:00' AND '18:00:00'",
    "SELECT id FROM visits WHERE strftime('%Y-%m-%d', at) >= '2024' AND strftime('%H', at) < '12'",
    "SELECT id FROM visits WHERE date(coalesce(at, '2024-02-29')) = '2024-02-29'",
    # Values whose class only the row tells.
    "SELECT id, date(coalesce(number, free)), time(CASE WHEN id < 5 THEN at ELSE number END),"
    " datetime(CASE WHEN id < 6 THEN seconds WHEN id < 9 THEN raw ELSE free END, 'auto')"
    " FROM visits",
    "SELECT id, julianday(CASE id % 3 WHEN 0 THEN julian WHEN 1 THEN free ELSE raw END) FROM visits"
    " WHERE id <> 10",
    "SELECT id, strftime(CASE WHEN id > 5 THEN 5 ELSE form END, at), date(at, coalesce(shift, 1))"
    " FROM visits",
    "SELECT id, date(ifnull(number, 'now')) >= '1969', unixepoch(ifnull(seconds, 'now'), 'auto')"
    " <> 5 FROM visits",
    # The present moment.
    "SELECT count(*) FROM visits WHERE at < datetime('now')",
    "SELECT count(*) FROM visits WHERE at >= datetime('now', '-7 days')",
    "SELECT count(*) FROM visits WHERE iso > datetime('now', '-1 hour') OR py < datetime('now')",
    "SELECT count(*) FROM visits WHERE day <= date('now') AND day > date('now', '-100 years')",
    "SELECT count(*) FROM visits WHERE at < date('now', 'start of month', '-1 day')",
    "SELECT count(*) FROM visits WHERE day < CURRENT_DATE AND at < CURRENT_TIMESTAMP",
    "SELECT count(*) FROM visits WHERE due < CURRENT_TIMESTAMP"
    " AND due > datetime('now', '-9 years')",
    "SELECT count(*) FROM visits WHERE free < date('now') AND date(free) < date('now', '-1 day')",
    "SELECT count(*) FROM visits WHERE seconds < unixepoch() AND number < unixepoch('now')",
    "SELECT count(*) FROM visits WHERE strftime('%s', 'now') - seconds > 86400",
    "SELECT count(*) FROM visits WHERE julianday('now') - julianday(at) > 365",
    "SELECT id FROM visits WHERE date(coalesce(at, 'now')) >= '2026-01-01'",
    "SELECT id, date(CASE WHEN id > 5 THEN at ELSE datetime('now') END, '+1 day') > '2024'"
    " FROM visits",
    "SELECT date('now') > '2020-01-01', datetime() > '2020', time('now') >= '00:00:00'",
    "SELECT date('now', 'start of month') = strftime('%Y-%m-01', 'now'),"
    " date('now', 'start of year') = strftime('%Y', 'now') || '-01-01'",
    "SELECT date('now', 'start of month', '+1 month') > date('now', 'end of month')",
    "SELECT date('now', '+1 month', 'floor') <= date('now', '+1 month'),"
    " strftime('%d', date('now', 'start of month', '+1 month', '-1 day')) >= '28'",
    "SELECT strftime('%w', 'now', 'weekday 0'), date('now', 'weekday 1') >= date('now')",
    "SELECT length(datetime('now')), length(datetime('now', 'subsec')), length(date()),"
    " length(strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), length(CURRENT_TIME)",
    "SELECT typeof(unixepoch()), typeof(unixepoch('now', 'subsec')), typeof(julianday('now')),"
    " typeof(CURRENT_TIMESTAMP), unixepoch('subsec') > 1700000000.0",
    "SELECT datetime('now', 'utc') <= datetime('now', '+1 second'),"
    " datetime('now', '+1 day', 'utc') > datetime('now')",
    "SELECT julianday('now') - julianday('now', '-1 day'),"
    " unixepoch() - unixepoch('now', '-1 hour')",
    "SELECT timediff('now', 'now'), timediff(datetime('now', '-1 day'), 'now') < '-'",
    # Parameters.
    case(("SELECT id FROM visits WHERE date(at) = ?", ("2024-02-29",))),
    case(("SELECT id FROM visits WHERE date(free) = ?", ("2024-02-29",))),
    case(("SELECT id FROM visits WHERE date(at) BETWEEN ? AND ?", ("2000", "2024-02-29"))),
    case(("SELECT id FROM visits WHERE at >= ? AND at < ?", ("2024-01-31", "2024-05-31 18:00:00"))),
    case(("SELECT id FROM visits WHERE at > :low", {"low": "2024-02-29 23:59:59"})),
    case(("SELECT id FROM visits WHERE at > ? OR at <= ?", ("", "abc"))),
    case(
        ("SELECT id FROM visits WHERE at BETWEEN ? AND ?", ("2024-02-30", "9999-12-31 23:59:59.9"))
    ),
    case(("SELECT id FROM visits WHERE iso >= ? AND iso < ?", ("2024-02-29T", "2024-06"))),
    case(("SELECT id FROM visits WHERE py >= ?", ("2024-02-29 23:59:59.999999",))),
    case(
        ("SELECT id FROM visits WHERE due > ? AND due <> ?", ("2024-02-29", "2024-05-31 18:00:00"))
    ),
    case(("SELECT id FROM visits WHERE due > ? OR due < ?", ("2024", 5))),
    case(("SELECT id FROM visits WHERE day IN (?, ?, ?)", ("2024-02-29", "1970-01-01", "x"))),
    case(("SELECT id FROM visits WHERE at = ? OR day = ?", ("1970-01-01 00:00:00", "2024-02-30"))),
    case(("SELECT id FROM visits WHERE at <> ? AND at IS NOT ?", ("1970-01-01", None))),
    case(("SELECT id FROM visits WHERE at >= ?", (20240229,))),
    case(("SELECT id FROM visits WHERE strftime('%Y-%m', at) = ?", ("2024-02",))),
    case(("SELECT id FROM visits WHERE strftime(?, at) = ?", ("%m/%Y", "02/2024"))),
    case(("SELECT id, strftime(?, free, ?) FROM visits", ("%d|%q", "+1 day"))),
    case(("SELECT date(?), datetime(?, ?), time(?)", ("2024-02-31", 1.7e9, "unixepoch", "bad"))),
    case(
        (
            "SELECT date(?, ?), julianday(?), unixepoch(?, ?)",
            (2460000, "auto", "x", "2024-01-01", "subsec"),
        )
    ),
    case(("SELECT date(?), date(?), strftime('%Y', ?)", (None, b"2024-01-01", b"\xff"))),
    case(
        (
            "SELECT date(?) = date('now'), datetime(?) >= datetime('now', '-1 minute')",
            ("now", "NOW"),
        )
    ),
    case(("SELECT date(coalesce(?, 'now')) = date('now')", (None,))),
    case(("SELECT count(*) FROM visits WHERE at >= datetime('now', ?)", ("-30 years",))),
    case(("SELECT count(*) FROM visits WHERE at < date('now', '-' || ? || ' days')", (30,))),
    case(("SELECT count(*) FROM visits WHERE day > date('now', printf('-%d months', ?))", (400,))),
    case(("SELECT id, date(at, ?), date(free, ?) FROM visits", ("+1 month", "start of month"))),
    case(("SELECT id FROM visits WHERE at >= date(?, ?)", ("2024-03-01", "-1 day"))),
    case(("SELECT id FROM visits WHERE seconds >= ? AND seconds < ?", (946643415, 1709251199.5))),
    case(("SELECT id FROM visits WHERE seconds = ? OR seconds > ?", (1717178400.0, 1e300))),
    case(("SELECT id FROM visits WHERE seconds <= ? OR ms = ?", (-62135596800.5, 0))),
    case(("SELECT id FROM visits WHERE ms BETWEEN ? AND ?", (946643415500, 1709251199998.99))),
    case(("SELECT id FROM visits WHERE seconds > ? AND seconds <> ?", (-(2**63), 2**63 - 1))),
    case(("SELECT id FROM visits WHERE seconds > ? OR ms IS ?", ("1709251198", None))),
    case(("SELECT timediff(?, at) FROM visits", ("2024-03-01 12:00",))),
    # Groups, orders, joins, writing.
    "SELECT strftime('%Y-%m', at) AS month, count(*), min(day) FROM visits GROUP BY month",
    "SELECT strftime('%Y', free) AS year, count(*) FROM visits GROUP BY year HAVING year > '2000'",
    "SELECT date(at, 'start of month') AS m, count(*) FROM visits GROUP BY 1",
    "= SELECT id, date(at) FROM visits ORDER BY date(at) DESC, id",
    "= SELECT id FROM visits ORDER BY strftime('%m-%d', at), time(at), id",
    "= SELECT id, julianday(free) AS j FROM visits ORDER BY j, id",
    "SELECT max(date(at)), min(datetime(iso)), max(julianday(free)), avg(unixepoch(day))"
    " FROM visits",
    "SELECT a.id, b.id FROM visits a JOIN visits b ON date(a.at) = b.day",
    "SELECT a.id, b.id FROM visits a JOIN visits b"
    " ON a.at >= b.day AND a.at < date(b.day, '+1 day')",
    "SELECT CASE WHEN at < '2000' THEN 'old' WHEN date(at) > '2024-05' THEN 'new' ELSE strftime("
    "'%Y', at) END FROM visits",
    "SELECT DISTINCT strftime('%Y', at), date(day, 'weekday 6') FROM visits",
    "SELECT count(DISTINCT date(at)), group_concat(DISTINCT strftime('%Y', at)) FROM visits"
    " WHERE id = 1",
    case(
        "INSERT INTO visits (id, at, free)"
        " VALUES (20, datetime('2024-01-31', '+1 month'), date(0))",
        "SELECT at, free, date(at) FROM visits WHERE id = 20",
    ),
    case(
        ("UPDATE visits SET free = datetime(at, ?) WHERE date(at) >= ?", ("+1 day", "2024")),
        "SELECT id, free FROM visits",
    ),
    case(
        ("DELETE FROM visits WHERE at < datetime('now', ?)", ("-20 years",)),
        "SELECT id FROM visits",
    ),
    "SELECT id, datetime(at, 'localtime') FROM visits",
]
