"""Values that expose a wrong translation, by the sort of column that holds them."""

from __future__ import annotations

from random import Random
from typing import Any

SMALL_INTEGERS = (0, 1, -1, 2, 3, 4, 5, 7, -7, 10, 12, 100, 255, 1000, -1000)
HUGE_INTEGERS = (
    2**31 - 1, 2**31, -(2**31), 2**32, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1,
    -(2**63), 10**15, 123456789012345678, 0, 1, -1,
)  # fmt: skip
SMALL_REALS = (
    0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -2.5, 2.5, 2.675, 0.1, 0.1 + 0.2, 0.3, 1e-7, 7.0, 100.0,
    123.456, 1000.25, -0.001, 1 / 3, 99.995,
)  # fmt: skip
HUGE_REALS = (
    1e308, -1e308, 5e-324, 1e-300, 2.0**53, 2.0**53 + 2, 2.0**63, -(2.0**63), 1e15, 1e16,
    123456789012345680.0, 1e19, 1e100, 4.35, float("inf"), float("-inf"), 9.999999999999999e22,
)  # fmt: skip
DECIMALS = (0.0, 0.5, 1.25, -3.1, 12.3, 99.99, 1000.0, -0.01, 7.0, 2.05, 1234567.89)
TEXTS = (
    "", " ", "a", "A", "b", "B", "abc", "ABC", "Abc", "abd", "ab c", " a ", "a  ", "a%b", "a_b",
    "x\\y", "it's", '"q"', "ß", "İ", "\u0131", "é", "É", "e\u0301", "日本語", "🙂", "a🙂b",
    "Ångström", "\t", "line\nbreak", "zzz", "\u00a0", "NULL", "true", "a,b", "-", "%", "_", "*",
    "[a]", "{}",
)  # fmt: skip
NUMERALS = (
    "12abc", "1e3", " 7 ", "0x10", "7", "-3", "+5", "1.50", ".5", "5.", "1e", "e1", "inf", "nan",
    "10", "9", "007", "1_000", "1 2", "--1", "- 1", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "1e400", "1e-400", "\n8", "0.1", "1e+2", "2.0",
    "100000000000000000000",
)  # fmt: skip
DATES = (
    "2024-02-29", "2024-02-29 23:59:59", "2024-02-29T23:59:59.999Z", "2023-12-31 00:00",
    "1999-12-31 12:30:15.5", "0000-01-01", "9999-12-31 23:59:59.999", "1970-01-01 00:00:00",
    "2024-03-31 12:00:00+02:00", "2024-01-31", "2000-02-29T00:00:00", "12:30", "12:30:15.250",
    "2460370.5", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "24:00",
    "2024-01-01 24:00:00", "2024-01-01 23:60", "2024-1-1", "20240101", "2024-01-01x",
    " 2024-01-01", "2024-01-01 ", "yesterday", "", "0", "-4713-11-24 12:00:00", "1582-10-15",
    "2024-01-01 12:00:00 -05:30", "2024-06-15T08:05", "1e3",
)  # fmt: skip
DOCUMENTS = (
    "{}", "[]", '{"a": 1}', '{"a": {"b": [1, 2.5, "x", null, true]}}', "[1, 2, 3]",
    '["a", "b", {"c": null}]', '{"a": "x", "b": null, "c": [ ]}', '{"a b": 1, "A": "é", "": 0}',
    '{"a": [{"b": 1}, {"b": 2}]}', '{"a":"2024-02-29","b":-7,"c":0.1}', '[[1],[2,[3]]]',
    '{"a": true, "b": false, "n": 9007199254740993}', '{"a": "\\u00e9\\n\\"q\\"", "b": "🙂"}',
    '{"b": "text", "a": 12.5, "id": 3}',
)  # fmt: skip
ODD_DOCUMENTS = (
    *DOCUMENTS, "1", "1.0", "1e2", "-0.0", "null", "true", '"s"', '""', " 7 ", '{"a":1,"a":2}',
    "12345678901234567890", "{", "{a:1}", "{'a':1}", "[1,]", "NaN", "", "[1 2]", '"\\u0041"',
    '{"a":1}x', "[0x10]", "nul",
)  # fmt: skip
BLOBS = (b"", b"a", b"abc", b"\x00", b"\x00\xff", "é".encode(), b"12", b"A", b"\xf0\x9f", b"7")
UUIDS = (
    "00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "ffffffff-ffff-4fff-bfff-ffffffffffff", "123e4567-e89b-12d3-a456-426614174000",
)  # fmt: skip
_DAYS = (
    "2024-02-29", "2023-12-31", "1999-12-31", "2024-01-01", "0001-01-01", "9999-12-31",
    "2024-06-15", "1970-01-01", "2000-02-29", "2023-03-01",
)  # fmt: skip
_TIMES = ("00:00:00", "23:59:59", "12:30:15", "08:05:09", "00:00:01")
_EPOCHS = (0, 1, -1, 1709251199, 86399, 951782400, -62135596800, 253402300799, 1700000000)

POOLS: dict[str, tuple[Any, ...]] = {
    "id": (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 100, 1000, 2**40),
    "small": SMALL_INTEGERS,
    "huge": HUGE_INTEGERS,
    "flag": (0, 1),
    "real": SMALL_REALS,
    "huge real": HUGE_REALS,
    "number": (*SMALL_INTEGERS, *SMALL_REALS),
    "huge number": (*HUGE_INTEGERS, *SMALL_REALS),
    "decimal": DECIMALS,
    "text": TEXTS,
    "numeral": (*NUMERALS, *TEXTS[:8]),
    "date": DATES,
    "document": DOCUMENTS,
    "odd document": ODD_DOCUMENTS,
    "blob": BLOBS,
    "uuid": UUIDS,
    "anything": (2**60, *SMALL_INTEGERS[:6], *SMALL_REALS[:6], *TEXTS[:8], *NUMERALS, *BLOBS[:4]),
    "day": _DAYS,
}


def value_of(random: Random, pool: str) -> Any:
    """Choose a value; a pool named ``moment <shape>`` or ``epoch <unit>`` is a moment."""
    word, _, shape = pool.partition(" ")
    if word == "moment":
        return _moment(random, shape)
    if word == "epoch":
        return random.choice(_EPOCHS) * {"s": 1, "ms": 1000, "us": 1000000}[shape]
    return random.choice(POOLS[pool])


def _moment(random: Random, shape: str) -> str:
    """A moment spelled by the notation of a shape."""
    day, time = random.choice(_DAYS), random.choice(_TIMES)
    fraction = f"{random.choice((0, 0, 5, 250000, 999000, 1, 123456)):06}"
    if "[" in shape:
        places = shape.count("f")
        kept = f".{fraction[:places]}" if int(fraction[:places]) else ""
        shape = shape.replace("[." + "f" * places + "]", kept)
    for places in range(6, 0, -1):
        shape = shape.replace("." + "f" * places, "." + fraction[:places])
    return shape.replace("YYYY-MM-DD", day).replace("HH:MM", time[:5]).replace("SS", time[6:])
