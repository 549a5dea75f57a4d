"""Random databases, whole: each arrives as it is, or its differences are told.

``make torture`` runs many more with another seed, and makes what fails small.
"""

from __future__ import annotations

import psycopg
import pytest
from databases.many import first_failure

_PARTS = 4
#: Each part runs on each version of PostgreSQL that is here.
_DATABASES = 60


@pytest.mark.parametrize("part", range(_PARTS))
def test_random_databases_arrive_or_tell_what_does_not(part: int, database: str) -> None:
    with psycopg.connect(database) as connection:
        seed = f"outgrow/{connection.info.server_version // 10_000}/{part}"
    failure = first_failure(database, seed, _DATABASES // _PARTS, shrink=False)
    assert not failure, failure
