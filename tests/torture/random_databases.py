"""Random databases, migrated and judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from databases.many import first_failure
from fresh_databases import fresh_database

from torture.part import Case, Outcome, Part, Place

#: Databases of one case.
_EACH = 25


@contextmanager
def _setup(place: Place) -> Iterator[Place]:
    yield place


def _run(place: Place, case: Case) -> Outcome:
    names = sorted(place.servers)
    server = place.servers[names[case.number % len(names)]]
    with fresh_database(server) as conninfo:
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
    setup=_setup,
    run=_run,
    told=_told,
    seconds=1_200,
)
