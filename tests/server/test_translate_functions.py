"""The helpers of numbers and texts against SQLite's own functions, over random values.

Doubles are random bit patterns, so that every size and every last digit comes up; each helper
takes a whole column of them in one statement.
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import apsw
import psycopg
import pytest

from outgrow.translate import install_sql
from outgrow.translate.parameters import tagged

Maker = Callable[[random.Random], Any]


@pytest.fixture
def postgres(database: str) -> Iterator[psycopg.Connection[Any]]:
    options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy"
    with psycopg.connect(database, autocommit=True, options=options) as connection:
        connection.execute(install_sql())
        yield connection


def bits(dice: random.Random) -> float:
    """A double of any bit pattern but NaN, which SQLite does not store."""
    (value,) = struct.unpack("d", struct.pack("Q", dice.getrandbits(64)))
    return bits(dice) if math.isnan(value) else float(value)


def real(dice: random.Random) -> float:
    """A double: of any bits, of an everyday size, subnormal, a power of two, near 2^53, a tie."""
    makers: list[Callable[[random.Random], float]] = [
        bits,
        lambda d: d.uniform(-1, 1) * 10 ** d.uniform(-5, 20),
        lambda d: round(d.uniform(-1e4, 1e4), d.randint(0, 12)),
        lambda d: float(f"{d.randint(1, 10 ** d.randint(1, 17))}e{d.randint(-330, 290)}"),
        lambda d: 5e-324 * (d.getrandbits(52) >> d.randint(0, 50)),
        lambda d: 2.0 ** d.randint(-1074, 1023),
        lambda d: float(d.randint(2**52, 2**54)),
        lambda d: float(d.randint(-(2**63), 2**63)),
        lambda d: (d.randint(-(10**6), 10**6) * 2 + 1) * 5 / 10 ** d.randint(1, 7),
        lambda d: d.choice([0.0, -0.0, float("inf"), float("-inf"), 1e-4, 1e15, 1e17]),
    ]
    return dice.choice(makers)(dice)


def digits(dice: random.Random) -> str:
    """A text of up to 40 digits, with or without point and exponent, and what may stand around."""
    text = "".join(dice.choices("0123456789", k=dice.choice([5, 17, 19, 20, 21, 40])))
    if dice.random() < 0.6:
        point = dice.randint(0, len(text))
        text = f"{text[:point]}.{text[point:]}"
    if dice.random() < 0.5:
        power = dice.choice(["5", "30", "0003", "290", "308", "345", "400", "99999", "100000"])
        text += dice.choice("eE") + dice.choice(["", "+", "-"]) + power
    before, after = (
        dice.choice(["", "", "-", "+", " ", "\t-"]),
        dice.choice(["", "", " ", "x", "e"]),
    )
    return before + dice.choice(["", "000"]) + text + after


def between_doubles(dice: random.Random) -> str:
    """An integer just between two doubles, or one beside it."""
    shift = dice.randint(0, 9)
    middle = ((dice.getrandbits(53) | 1 << 52) * 2 + 1) << shift
    return str(middle + dice.choice([0, 0, -1, 1])) + dice.choice(["", ".0", "e0"])


def number_text(dice: random.Random) -> str:
    """Something that may begin like a number."""
    edge = dice.choice(
        """1.7976931348623158 17976931348623158079 17976931348623158080 2470328229206232720
        2470328229206232721 9223372036854775807 -9223372036854775808 00001""".split()
    )
    return dice.choice(
        [
            digits(dice),
            between_doubles(dice),
            edge + dice.choice(["", "e308", "e289", "e-342", ".0", "e-324"]),
            "".join(dice.choices(" +-.0123456789eE", k=dice.randint(0, 8))),
            dice.choice(["--5", "0x10", "inf", "nan", "\u0663", "12\u00a0", "\v5", " \n7", "5."]),
        ]
    )


def number(dice: random.Random) -> int | float:
    """A number of either class."""
    makers: list[Callable[[random.Random], int | float]] = [
        lambda d: d.randint(-(2**63), 2**63 - 1),
        lambda d: d.randint(-9, 9),
        lambda d: d.randint(-(2**32), 2**32),
        lambda d: d.uniform(-1, 1) * 10 ** d.uniform(-5, 20),
        lambda d: float(d.randint(2**52, 2**54)),
    ]
    return dice.choice(makers)(dice)


def word(dice: random.Random) -> str:
    """A short text."""
    return "".join(dice.choices("ab日🙂 é", k=dice.randint(0, 6)))


def position(dice: random.Random) -> int:
    """A position in a short text, or far outside it."""
    far = (-(2**63), -(2**40), 2**40, 2**63 - 1)
    return dice.choice(far) if dice.random() < 0.2 else dice.randint(-8, 8)


def hexadecimal(dice: random.Random) -> str:
    """Digits that are hexadecimal, or nearly."""
    return "".join(dice.choices("0aF9 -g", weights=[9, 9, 9, 9, 2, 2, 1], k=dice.randint(0, 6)))


def figure(dice: random.Random) -> float:
    """A number for mathematics: of every size, and the limits of the functions' domains."""
    edge = dice.choice([0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 1e308, 1e-300, -0.0])
    return dice.choice(
        [
            edge,
            dice.uniform(-2, 2),
            dice.uniform(-800, 800),
            float(dice.randint(-20, 20)),
            10 ** dice.uniform(-300, 300),
            dice.choice([float("inf"), float("-inf")]),
        ]
    )


