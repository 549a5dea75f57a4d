"""What ``outgrow verify`` says of a damaged database, held against what was done to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from commands import outgrow

from torture.damage.injuring import Damage, Key, Place
from torture.damage.logic import VIEWS

_KEY = re.compile(r"; at (\{.*?\})(?:; |$)", re.DOTALL)


@dataclass(frozen=True)
class Told:
    """An error that verification told; ``where`` is without the file."""

    where: str
    key: Key | None
    says: str


@dataclass(frozen=True)
class Verified:
    """What came out: the exit status, the status in the report, the errors."""

    status: int
    says: str
    told: Sequence[Told]
    seconds: float


def verify(source: Path, conninfo: str, *arguments: object) -> Verified:
    """Run ``outgrow verify --json``."""
    began = monotonic()
    done = outgrow("verify", source, "--to", conninfo, "--json", *arguments)
    seconds = monotonic() - began
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return Verified(done.returncode, f"no report: {done.stderr[-2000:]}", (), seconds)
    return Verified(done.returncode, report["status"], [*_told(report)], seconds)


def _told(report: Mapping[str, Any]) -> Iterator[Told]:
    for finding in report["findings"]:
        if finding["severity"] == "error":
            found = _KEY.search(finding["says"])
            key = None
            if found:
                pairs = json.loads(found[1]).items()
                key = tuple(sorted((name, str(value)) for name, value in pairs))
            where = finding["where"].partition(":")[2]
            yield Told(where, key, f"{finding['code']} {finding['where']}: {finding['says']:.300}")


def missed(damages: Sequence[Damage], told: Sequence[Told]) -> Iterator[tuple[Damage, str]]:
    """Give the damages that were not told at their place."""
    for damage in damages:
        for place in damage.places:
            if not any(_is_at(each, place) for each in told):
                where = f"{' or '.join(place.where)} {sorted(place.keys)[:3]}"
                yield damage, f"not told at {where}"


def misplaced(damages: Sequence[Damage], told: Sequence[Told]) -> Iterator[Told]:
    """Give what was told of places where nothing was done. What a view shows may follow."""
    places = [place for damage in damages for place in (*damage.places, *damage.also)]
    wholes = {damage.whole for damage in damages}
    for each in told:
        if each.where.partition(".")[0] not in {*VIEWS, *wholes} and not any(
            _is_at(each, place) for place in places
        ):
            yield each


def _is_at(told: Told, place: Place) -> bool:
    if told.where not in place.where or not told.says.startswith(place.code):
        return False
    return place.of_any_row or (told.key in place.keys if place.keys else told.key is None)
