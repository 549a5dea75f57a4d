"""Damage to a migrated database, which ``outgrow verify`` has to find where it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

from torture.damage.columns import COLUMNS
from torture.damage.home import HOME
from torture.damage.injuring import Damage, Kind, NoPlaceError, Patient, attempt, patient
from torture.damage.keys import KEYS
from torture.damage.logic import LOGIC
from torture.damage.rows import QUARANTINE, ROWS
from torture.damage.shops import VARIANTS, Shop, Shops
from torture.damage.values import VALUES, change_a_value
from torture.damage.verdict import misplaced, missed, verify
from torture.part import Case, Figure, Outcome, Part, Place

#: Each kind of damage.
KINDS: dict[str, Kind] = {
    **dict.fromkeys(VALUES, change_a_value),
    **ROWS,
    **QUARANTINE,
    **COLUMNS,
    **KEYS,
    **LOGIC,
    **HOME,
}
_SORTS = {
    "values": VALUES,
    "rows": ROWS,
    "quarantine": QUARANTINE,
    "columns and tables": COLUMNS,
    "keys, CHECKs and foreign keys": KEYS,
    "indexes, triggers, views and sequences": LOGIC,
    "helper functions, and what SQLite was": HOME,
}

#: Every so many cases, so many damages are done at once; else a single one.
_EACH, _AT_ONCE = 6, 10

#: 375 single damages and 75 times 10; the first case, for `make test`, is a small one.
_CASES = 450

_MEGABYTES, _SMALL = 4.0, 0.05

#: How often a damage is tried at other places.
_TRIES = 8


def _setup(place: Place) -> closing[Shops]:
    return closing(Shops(place))


def _run(shops: Shops, case: Case) -> Outcome:
    server = case.random.choice(sorted(shops.place.servers))
    variants = case.random.sample(VARIANTS, len(VARIANTS))
    if case.number % _EACH == 0:
        kinds, count = case.random.sample([*KINDS], len(KINDS)), _AT_ONCE
    else:
        kinds, count = [[*KINDS][case.number % len(KINDS)]], 1
    for variant in variants:
        shop = shops.shop(server, variant, _MEGABYTES if case.number else _SMALL)
        with shop.copy() as conninfo:
            with patient(conninfo, shop.tables, case.random) as opened:
                damages = injure(opened, kinds, count)
            if len(damages) == count:
                return _judged(shop, conninfo, damages, f"{server} {variant}")
    return Outcome(defects=(f"no place for {count} of {kinds[:count]}",))


def injure(opened: Patient, kinds: Sequence[str], count: int) -> list[Damage]:
    """Do damage of ``count`` kinds, those first that come first and have a place."""
    done: list[Damage] = []
    for kind in kinds:
        if len(done) == count:
            break
        for _ in range(_TRIES):
            try:
                done.append(attempt(kind, KINDS[kind], opened))
            except NoPlaceError:
                continue
            break
    return done


def _judged(shop: Shop, conninfo: str, damages: Sequence[Damage], where: str) -> Outcome:
    verified = verify(shop.source, conninfo)
    not_found = [*missed(damages, verified.told)]
    elsewhere = [*misplaced(damages, verified.told)]
    figures: dict[str, Figure] = {
        "injected": len(damages),
        "found": len(damages) - len({id(damage) for damage, _ in not_found}),
        "elsewhere": len(elsewhere),
        "kinds": "|".join(damage.kind for damage in damages),
        "seconds": round(verified.seconds, 3),
    }
    wrong = [f"{damage.kind} ({damage.did}): {says}" for damage, says in not_found]
    wrong += [f"nothing was done there: {each.says}" for each in elsewhere]
    if (verified.status, verified.says) != (5, "mismatch"):
        wrong.append(f"it ended with {verified.status} and says {verified.says}")
    if not wrong:
        return Outcome(figures)
    done = "; ".join(f"{damage.kind}: {damage.did}" for damage in damages)
    told = "; ".join(each.says for each in verified.told[:9])
    return Outcome(figures, (f"{where}: {wrong} after {done}; told: {told}",))


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    full = [outcome.figures for outcome in outcomes if "injected" in outcome.figures]
    kinds = [kind for each in full for kind in str(each["kinds"]).split("|")]
    alone = sum(each["injected"] == 1 for each in full)
    rows = [
        ("damages", f"{len(kinds):,}, {alone:,} of them alone, the others {_AT_ONCE} at once"),
        ("kinds of damage", f"{len({*kinds}):,}"),
    ]
    rows += [
        (f"of {sort}", f"{sum(kind in known for kind in kinds):,}")
        for sort, known in _SORTS.items()
    ]
    return [
        *rows,
        ("found at the right table, key and column, or object", f"{_sum(full, 'found'):,}"),
        ("told of places where nothing was done", f"{_sum(full, 'elsewhere'):,}"),
    ]


def _sum(figures: Sequence[Mapping[str, Figure]], name: str) -> int:
    return sum(int(each[name]) for each in figures)


PART = Part(
    name="damage",
    title="Damage that verification has to find",
    says=(
        "Databases with every type that outgrow makes, 5 MB of each, are migrated and then "
        "damaged at random places: rows, values, what quarantine keeps, whatever is declared, and "
        "the functions and facts that schema `outgrow` holds for the application. "
        "`outgrow verify` has to end with status 5 and to name the table, the key and the column, "
        "or the object, of each damage, and no other place."
    ),
    cases=_CASES,
    slice=1,
    setup=_setup,
    run=_run,
    told=_told,
)