def places(dice: random.Random) -> int:
    """Digits for round()."""
    return dice.choice([-1, 0, 1, 2, 3, 4, 5, dice.randint(0, 32)])


@pytest.mark.parametrize(
    ("sqlite", "helper", "makers", "count"),
    [
        ("CAST(?1 AS TEXT)", "real_text(a::float8)", [real], 50_000),
        ("?1", "dynamic(a::float8)", [real], 5_000),
        ("CAST(?1 AS INTEGER)", "real_integer(a::float8)", [real], 3_000),
        ("round(?1, ?2)", "round(a::float8, b::bigint)", [real, places], 5_000),
        ("CAST(?1 AS REAL)", "text_real(a)", [number_text], 10_000),
        ("?1 + 0", "text_number(a)", [number_text], 3_000),
        ("CAST(?1 AS INTEGER)", "text_integer(a)", [number_text], 3_000),
        ("CAST(?1 AS NUMERIC)", "text_numeric(a)", [number_text], 3_000),
        ("iif(floor(?1) IS NULL, NULL, ?1 + 0)", "text_whole(a)", [number_text], 3_000),
        ("CAST(?1 AS TEXT)", "number_text(a::numeric)", [number], 3_000),
        ("CAST(?1 AS INTEGER)", "number_integer(a::numeric)", [number], 3_000),
        ("?1 + ?2", "add(a::numeric, b::numeric)", [number, number], 3_000),
        ("?1 - ?2", "subtract(a::numeric, b::numeric)", [number, number], 3_000),
        ("?1 * ?2", "multiply(a::numeric, b::numeric)", [number, number], 3_000),
        ("?1 / ?2", "divide(a::numeric, b::numeric)", [number, number], 3_000),
        ("substr(?1, ?2)", "substr(a, b::bigint)", [word, position], 2_000),
        ("substr(?1, ?2, ?3)", "substr(a, b::bigint, c::bigint)", [word] + [position] * 2, 2_000),
        (
            "hex(substr(CAST(?1 AS BLOB), ?2, ?3))",
            "blob_text(upper(encode(COALESCE(outgrow.blob_substr(convert_to(a, 'UTF8'), b::bigint,"
            " c::bigint), ''), 'hex'))::bytea)",
            [word, position, position],
            2_000,
        ),
        ("unhex(?1, ' -')", "unhex(a, ' -')", [hexadecimal], 2_000),
        ("?1 << ?2", "shifted(a::bigint, b::bigint)", [position, position], 2_000),
        ("pow(?1, ?2)", "power(a::float8, b::float8)", [figure, figure], 3_000),
        ("mod(?1, ?2)", "real_remainder(a::float8, b::float8)", [figure, figure], 3_000),
        *(
            (f"{name}(?1)", f"math('{name}', a::float8)", [figure], 1_000)
            for name in ("sqrt", "ln", "log", "sin", "cos", "tan", "asin", "acos", "acosh", "atanh")
        ),
        ("degrees(?1)", "math('degrees', a::float8)", [figure], 1_000),
        ("exp(?1)", "math('exp', a::float8)", [lambda d: d.uniform(-700, 800)], 1_000),
    ],
)
def test_a_helper_gives_what_sqlite_gives(
    postgres: psycopg.Connection[Any],
    sqlite: str,
    helper: str,
    makers: Sequence[Maker],
    count: int,
) -> None:
    dice = random.Random(54)
    rows = [tuple(make(dice) for make in makers) for _ in range(count)]
    oracle = apsw.Connection(":memory:")
    expected = [row[0] for row in oracle.executemany(f"SELECT {sqlite}", rows)]
    assert differing(postgres, helper, rows, expected) == []


_KINDS = "ddiuxXoprffffeEgGssszqQwn%"


