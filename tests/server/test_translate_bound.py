"""Every kind of column compared with every kind of bound value, on both sides."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import translate_corpus
from corpus import case
from translate_run import Application

from outgrow.postgres.embedded import EmbeddedServer

#: What web forms, JSON and careless code bind.
BOUND = [
    "2", " 3 ", "2.0", "2e0", "abc", "", "9007199254740993", "-7", "12abc", 2, 2.0, 2.5, -7,
    9007199254740993, 9007199254740992.0, 1e300, 12.25, 12.3, 0, True, None, b"abc", b"\x00\xff",
    "2024-02-29", "2024-02-29 23:59:59", "2024-02", "ABC", "Ábc", "{}", float("inf"), -0.0,
    -9223372036854775808, 9223372036854775807, "-9223372036854775808", "0.5", b"",
]  # fmt: skip
OPERATORS = ("=", "<>", "<", ">=", "IS", "IS NOT", "IN", "NOT IN", "<=")


@pytest.mark.parametrize("mode", ["faithful", "promoted"])
def test_every_comparison(mode: str, server: EmbeddedServer, database: str) -> None:
    tables = [translate_corpus.THINGS, translate_corpus.EVENTS]
    application = Application(database, tables, promote=mode == "promoted")
    columns = [column.source for column in application.sides.schema.tables["things"].columns]
    columns += ["i + 0", "t || ''", "r * 1.0", "+t", "coalesce(i, t)"]
    tests = list(product(columns, BOUND, pairwise([*OPERATORS, OPERATORS[0]])))
    # Each mode and version takes a quarter; together they take all.
    quarter = 2 * (mode == "promoted") + (server.version == 18)
    outcomes = []
    try:
        for column, bound, words in tests[quarter::4]:
            a, b = (f"{column} {word} {'(?)' if word.endswith('IN') else '?'}" for word in words)
            sql = f"SELECT id, {a} AS a FROM Things WHERE NOT ({b})"
            outcomes.append(application.outcome(case((sql, (bound, bound)))))
    finally:
        application.close()
    assert not [why for kind, why in outcomes if kind == "different"]
    assert not {why for kind, why in outcomes if kind == "refused"}
