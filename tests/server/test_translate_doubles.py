"""The doubles around a 64-bit integer, compared with Python's exact arithmetic."""

from __future__ import annotations

import math
import random

import psycopg

from outgrow.translate import install_sql


def around(x: int) -> tuple[float, float, float | None]:
    """The nearest doubles that are not more, not less, and equal."""
    nearest = float(x)
    below = nearest if int(nearest) <= x else math.nextafter(nearest, -math.inf)
    above = nearest if int(nearest) >= x else math.nextafter(nearest, math.inf)
    return below, above, nearest if int(nearest) == x else None


def test_bounds_are_the_nearest_doubles(database: str) -> None:
    dice = random.Random(53)
    numbers = [
        dice.choice((-1, 1)) * dice.randrange(2 ** dice.randrange(1, 63)) for _ in range(2000)
    ]
    numbers += [2**63 - 1 - dice.randrange(2 ** dice.randrange(1, 60)) for _ in range(500)]
    numbers += [dice.randrange(2 ** dice.randrange(1, 60)) - 2**63 for _ in range(500)]
    numbers += [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, 2**63 - 512, 2**63 - 513, -(2**63), 0]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql(["double_below", "double_above", "double_equal"]))
        rows = connection.execute(
            "SELECT x, outgrow.double_below(x), outgrow.double_above(x), "
            "NULLIF(outgrow.double_equal(x), 'NaN') FROM unnest(%s::bigint[]) AS x",
            (numbers,),
        ).fetchall()
    assert [row[1:] for row in rows] == [around(row[0]) for row in rows]
