"""Values at every edge, in SQLite's four storage classes.

A text that Python can't bind (invalid UTF-8) is a :class:`Bytes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True)
class Bytes:
    """A TEXT of these bytes, whatever they mean."""

    data: bytes


Value = int | float | str | bytes | Bytes | None

_INTEGERS = (
    0,
    1,
    -1,
    2,
    42,
    255,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    2**63 - 1,
    -(2**63),
)
_REALS = (
    0.0,
    -0.0,
    0.1,
    1.5,
    -2.25,
    1e15,
    1e16,
    123456789.123456789,
    0.1 + 0.2,
    1 / 3,
    9007199254740993.0,
    1e300,
    -1e-300,
    5e-324,
    1.7976931348623157e308,
    float("inf"),
    float("-inf"),
)
_TEXTS = (
    "",
    " ",
    "a",
    "A",
    "b",
    "word",
    "Word ",
    "null",
    "NULL",
    "\\N",
    "\\.",
    "tab\tand\nline\r\n",
    "back\\slash",
    'it\'s "so"',
    "nul\0inside",
    "\0",
    "\N{SEE-NO-EVIL MONKEY}\N{ZERO WIDTH JOINER}",
    "e\N{COMBINING ACUTE ACCENT}",
    "é",
    "ÄÖ",
    "äö",
    "%s %d",
    "1",
    "01",
    "1.0",
    "-0",
    " 12 ",
    "1e5",
    "0x10",
    "9007199254740993",
    "9223372036854775808",
    "123456789012345678901234567890.123456789",
    "Infinity",
    "NaN",
    "true",
    "t",
    "\N{REPLACEMENT CHARACTER}",
    "\N{NO-BREAK SPACE}x",
    "long " * 700,
)
_BLOBS = (b"", b"\0", b"abc", b"\xff\xfe", b"1", bytes(range(256)), b"{}", b"\0" * 16, b"\x0b")
_BROKEN = (b"\xff", b"a\xc3(", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"x\0\xfe", b"\xc3")

INTEGERS = st.sampled_from(_INTEGERS) | st.integers(-(2**63), 2**63 - 1)
REALS = st.sampled_from(_REALS) | st.floats(allow_nan=False)
TEXTS = st.sampled_from(_TEXTS) | st.text(max_size=12).filter(
    lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text)
)
BLOBS = st.sampled_from(_BLOBS) | st.binary(max_size=12)
BROKEN = st.sampled_from(_BROKEN).map(Bytes)
SMALL = st.integers(0, 5)
WORDS = st.sampled_from(("a", "A", "b", "ab", "", "a ", "B"))

FLAGS: st.SearchStrategy[Value] = st.sampled_from((0, 1, 0, 1, 0, 1, 2, "true", "0", "t", 1.0, ""))
_DAYS = (
    "2024-02-29",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "1969-12-31",
    "2023-13-01",
    "5874-01-01",
    "-0044-03-15",
    "12024-01-01",
)
_CLOCKS = (
    "",
    " 00:00:00",
    " 23:59:59",
    "T12:30:00",
    "T12:30:00Z",
    "T12:30:00+00:00",
    " 12:30:00+02:00",
    " 24:00:00",
    " 23:59:60",
    " 12:30",
    " 12:30:00.5",
    " 12:30:00.500",
    "T12:30:00.123456",
    "T12:30:00.123456Z",
    " 12:30:00.123456789",
    "T12:30:00.000000",
    " 1:2:3",
)
_MOMENT = st.builds(
    lambda day, clock: day + clock, st.sampled_from(_DAYS), st.sampled_from(_CLOCKS)
)
_OTHER = st.sampled_from(("", "unknown", "now", "12:30", "2460000.5", "24-2-9", "20240229"))
MOMENTS: st.SearchStrategy[Value] = _MOMENT | _OTHER
EPOCHS: st.SearchStrategy[Value] = st.sampled_from(
    (
        0,
        1_700_000_000,
        1_700_000_000_123,
        1_700_000_000_123_456,
        13_344_473_600_000_000,
        -1,
        722_000_000.5,
        2_460_000.5,
        1_700_000_000.25,
        "1700000000",
        -62_135_596_801,
        253_402_300_800,
    )
)
_DOCUMENTS = (
    "{}",
    "[]",
    '{"a": 1}',
    '{"a":1,"a":2}',
    '[1, 2.50, "x", null, true]',
    '"text"',
    "null",
    "12",
    "1e400",
    "-0.0",
    "-0",
    "NaN",
    "[NaN]",
    '{"a": "\\u0000"}',
    '"\\ud800"',
    "{'a': 1}",
    "[1,]",
    "",
    "not json",
    " {} ",
    '{"b": 1, "a": [{}]}',
    "123456789012345678901234567890",
    "0.1000",
    '{"": ""}',
    "[" * 40 + "]" * 40,
    '{"é": "\N{SEE-NO-EVIL MONKEY}"}',
    "\N{ZERO WIDTH NO-BREAK SPACE}{}",
    '{"x": "tab\there"}',
    "[1]\n",
    "{a: 1}",
)
DOCUMENTS: st.SearchStrategy[Value] = st.sampled_from(_DOCUMENTS) | st.sampled_from(
    (b"{}", b"\x0c", b'{"a": 1}')
)
AMOUNTS: st.SearchStrategy[Value] = st.sampled_from(
    (0, 1, 0.0, -0.0, 19.99, 0.000003, -1, -1.0, 1e10, 100.5, "12.50", 0.1 + 0.2, 1e-8, "", 99.995)
)
UUIDS: st.SearchStrategy[Value] = st.sampled_from(
    (
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567-E89B-12D3-A456-426614174000",
        "{123e4567-e89b-12d3-a456-426614174000}",
        "123e4567e89b12d3a456426614174000",
        "not a uuid",
        bytes(16),
    )
)
#: What the values of one column may have in common, apart from a theme.
HABITS: tuple[st.SearchStrategy[Value], ...] = (
    SMALL,
    INTEGERS,
    REALS,
    WORDS,
    TEXTS,
    BLOBS,
    SMALL | WORDS,
    INTEGERS | REALS,
    INTEGERS | REALS | TEXTS | BLOBS | BROKEN,
    TEXTS | BROKEN,
    MOMENTS,
    DOCUMENTS,
)


def literal(value: Value) -> str:
    """A value as SQL, exactly."""
    match value:
        case None:
            return "NULL"
        case Bytes():
            return f"CAST(x'{value.data.hex()}' AS TEXT)"
        case bytes():
            return f"x'{value.hex()}'"
        case str() if value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        case str():
            return f"CAST(x'{value.encode().hex()}' AS TEXT)"
        case float():
            return {"inf": "9e999", "-inf": "-9e999"}.get(repr(value), repr(value))
        case _:
            return str(value)
