"""Run the parts, print what failed, write docs/reliability.md after a full run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from torture.ledger import Ledger
from torture.page import figures_of, write
from torture.part import Outcome, Part
from torture.parts import PARTS
from torture.running import run_cases, servers

_BUILD = Path("build/torture")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not done yet; 1 where something is wrong."""
    given = _parsed(arguments)
    chosen = [part for part in PARTS if not given.part or part.name in given.part]
    wrong = False
    with servers() as found:
        for part in chosen:
            ledger = Ledger(_BUILD / f"{part.name}.jsonl", given.seed, again=given.again)
            cases = part.cases if given.cases is None else min(given.cases, part.cases)
            _run(part, ledger, cases, found, given.jobs)
            defects = [defect for each in ledger.outcomes.values() for defect in each.defects]
            for defect in defects:
                print(f"\n{part.name}: {defect}")
            wrong = wrong or bool(defects)
            if len(ledger.outcomes) >= part.cases:
                write(part.name, figures_of(part, ledger))
    return 1 if wrong else 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    names = [part.name for part in PARTS]
    parser.add_argument("--part", action="append", choices=names, help="only this; may be repeated")
    parser.add_argument("--cases", type=int, help="at most so many of each part")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", default="", help="begin this seed anew; else a run is continued")
    parser.add_argument("--again", action="store_true", help="run cases with a defect once more")
    return parser.parse_args(arguments)


def _run(part: Part, ledger: Ledger, cases: int, found: dict[str, str], jobs: int) -> None:
    waiting = [number for number in range(cases) if number not in ledger.outcomes]
    print(f"{part.name}: {len(waiting)} of {cases} cases, seed {ledger.seed}", flush=True)
    said = began = monotonic()

    def done(number: int, outcome: Outcome, seconds: float) -> None:
        nonlocal said
        ledger.add(number, outcome, seconds)
        if monotonic() - said > 10 or outcome.defects:
            said = monotonic()
            count = len(ledger.outcomes) - (cases - len(waiting))
            left = (said - began) / max(count, 1) * (len(waiting) - count)
            wrong = sum(bool(each.defects) for each in ledger.outcomes.values())
            told = f"{part.name}: {count} of {len(waiting)}, {wrong} wrong, {left:.0f} s left"
            print(told, flush=True)

    if waiting:
        run_cases(part, waiting, ledger.seed, found, jobs, done)


if __name__ == "__main__":
    sys.exit(main())
