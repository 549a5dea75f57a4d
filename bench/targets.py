"""What was aimed at, what was measured, and for what was missed the figures that say why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import load
import whole

INSPECT = "`inspect` of the reference application"
PLAN = "`plan` of the reference application"
PLAN_ALONE = "`plan` of its larger file alone"
EMPTY = "`migrate` of an empty table"
MANY = "`migrate` of 300 tables of 10 rows"

_MEGABYTES_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that one run of the bench found; ``finishing`` is in seconds."""

    loads: list[load.Times]
    finishing: float
    wholes: dict[str, whole.Runs]
    sizes: list[tuple[float, whole.Runs]]
    small: dict[str, whole.Runs]


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table.

    Args:
        work: what is measured.
        aim: what it was to be, in words.
        found: what it is, in words.
        is_met: whether it is as good.
        why: the measured reason, where it is not.

    """

    work: str
    aim: str
    found: str
    is_met: bool
    why: str = ""


def targets_section(measured: Measured) -> str:
    """Write the table of targets and the reasons."""
    targets = list(_targets(measured))
    lines = ["## What was aimed at", "", "| work | aim | measured | |", "|---|---|---|---|"]
    for each in targets:
        lines.append(
            f"| {each.work} | {each.aim} | {each.found} | {'met' if each.is_met else 'missed'} |"
        )
    missed = [each for each in targets if not each.is_met and each.why]
    if missed:
        lines += ["", "Why not:", ""]
        lines += [f"- {each.work}: {each.why}" for each in missed]
    return "\n" + "\n".join(lines) + "\n"


def _targets(measured: Measured) -> Iterator[Target]:
    yield from _of_rows(measured.loads)
    yield from _of_wholes(measured)
    yield from _of_small(measured.small)
    yield from _of_sizes(measured.sizes)


def _of_rows(loads: list[load.Times]) -> Iterator[Target]:
    total, narrow = loads[-1], next((each for each in loads if each.title == "narrow"), loads[-1])
    ready = median(
        server / client
        for server, client in zip(
            total.seconds[load.BINARY], total.seconds[load.READY], strict=True
        )
    )
    encoding = median(narrow.seconds[load.ENCODING]) / median(narrow.seconds[load.BINARY])
    why = (
        f"a client that has the very bytes in memory reaches {ready:.2f}×, and reading and "
        f"encoding narrow rows alone takes {encoding:.2f}× the time in which the server stores "
        "them, most of it inside SQLite and its ADBC driver, on cores that the server needs too."
    )
    for side, aim in ((load.BINARY, 0.90), (load.TEXT, 1.35)):
        ratio = total.ratio(side)
        words = f"rows against the server's {side}"
        yield Target(words, f"{aim:.2f}×", f"{ratio:.2f}×", ratio >= aim, why)


def _of_wholes(measured: Measured) -> Iterator[Target]:
    ours = measured.wholes[whole.MIGRATE]
    server = median(measured.loads[-1].seconds[load.BINARY]) + measured.finishing
    if whole.PGLOADER in measured.wholes:
        theirs = measured.wholes[whole.PGLOADER].median
        why = (
            f"of {ours.median:.1f} s, the server needs {server:.1f} s for the rows, keys, "
            f"indexes, foreign keys and statistics alone, and every value is read twice more: the "
            f"census takes {ours.phase('census'):.1f} s, the comparison "
            f"{ours.phase('verify'):.1f} s, with all cores busy. pgloader does neither."
        )
        for side, aim in ((whole.MIGRATE, 1.5), (whole.UNVERIFIED, 2.5)):
            ratio = theirs / measured.wholes[side].median
            yield Target(
                f"`{side}` against pgloader", f"{aim}×", f"{ratio:.2f}×", ratio >= aim, why
            )
    for title, phase, most, why in (
        (
            "verification of every value",
            "verify",
            1.25,
            "both sides are read, converted each in its own way, and compared in Python.",
        ),
        (
            "census of every value",
            "census",
            1.0,
            "its time begins with the start of the program, and has in it the private copy for "
            "which alone writers wait, and SQLite's own look at every page.",
        ),
    ):
        ratio = ours.phase(phase) / ours.phase("load")
        words = f"{title}, of the load's time"
        yield Target(words, f"at most {most}×", f"{ratio:.2f}×", ratio <= most, why)


def _of_small(small: dict[str, whole.Runs]) -> Iterator[Target]:
    both = small[INSPECT].median + small[PLAN].median
    alone = small[PLAN_ALONE].median
    why = (
        f"the plan rests on every value, not on a sample: of the larger file alone it takes "
        f"{alone:.1f} s, of which {small[INSPECT].median:.1f} s are what `inspect` does; uniting "
        f"both files in a third one, and proving that no row is lost in it, takes "
        f"{small[PLAN].median - alone:.1f} s more."
    )
    yield Target(
        "`inspect` and `plan`, reference application", "under 2 s", f"{both:.1f} s", both < 2, why
    )
    start = small["`outgrow --version`"].median
    yield Target("start-up", "under 0.4 s", f"{start:.2f} s", start < 0.4)
    for title, most in ((EMPTY, 1.5), (MANY, 6.0)):
        seconds = small[title].median
        yield Target(title, f"under {most} s", f"{seconds:.2f} s", seconds < most)


def _of_sizes(sizes: list[tuple[float, whole.Runs]]) -> Iterator[Target]:
    peak = max(max(runs.megabytes) for _, runs in sizes)
    yield Target(
        "largest process, at any size",
        f"at most {_MEGABYTES_A_PROCESS} MB",
        f"{peak:.0f} MB",
        peak <= _MEGABYTES_A_PROCESS,
    )
    # A start takes the same time for every file.
    rates = [runs.median / size for size, runs in sizes]
    spread = max(rates) / min(rates) - 1
    mood = max(max(runs.seconds) / min(runs.seconds) - 1 for _, runs in sizes)
    yield Target(
        "cost of a MB, between the sizes",
        "within 15%",
        f"within {spread:.0%}",
        spread <= 0.15,
        f"the rounds of one and the same file differ by up to {mood:.0%}; memory is flat, and the "
        f"largest file costs {rates[-1] / rates[0] - 1:+.0%} against the smallest.",
    )
