"""Every expression and SELECT of the corpus on both sides: none may differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import apsw
import psycopg
import pytest
from translate_corpus import EVENTS, SELECTS, THINGS, expressions
from translate_sides import Sides, same_rows, unordered

from outgrow.translate import UntranslatableSQL


@pytest.fixture(params=["faithful", "promoted"])
def sides(request: pytest.FixtureRequest, database: str) -> Iterator[Sides]:
    both = Sides(database, [THINGS, EVENTS], promote=request.param == "promoted")
    yield both
    both.close()


def outcome(sides: Sides, sql: str, *, ordered: bool = False) -> str:
    """ok, refused, why not, or an error instead of a value: "overflow", "no text".

    The first is a number out of range, the second a blob used as text whose bytes are no UTF-8.
    """
    try:
        expected, found = sides.select(sql)
    except UntranslatableSQL:
        return "refused"
    except (apsw.Error, UnicodeDecodeError):
        return "not SQLite"
    except psycopg.errors.NumericValueOutOfRange:
        return "overflow"
    except psycopg.errors.CharacterNotInRepertoire:
        return "no text"
    if not ordered:
        expected, found = expected[:1] + unordered(expected[1:]), found[:1] + unordered(found[1:])
    if same_rows(expected, found):
        return "ok"
    pairs = [(a, b) for a, b in zip(expected, found, strict=False) if not same_rows([a], [b])]
    return f"{sql}: {pairs[:2] or (len(expected), len(found))}"


def test_no_expression_differs(sides: Sides) -> None:
    found = [outcome(sides, f"SELECT id, {e} AS v FROM Things") for e in expressions()]
    counts = Counter(found)
    known = {"ok", "refused", "overflow", "no text", "not SQLite"}
    assert not [text for text in counts if text not in known]
    assert counts["ok"] >= 0.8 * len(found), counts
    assert counts["overflow"] <= 6, counts


def test_no_select_differs(sides: Sides) -> None:
    found = [
        outcome(sides, sql.removeprefix("= "), ordered=sql.startswith("= ")) for sql in SELECTS
    ]
    counts = Counter(found)
    assert not [text for text in counts if text not in ("ok", "refused")]
    assert counts["ok"] >= 0.9 * len(SELECTS), counts
