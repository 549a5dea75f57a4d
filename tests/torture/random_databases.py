"""Random databases, migrated and judged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from databases.many import first_failure
from fresh_databases import fresh_database

from torture.part import Case, Outcome, Part, Place

#: Databases of one case.
_EACH = 25


def _run(place: Place, case: Case) -> Outcome:
    with fresh_database(place.server_of(case)) as conninfo:
        failure = first_failure(conninfo, str(case.random.getrandbits(64)), _EACH, shrink=True)
    return Outcome({"databases": _EACH}, (failure,) if failure else ())


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    return [("databases", f"{sum(int(each.figures['databases']) for each in outcomes):,}")]


PART = Part(
    name="databases",
    title="Random databases",
    says=(
        "Random schemas (types, keys, generated columns, collations, hostile names) with random "
        "values (of the wrong storage class, invalid texts, extreme numbers and dates): every "
        "value has to be in PostgreSQL, exactly, or told."
    ),
    cases=5_000 // _EACH,
    slice=0,
    setup=nullcontext,
    run=_run,
    told=_told,
    seconds=1_200,
)
