"""The census against a naive count in Python, over values nobody chose.

The values are read back by the standard library's sqlite3: which class each got is SQLite's
affair, counting is Python's.
"""

from __future__ import annotations

import datetime
import json
import math
import re
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.model.census import TableFacts
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot

ENCODINGS = ("UTF-8", "UTF-16le", "UTF-16be")
INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, 2, 2**53, 2**53 + 1, -(2**53)])
REALS = st.floats(allow_nan=False) | st.decimals(-1000, 1000, places=4).map(float)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["", "a\0b", "\0", "🐢", "x" * 500, "12", "1e400", "NULL"]
)
VALUES = st.none() | INTEGERS | REALS | TEXTS | st.binary(max_size=20)
DECLARED = st.sampled_from(
    ["", "INTEGER", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM", "REAL", "NUMERIC", "BLOB"]
)


class Raw(bytes):
    """Bytes that are stored as a text, whether they are one or not."""


def census(values: list[Any], *, column: str, encoding: str = "UTF-8") -> tuple[Any, list[Any]]:
    """Store values in a column; give its facts, and the values as sqlite3 reads them back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"PRAGMA encoding = '{encoding}'")
            connection.execute(f"CREATE TABLE t(id INTEGER PRIMARY KEY, {column})")
            for value in values:
                holder = "CAST(? AS TEXT)" if isinstance(value, Raw) else "?"
                bound = bytes(value) if isinstance(value, Raw) else value
                connection.execute(f"INSERT INTO t(v) VALUES ({holder})", [bound])
        with closing(sqlite3.connect(path)) as connection:
            stored = connection.execute(
                "SELECT typeof(v), iif(typeof(v) = 'text', CAST(v AS BLOB), v) FROM t"
            ).fetchall()
        with open_snapshot(path) as snapshot:
            facts = take_census(snapshot, read_catalog(snapshot)).tables["t"]
    return facts, stored


def check_basics(facts: TableFacts, stored: list[tuple[str, Any]], encoding: str) -> None:
    column = facts.column("v")
    classes = Counter(kind for kind, _ in stored)
    integers = [value for kind, value in stored if kind == "integer"]
    reals = [value for kind, value in stored if kind == "real"]
    texts = [value for kind, value in stored if kind == "text"]
    sizes = [len(value) for kind, value in stored if kind in ("text", "blob")]
    expected = {
        "rows": len(stored),
        "nulls": classes["null"],
        "integers": len(integers),
        "reals": len(reals),
        "texts": len(texts),
        "blobs": classes["blob"],
        "min_integer": min(integers, default=None),
        "max_integer": max(integers, default=None),
        "min_real": min(reals, default=None),
        "max_real": max(reals, default=None),
        "infinities": sum(map(math.isinf, reals)),
        "zero_or_one": sum(value in (0, 1) for value in integers),
        "integers_beyond_double": sum(abs(value) > 2**53 for value in integers),
        "empty_texts": sum(not text for text in texts),
        "texts_with_nul": sum("\0" in text.decode(encoding, "replace") for text in texts),
        "invalid_utf8": sum(not is_valid(text, encoding) for text in texts),
        "max_bytes": max(sizes, default=0),
        "total_bytes": sum(sizes),
    }
    assert {name: getattr(column, name) for name in expected} == expected
    assert facts.rows == len(stored)


def is_valid(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, max_size=25), DECLARED, st.sampled_from(ENCODINGS))
def test_every_value_is_counted(values: list[Any], declared: str, encoding: str) -> None:
    facts, stored = census(values, column=f"v {declared}", encoding=encoding)
    check_basics(facts, stored, encoding)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.binary(max_size=6).map(Raw)
        | st.sampled_from([b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\x80"]).map(Raw)
        | TEXTS,
        max_size=12,
    ),
    st.sampled_from(ENCODINGS),
)
def test_texts_that_are_none(values: list[Any], encoding: str) -> None:
    facts, stored = census(values, column="v TEXT", encoding=encoding)
    check_basics(facts, stored, encoding)
    column = facts.column("v")
    bad = [
        str(number)
        for number, (_, text) in enumerate(stored, start=1)
        if not is_valid(text, encoding) or "\0" in text.decode(encoding)
    ]
    assert [example.key for example in column.bad_texts] == bad[:5]


MOMENTS = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59))
FORMATS = st.sampled_from(
    [
        f"%Y-%m-%d{separator}%H:%M{seconds}{suffix}"
        for separator in (" ", "T", "t", "  ")
        for seconds in ("", ":%S", ":%S.%f", ":%S.000000", ":%S.5", ":%S.123", ":%S.1234567")
        for suffix in ("", "Z", "+00:00", "+01:00", "z", " ")
    ]
    + ["%Y-%m-%d", "%d.%m.%Y", "%Y-%m", "%H:%M"]
)
ODD_TIMES = st.sampled_from(
    [
        *("2024-02-30", "2023-02-29 10:00:00", "2024-02-29T10:00:00", "0000-01-01", "now", ""),
        *("0000-01-01 00:00:00", "2024-01-01 24:00:00", "2024-01-01 23:60:00", "10000-01-01"),
        *("2024-12-31T23:59:59.999999", "2024-12-31 23:59:60", "-001-01-01", "2024-01-01\0"),
        *(
            "2024-01-01 10:00:00\0x",
            "unknown",
            "2024-13-01",
            "2024-00-10",
            "2451545.5",
            "\uff112024",
        ),
    ]
)


def written(moment: datetime.datetime, form: str) -> str:
    return moment.strftime(form.replace("%Y", f"{moment.year:04d}"))


TIMES = st.builds(written, MOMENTS, FORMATS) | ODD_TIMES
_SHAPE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:([ T])([0-9]{2}:[0-9]{2})(?:(:[0-9]{2})(\.[0-9]{1,6})?)?(Z|\+00:00)?)?"
)


def shape_of(text: str) -> str | None:
    match = _SHAPE.fullmatch(text)
    if not match:
        return None
    date, separator, clock, seconds, fraction, suffix = match.groups()
    try:
        datetime.datetime.fromisoformat(f"{date}T{clock or '00:00'}{seconds or ''}")
    except ValueError:
        return None
    digits = "." + "f" * (len(fraction) - 1) if fraction else ""
    time = f"{separator}HH:MM{':SS' if seconds else ''}{digits}" if separator else ""
    return f"YYYY-MM-DD{time}{suffix or ''}"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(TIMES, min_size=1, max_size=12) | st.lists(TIMES, min_size=1, max_size=2),
    st.sampled_from(["v TEXT -- date\n", "v DATETIME", "v DATE COLLATE NOCASE"]),
    st.sampled_from(ENCODINGS),
)
def test_times(values: list[str], column: str, encoding: str) -> None:
    facts, stored = census(values, column=column, encoding=encoding)
    texts = [value.decode(encoding) for kind, value in stored if kind == "text"]
    times = facts.column("v").times
    if not texts:
        assert times is None
        return
    shapes = Counter(filter(None, map(shape_of, texts)))
    misfits = Counter(text for text in texts if shape_of(text) is None)
    assert times is not None
    assert {shape.notation: count for shape, count in times.shapes} == shapes
    assert times.misfits == misfits.total()
    assert [example.count for example in times.examples] == [
        count for _, count in misfits.most_common(5)
    ]
    assert (times.optional_fraction is not None) == is_optional(texts, set(shapes))


def is_optional(texts: list[str], shapes: set[str]) -> bool:
    if not shapes:
        return False
    *shorter, long = sorted(shapes, key=lambda notation: notation.count("f"))
    as_isoformat = not shorter and long.count("f") == 6
    if not as_isoformat and ([re.sub(r"\.f+", "", long)] != shorter or long in shorter):
        return False
    valid = [text for text in texts if shape_of(text) == long]
    return not any(re.search(r"\.0+(Z|\+00:00)?$", text) for text in valid)


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
ODD_JSON = st.sampled_from(
    [
        *("", "NaN", "[1,", "{'a': 1}", "01", "1,2", "[3", "4]", "Infinity", '"a\tb"', "\ufeff1"),
        *('{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}', '"\\u0000"', '"\\\\u0000"', '"\\ud800"'),
        *('"\\ud83d\\udc22"', "1e400", "1e23", "1.5e3", "1E-400", "-0", "1e200000", "1e-20000"),
        *('"\\udc00\\ud800"', " [1] \n", "9" * 5000, "[" * 998 + "]" * 998, '{"a":1}\0x'),
    ]
)
JSON_TEXTS = (
    JSON_VALUES.map(json.dumps)
    | ODD_JSON
    | JSON_VALUES.map(lambda value: json.dumps(value, ensure_ascii=False))
)


def json_class(text: str) -> str:
    """Say where a text belongs: the rules of the standard and of PostgreSQL, spelled out."""
    twice = False
    numbers: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        twice = twice or len({name for name, _ in pairs}) < len(pairs)
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        value = json.loads(
            text,
            object_pairs_hook=members,
            parse_constant=refuse,
            parse_float=lambda number: numbers.append(number) or Decimal(number),
            parse_int=Decimal,
        )
    except ValueError:
        return "invalid"
    except RecursionError:
        return "json"
    strings = json.dumps(value, ensure_ascii=False, default=str)
    unheld = re.search(r"(?<!\\)(\\\\)*\\u0000", strings) or re.search("[\ud800-\udfff]", strings)
    return "json" if twice or unheld or not all(map(is_kept, numbers)) else "jsonb"


def is_kept(number: str) -> bool:
    value = Decimal(number)
    if value.adjusted() > 131_071 or value.as_tuple().exponent < -16_383:
        return False
    # A real that jsonb writes as an integer would become one for SQL.
    return value.as_tuple().exponent < 0


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON_TEXTS, min_size=1, max_size=10))
def test_json(values: list[str]) -> None:
    facts, stored = census(values, column="v JSON_TEXT")
    texts = [value.decode() for kind, value in stored if kind == "text"]
    found = facts.column("v").json
    assert found is not None
    classes = Counter(map(json_class, texts))
    assert (found.for_jsonb, found.for_json, found.invalid) == (
        classes["jsonb"],
        classes["json"],
        classes["invalid"],
    )
    containers = [t for t in texts if json_class(t) != "invalid" and t.lstrip()[:1] in ("{", "[")]
    assert found.containers == len(containers)


DECIMALS = st.one_of(
    [st.decimals(-(10**9), 10**9, places=places).map(float) for places in (0, 1, 2, 4, 8)]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(DECIMALS | st.integers(-(10**12), 10**12), min_size=1, max_size=10)
    | st.lists(st.floats(allow_nan=False), min_size=1, max_size=4),
    st.sampled_from(["v DECIMAL(10,2)", "v price_without_type", "v REAL -- cost\n"]),
)
def test_decimals(values: list[float], column: str) -> None:
    facts, stored = census(values, column=column)
    decimals = facts.column("v").decimals
    numbers = [value for kind, value in stored if kind in ("integer", "real")]
    scales = [scale_of(value) for value in numbers]
    assert decimals is not None
    assert decimals.scale == (None if None in scales else max(filter(is_scale, scales)))
    finite = [value for value in numbers if math.isfinite(value)]
    assert decimals.integer_digits == max((len(str(abs(int(v)))) for v in finite), default=1)
    assert bool(decimals.examples) == (None in scales)


def is_scale(scale: int | None) -> bool:
    return scale is not None


def scale_of(value: float) -> int | None:
    """Give the decimals of the shortest text that reads back as this double."""
    if not math.isfinite(value):
        return None
    shortest = Decimal(repr(value)).normalize()
    scale = max(0, -int(shortest.as_tuple().exponent))
    return scale if scale <= 20 else None


UUIDS = st.uuids().map(str)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(UUIDS | UUIDS.map(str.upper) | UUIDS.map(lambda u: f"{{{u}}}") | TEXTS, max_size=8),
    st.sampled_from(ENCODINGS),
)
def test_uuids(values: list[str], encoding: str) -> None:
    facts, stored = census(values, column="v GUID_TEXT", encoding=encoding)
    texts = [value.decode(encoding) for kind, value in stored if kind == "text"]
    canonical = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
    assert facts.column("v").uuids == (
        sum(bool(canonical.fullmatch(text)) for text in texts) if texts else None
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 1, 0, 2, -1, 7, None, "yes"]), max_size=20))
def test_other_integers_of_a_boolean(values: list[Any]) -> None:
    facts, stored = census(values, column="v BOOLEAN")
    others = Counter(value for kind, value in stored if kind == "integer" and value not in (0, 1))
    found = facts.column("v").not_zero_or_one
    assert {example.value: example.count for example in found} == {
        str(value): count for value, count in others.items()
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_block_border_changes_nothing(encoding: str) -> None:
    values: list[Any] = [f"text {n}" for n in range(4001)]
    values[1999] = Raw(b"\xff\xff\xd8")
    values[2000] = "a\0b"
    values[4000] = Raw(b"\xd8")
    facts, stored = census(values, column="v TEXT", encoding=encoding)
    check_basics(facts, stored, encoding)
