"""What is done already: one line for each case, so that a run can be stopped and continued."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torture.part import Outcome


class Ledger:
    """The cases of one part that are done, in a file.

    Args:
        file: a line with the seed, then one for each case.
        seed: begin this one anew; empty to go on, or to begin with the time of day.
        again: what had a defect is not done, for somebody has mended it.

    """

    def __init__(self, file: Path, seed: str = "", *, again: bool = False) -> None:
        self._file = file
        self.outcomes: dict[int, Outcome] = {}
        self.seconds = 0.0
        lines = _lines(file) if file.exists() and not seed else []
        self.seed = lines[0]["seed"] if lines else seed or str(int(time.time()))
        if not lines:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"seed": self.seed}) + "\n", encoding="utf-8")
        for line in lines[1:]:
            if not (again and line["defects"]):
                self._keep(line)

    def add(self, number: int, outcome: Outcome, seconds: float) -> None:
        """Write a case down at once: whatever is not written is done again."""
        line = {"case": number, "seconds": round(seconds, 3), **asdict(outcome)}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._keep(line)

    def _keep(self, line: Mapping[str, Any]) -> None:
        self.outcomes[line["case"]] = Outcome(line["figures"], tuple(line["defects"]))
        self.seconds += line["seconds"]


def _lines(file: Path) -> list[dict[str, Any]]:
    """Read what is whole: the last line may have been cut."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found
