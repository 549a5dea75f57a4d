"""Migrated databases in which nothing is wrong: ``outgrow verify`` must find nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from commands import outgrow
from databases.judging import SCHEMA
from databases.many import drawn
from fresh_databases import fresh_database

from torture.damage.shops import VARIANTS, Shops
from torture.damage.verdict import verify
from torture.part import Case, Outcome, Part, Place
from torture.sound.ways import Sound, dumped_and_restored

#: Verifications of one case.
_RUNS = 10

#: The first case, for `make test`, has fewer.
_FEW, _CASES = 2, 101

#: Shops of 5 MB and of 130 kB, and the first case's.
_LARGE, _SMALL, _TINY = 4.0, 0.1, 0.05

#: Verifications of one random database.
_OF_ONE = 2


def _setup(place: Place) -> closing[Shops]:
    return closing(Shops(place))


def _run(shops: Shops, case: Case) -> Outcome:
    server = case.random.choice(sorted(shops.place.servers))
    if case.number == 0:
        return _shop(shops, server, case, _TINY, _FEW)
    match case.number % 10:
        case 0 | 1 | 2 | 3:
            return _random_databases(shops.place, server, case)
        case 4:
            return _shop(shops, server, case, _LARGE, _RUNS)
    return _shop(shops, server, case, _SMALL, _RUNS)


def _shop(shops: Shops, server: str, case: Case, megabytes: float, runs: int) -> Outcome:
    shop = shops.shop(server, case.random.choice(VARIANTS), megabytes)
    name = "large" if megabytes == _LARGE else "small"
    with shop.copy() as conninfo, fresh_database(shops.place.servers[server]) as other:
        is_moved = case.random.random() < 0.3 and dumped_and_restored(conninfo, other)
        sound = Sound(other if is_moved else conninfo, "public", case.random)
        done = ["dumped and restored"] if is_moved else []
        for _ in range(runs):
            done.append(sound.treat())
            wrong = _alarm(shop.source, sound, 4)
            if wrong:
                return Outcome({name: runs}, (f"{server} {shop.template}: {wrong} after {done}",))
    return Outcome({name: runs})


def _alarm(source: Path, sound: Sound, status: int) -> str:
    """Verify; gives what is wrong with the outcome, or nothing."""
    verified = verify(source, sound.conninfo, "--schema", sound.schema)
    if verified.status == status and not verified.told:
        return ""
    errors = [each.says for each in verified.told[:5]]
    return f"verify ended with {verified.status} ({verified.says}), not {status}: {errors}"


def _random_databases(place: Place, server: str, case: Case) -> Outcome:
    """Migrate random databases and verify each twice, until there are enough runs."""
    runs = databases = 0
    folder = place.folder / f"sound-{case.number}"
    folder.mkdir()
    # Not every one has a table or can be read.
    for trial in drawn(str(case.random.getrandbits(64)), 4 * _RUNS):
        source = trial.files[0].write(folder)
        with fresh_database(place.servers[server]) as conninfo:
            to = ("--to", conninfo, "--schema", SCHEMA)
            how = ("--types", trial.policy, "--on-bad", trial.on_bad)
            status = outgrow("migrate", source, *to, *how, "--jobs", 1, "--json").returncode
            if status in (0, 4):
                databases += 1
                done: list[str] = []
                sound = Sound(conninfo, SCHEMA, case.random)
                for _ in range(_OF_ONE):
                    done.append(sound.treat())
                    runs += 1
                    wrong = _alarm(source, sound, status)
                    if wrong:
                        told = f"{server}: {wrong} after {done}\n{trial}"
                        return Outcome({"random": runs, "databases": databases}, (told,))
        source.unlink()
        if runs >= _RUNS:
            break
    return Outcome({"random": runs, "databases": databases})


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    def count(name: str) -> int:
        return sum(int(outcome.figures.get(name, 0)) for outcome in outcomes)

    runs = count("large") + count("small") + count("random")
    return [
        ("verifications", f"{runs:,}"),
        ("of shops of 5 MB", f"{count('large'):,}"),
        ("of shops of 130 kB", f"{count('small'):,}"),
        (f"of {count('databases'):,} random databases", f"{count('random'):,}"),
        ("false alarms", f"{sum(len(outcome.defects) for outcome in outcomes):,}"),
    ]


PART = Part(
    name="sound",
    title="What verification must not mind",
    says=(
        "Migrated databases are treated in ways that change nothing: rows stored in another order, "
        "VACUUM FULL, CLUSTER, REINDEX, a dump restored, other settings of the database, objects "
        "of one's own. `outgrow verify` has to say what it said before."
    ),
    cases=_CASES,
    slice=1,
    setup=_setup,
    run=_run,
    told=_told,
)
