"""What a part of the torture is: numbered cases, and how its page tells what came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

#: A figure that a case measured: a count, seconds, bytes, or a word.
Figure = int | float | str


@dataclass(frozen=True)
class Place:
    """Where a worker works.

    Args:
        servers: conninfo strings, by name ("pg15", "pg18"); all workers share these servers, so a
            part that stops a server begins one of its own.
        folder: an empty folder of the worker's own, which is removed in the end.

    """

    servers: Mapping[str, str]
    folder: Path

    def server_of(self, case: Case) -> str:
        """Give the cases the servers by turns."""
        names = sorted(self.servers)
        return self.servers[names[case.number % len(names)]]


@dataclass(frozen=True)
class Outcome:
    """What one case came to.

    Args:
        figures: what was measured.
        defects: what is wrong, in words that tell how to see it again; none if all is well.

    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    defects: tuple[str, ...] = ()


def counted(outcomes: Sequence[Outcome]) -> Counter[str]:
    """Add up figures that are all counts."""
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update({name: int(count) for name, count in outcome.figures.items()})
    return counts


@dataclass(frozen=True)
class Case:
    """One case: its number, and dice that fall the same way for the same seed and number."""

    number: int
    random: Random


#: Makes what all cases of one worker share; most parts give the place itself.
Setup = Callable[[Place], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Part:
    """A kind of harm.

    Args:
        name: as ``--part`` takes it.
        title: its heading on the page.
        says: what is done and what must hold, for the page.
        cases: how many cases a full run has.
        slice: how many of them ``make test`` runs.
        setup: makes what the cases of a worker share.
        run: does one case; an exception is a defect.
        told: what the page's table says of all outcomes, as pairs of words and figures.
        alone: whether its times or servers allow only one case at once.
        seconds: longer than any case may take.

    """

    name: str
    title: str
    says: str
    cases: int
    slice: int
    setup: Setup
    run: Callable[[Any, Case], Outcome]
    told: Callable[[Sequence[Outcome]], Sequence[tuple[str, str]]]
    alone: bool = False
    seconds: int = 300
