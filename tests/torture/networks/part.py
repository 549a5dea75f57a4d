"""Bad networks, busy servers and full disks: what they do to a migration, and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from torture.networks import faults, server_faults
from torture.networks.bench import Bench
from torture.part import Case, Figure, Outcome, Part, Place
from torture.shared.targets import Server, servers_with

_Judge = Callable[[Bench, Server, Case], Outcome]


@contextmanager
def _setup(place: Place) -> Iterator[Bench]:
    with servers_with(place.folder, dict(place.servers)) as servers, ExitStack() as stack:
        yield Bench(place, servers, stack, len(_KINDS))


def _run(bench: Bench, case: Case) -> Outcome:
    kind, judge = _KINDS[case.number % len(_KINDS)]
    outcome = judge(bench, bench.server(case), case)
    return Outcome({"kind": kind, **outcome.figures}, outcome.defects)


#: The kinds, with what judges them; a full run goes through the list again and again.
_CUT = ("cut", faults.cut)
_STALL, _LOCKED = ("stall", faults.stall), ("lock", server_faults.locked)
_KINDS: tuple[tuple[str, _Judge], ...] = (
    _CUT,
    _CUT,
    ("limit", server_faults.limits),
    _CUT,
    _STALL,
    _CUT,
    ("slow", faults.slow),
    _CUT,
    _LOCKED,
    _CUT,
    ("connections", server_faults.no_connections),
    _CUT,
    ("disk", server_faults.full_disk),
    _CUT,
    ("dark", faults.dark),
    _CUT,
    ("interrupt", faults.interrupted),
    _CUT,
)

_WORDS = {
    "cut": "connections cut (reset, closed on both sides or on one, or the server not told)",
    "stall": "stalls of up to 30 s",
    "limit": "limits on statements, locks and idling set for the role or the database",
    "slow": "links of 20 to 80 kB/s, or one byte at a time",
    "lock": "locks held by somebody else, for ever or for a moment",
    "connections": "servers with 0 to 3 of 5 connections left, from the start or suddenly",
    "disk": "disks of 10 to 24 MB for a file of 8 MB",
    "dark": "networks switched off in the middle, with 5 s for TCP to notice",
    "interrupt": "Ctrl-C while the server said nothing",
}


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    rows = []
    for kind, words in _WORDS.items():
        figures = [each.figures for each in outcomes if each.figures.get("kind") == kind]
        happened = [each for each in figures if "became" in each]
        if figures and not happened:
            rows.append((words, f"not possible on this machine ({len(figures)} left out)"))
        elif happened:
            rows.append((words, _row(happened)))
    return rows


def _row(figures: Sequence[Mapping[str, Figure]]) -> str:
    codes = Counter(str(each["code"]) for each in figures if each["code"])
    went = sum(not each["code"] for each in figures)
    ended = [f"{went} succeeded"] if went else []
    ended += [f"{count} times {code}" for code, count in codes.most_common()]
    late = sum(bool(each["code"]) and each["became"] == "complete" for each in figures)
    complete = f" ({late} of them after all was published)" if late else ""
    longest = max(float(each["seconds"]) for each in figures)
    return f"{len(figures)}: {', '.join(ended)}{complete}; the longest {longest:.1f} s"


PART = Part(
    name="networks",
    title="Bad networks, busy servers, full disks",
    says=(
        "A proxy between outgrow and the server cuts, stalls and slows what passes at random "
        "moments; somebody holds locks or takes the connections; the disk fills; the network goes "
        "away. Each run has to end in time with success or with one line that says what, where and "
        "what to do; the application's objects are as before or complete, a neighbour's untouched, "
        "no staging is left, and a second run succeeds and is right, by an independent comparison."
    ),
    cases=7 * len(_KINDS),
    slice=2,
    setup=_setup,
    run=_run,
    told=_told,
    seconds=200,
)
