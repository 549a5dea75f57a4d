"""Many random databases, one after another: the first that fails is told, small if so wished."""

from __future__ import annotations

import traceback
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from databases.judging import Trial, judge, trials


class Untold(AssertionError):
    """A database whose migration failed, or told less than is true."""


def first_failure(conninfo: str, seed: str, count: int, *, shrink: bool) -> str:
    """Run ``count`` databases; gives the one that fails with what is wrong, else ''."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    failure = ""

    @seeded(crc32(seed.encode()))
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(trials())
    def run(trial: Trial) -> None:
        nonlocal failure
        wrong = _wrong(trial, conninfo)
        if wrong:
            failure = f"{wrong}\n{trial}"
            raise Untold(failure)

    try:
        run()
    except Untold:
        return failure
    return ""


def drawn(seed: str, count: int) -> list[Trial]:
    """Give ``count`` random databases, not the simplest ones alone."""
    found: list[Trial] = []

    @seeded(crc32(seed.encode()))
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(trials())
    def keep(trial: Trial) -> None:
        found.append(trial)

    keep()
    return found


def _wrong(trial: Trial, conninfo: str) -> str:
    try:
        return "\n".join(judge(trial, conninfo))
    except Exception:  # noqa: BLE001 - whatever it is, a person would see it
        return traceback.format_exc(limit=-4)