def conversion(dice: random.Random) -> str:
    """One conversion of printf() with any flags, width and precision."""
    flags = "".join(dice.choices("-+ #!0,", k=dice.choice([0, 0, 0, 1, 1, 2, 3])))
    width = dice.choice(["", "", "", "*", str(dice.randint(1, 30))])
    places = dice.choice(
        ["", "", "", ".", ".*", f".{dice.randint(0, 25)}", f".{dice.randint(0, 4)}"]
    )
    kind = dice.choice(_KINDS) if dice.random() < 0.98 else dice.choice("Tkl-.")
    return f"%{flags}{width}{places}{dice.choice(['', '', 'l', 'll'])}{kind}"


def argument(dice: random.Random) -> Any:
    """A value for printf(), of any class; integers are small, as they may be a width."""
    makers: list[Callable[[random.Random], Any]] = [
        lambda d: d.randint(-20, 20),
        lambda d: d.choice([-(2**63), 2**63 - 1, 1234567, -1000]) if d.random() < 0.2 else 5,
        lambda d: d.uniform(-1, 1) * 10 ** d.uniform(-8, 18),
        lambda d: d.choice([0.0, 2.5, 0.05, 9.995, 1e15, float("inf"), float("-inf")]),
        lambda d: d.choice(["abc", "12abc", "1e3", "it's", 'a"b', "", "tab\tx", "\\n", " 7"]),
        lambda d: d.choice([None, b"abc", b"12"]),
    ]
    return dice.choice(makers)(dice)


def test_printf_with_any_format(postgres: psycopg.Connection[Any]) -> None:
    dice = random.Random(54)
    oracle = apsw.Connection(":memory:")
    oracle.limit(apsw.SQLITE_LIMIT_LENGTH, 100_000)
    for _ in range(2_000):
        pieces = [dice.choice([conversion(dice), "a", " | ", "é"]) for _ in range(4)]
        given = "".join(pieces) + dice.choice(["", "", "%", "%5"])
        values = [argument(dice) for _ in range(dice.randint(0, 6))]
        marks = ", ".join("?" for _ in values)
        try:
            ((expected,),) = oracle.execute(
                f"SELECT printf(?, {marks or 'NULL'})", [given, *values]
            )
        except apsw.TooBigError:
            continue
        row = postgres.execute(
            "SELECT outgrow.printf(%s, %s::jsonb[])", (given, [tagged(value) for value in values])
        ).fetchone()
        assert row == (expected,), (given, values)


@pytest.mark.parametrize("setting", [-3, 0, 3])
def test_the_setting_of_digits_changes_nothing(
    postgres: psycopg.Connection[Any], setting: int
) -> None:
    dice = random.Random(setting)
    rows = [(real(dice),) for _ in range(2_000)]
    oracle = apsw.Connection(":memory:")
    texts = [row[0] for row in oracle.executemany("SELECT CAST(?1 AS TEXT)", rows)]
    postgres.execute(f"SET extra_float_digits = {setting}")
    assert differing(postgres, "real_text(a::float8)", rows, texts) == []
    assert differing(postgres, "dynamic(a::float8)", rows, [row[0] for row in rows]) == []
    rounded = [row[0] for row in oracle.executemany("SELECT round(?1, 3)", rows)]
    # As a numeric, because a double would be printed with that setting.
    assert differing(postgres, "dynamic(outgrow.round(a::float8, 3))", rows, rounded) == []


def differing(
    postgres: psycopg.Connection[Any],
    helper: str,
    rows: Sequence[tuple[Any, ...]],
    expected: Sequence[Any],
) -> list[tuple[Any, ...]]:
    """The first few rows for which a helper gives something else."""
    names = "abc"[: len(rows[0])]
    columns = [[written(row[n]) for row in rows] for n in range(len(names))]
    marks = ", ".join("%s::text[]" for _ in names)
    found = postgres.execute(
        f"SELECT outgrow.{helper} FROM unnest({marks}) WITH ORDINALITY "
        f"AS given({', '.join(names)}, place) ORDER BY place",
        columns,
    ).fetchall()
    values = [plain(row[0]) for row in found]
    pairs = zip(rows, expected, values, strict=True)
    return [each for each in pairs if not alike(each[1], each[2])][:5]


def written(value: Any) -> str:
    """A value as PostgreSQL reads it; of a REAL enough digits for every use, and a point."""
    if isinstance(value, float) and 1e-5 < abs(value) < 1e22:
        exact = format(Decimal(value) if abs(value) >= 1e15 else Decimal(repr(value)), "f")
        return exact if "." in exact else f"{exact}.0"
    return value if isinstance(value, str) else repr(value)


def plain(value: Any) -> Any:
    """A numeric as the integer or real that its scale says it is."""
    if not isinstance(value, Decimal):
        return value
    if not value.is_finite():
        return float(value)
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def alike(expected: Any, found: Any) -> bool:
    return type(expected) is type(found) and bool(expected == found)
