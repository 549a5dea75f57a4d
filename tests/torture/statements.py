"""Random statements, translated, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from fresh_databases import fresh_database
from generator.judging import VERDICTS
from generator.running import EACH, run

from torture.part import Case, Outcome, Part, Place, counted


def _run(place: Place, case: Case) -> Outcome:
    with fresh_database(place.server_of(case)) as conninfo:
        tally = run(conninfo, str(case.random.getrandbits(64)))
    return Outcome(dict(tally.counts), tuple(tally.failures))


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts = counted(outcomes)
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
    slice=2,
    setup=nullcontext,
    run=_run,
    told=_told,
)
