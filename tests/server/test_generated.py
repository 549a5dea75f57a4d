"""Random statements over random schemas: none may differ between SQLite and PostgreSQL.

The versions of PostgreSQL take turns. ``make torture`` runs ten times as many with another seed
(``torture.statements``).
"""

from __future__ import annotations

import psycopg
import pytest
from generator.running import EACH, Tally, run

_SEED = "outgrow"
_PARTS = 8
_STATEMENTS = 2000


@pytest.mark.parametrize("part", range(_PARTS))
def test_random_statements_do_the_same(part: int, database: str) -> None:
    tally = Tally()
    with psycopg.connect(database) as postgres:
        half = postgres.info.server_version >= 160_000
    for number in range(_STATEMENTS // EACH)[part::_PARTS][half::2]:
        tally.add(run(database, f"{_SEED}/{number}"))
    print(tally.told())
    assert not tally.failures, "\n".join(tally.failures)
    # Statements that SQLite itself rejects or that are not translated prove little.
    assert tally.counts["ok"] > 0.8 * tally.counts.total(), tally.told()
    assert tally.counts["rejected"] < 0.1 * tally.counts.total(), tally.told()
