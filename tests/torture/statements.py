"""Random statements, translated, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fresh_databases import fresh_database
from generator.judging import VERDICTS
from generator.running import EACH, run

from torture.part import Case, Outcome, Part, Place


@contextmanager
def _setup(place: Place) -> Iterator[Place]:
    yield place


def _run(place: Place, case: Case) -> Outcome:
    names = sorted(place.servers)
    server = place.servers[names[case.number % len(names)]]
    with fresh_database(server) as conninfo:
        tally = run(conninfo, str(case.random.getrandbits(64)))
    return Outcome(dict(tally.counts), tuple(tally.failures))


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update({name: int(count) for name, count in outcome.figures.items()})
    rows = [("statements", f"{counts.total():,}")]
    return rows + [(f"of these {verdict}", f"{counts[verdict]:,}") for verdict in VERDICTS]


PART = Part(
    name="statements",
    title="Random statements",
    says=(
        "Random schemas with rows in both databases, and random statements over them: translated, "
        "run on both sides, the rows and the effects compared. What can't be translated faithfully "
        "has to be refused with a reason; a *different* one is a defect."
    ),
    cases=20_000 // EACH,
    slice=8,
    setup=_setup,
    run=_run,
    told=_told,
)
