"""The helper functions against SQLite's own, over random values."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import apsw
import psycopg
import pytest

from outgrow.translate import install_sql

ROWS = 150
Maker = Callable[[random.Random], Any]


def real(dice: random.Random) -> float:
    """A double of an everyday size, or one of the awkward ones."""
    return dice.choice(
        [
            dice.choice([-1, 1]) * 10 ** dice.uniform(-4, 17),
            round(dice.uniform(-1000, 1000), dice.randint(0, 6)),
            float(dice.randint(-(2**62), 2**62)),
            dice.randint(-(10**6), 10**6) / 8,
            dice.randint(-(10**5), 10**5) / 1000 + 0.0005,
            dice.choice([0.0, 0.5, 2.5, 0.49999999999999994, 1e15, 1e16, 1e17, 1e-4, 1e-5, 2.675]),
            dice.choice([9.2e18, 9.3e18, 4503599627370495.5, 1.005, 123456789012345680.0]),
            dice.choice([float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308]),
        ]
    )


def any_double(dice: random.Random) -> float:
    """Any finite double at all."""
    while True:
        (value,) = struct.unpack("d", struct.pack("Q", dice.getrandbits(64)))
        if 1e-300 < abs(value) < float("inf"):
            return float(value)


def number_text(dice: random.Random) -> str:
    """Something that may begin like a number."""
    return dice.choice(
        [
            dice.choice(["", " ", "\t"]) + repr(real(dice)) + dice.choice(["", "x", " "]),
            "".join(dice.choice(" +-.0123456789eE") for _ in range(dice.randint(0, 8))),
            str(dice.randint(-(2**66), 2**66)),
            dice.choice(
                ["", "abc", "9223372036854775807", "9223372036854775808", ".5", "5.", "1e"]
            ),
            dice.choice(["-9223372036854775808", "-9223372036854775809", "--5", "0x10", "inf"]),
            dice.choice(["nan", "1e400", "-1e400", "1e-400", "٣", "12\u00a0", "\v5", " \n7"]),
        ]
    )


def word(dice: random.Random) -> str:
    """A short text."""
    return "".join(dice.choice("ab日🙂 é") for _ in range(dice.randint(0, 6)))


def position(dice: random.Random) -> int:
    """A position in a short text, or far outside it."""
    return dice.choice([-(2**40), 2**40, *range(-8, 9)])


@pytest.fixture
def postgres(database: str) -> Iterator[psycopg.Connection[Any]]:
    options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy"
    with psycopg.connect(database, autocommit=True, options=options) as connection:
        connection.prepare_threshold = None
        connection.execute(install_sql())
        connection.execute(install_sql())
        yield connection


@pytest.mark.parametrize(
    ("sqlite", "helper", "makers"),
    [
        ("CAST(?1 AS TEXT)", "outgrow.real_text(%s::float8)", [real]),
        ("round(?1, ?2)", "outgrow.round(%s::float8, %s)", [real, lambda d: d.randint(-1, 16)]),
        ("CAST(?1 AS INTEGER)", "outgrow.real_integer(%s::float8)", [real]),
        ("?1", "outgrow.dynamic(%s::float8)", [real]),
        ("?1", "outgrow.dynamic(%s::float8)", [any_double]),
        ("CAST(CAST(?1 AS TEXT) AS REAL)", "outgrow.real_text(%s::float8)::float8", [any_double]),
        ("?1 + 0", "outgrow.text_number(%s)", [number_text]),
        ("CAST(?1 AS INTEGER)", "outgrow.text_integer(%s)", [number_text]),
        ("substr(?1, ?2)", "outgrow.substr(%s, %s)", [word, position]),
        ("substr(?1, ?2, ?3)", "outgrow.substr(%s, %s, %s)", [word, position, position]),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_helper_gives_what_sqlite_gives(
    postgres: psycopg.Connection[Any], sqlite: str, helper: str, makers: Sequence[Maker], seed: int
) -> None:
    dice = random.Random(seed)
    oracle = apsw.Connection(":memory:")
    different = []
    for _ in range(ROWS):
        row = tuple(make(dice) for make in makers)
        ((expected,),) = oracle.execute(f"SELECT {sqlite}", row)
        found = postgres.execute(f"SELECT {helper}", row).fetchone()  # type: ignore[call-overload]
        assert found is not None
        value = plain(found[0])
        if value != expected or type(value) is not type(expected):
            different.append((row, expected, value))
    assert different == []


def plain(value: Any) -> Any:
    """A numeric as the integer or real that its scale says it is."""
    if not isinstance(value, Decimal):
        return value
    if not value.is_finite():
        return float(value)
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def test_what_is_called_immutable_or_volatile(postgres: psycopg.Connection[Any]) -> None:
    rows = postgres.execute(
        "SELECT proname, provolatile, proparallel FROM pg_proc "
        "WHERE pronamespace = 'outgrow'::regnamespace"
    ).fetchall()
    volatile = {name for name, volatility, _ in rows if volatility == "v"}
    assert volatile == {"random", "randomblob", "raise_abort"}
    assert {name for name, _, parallel in rows if parallel != "s"} == {"raise_abort"}
