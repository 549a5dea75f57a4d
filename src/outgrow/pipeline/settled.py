"""What a construction came to once PostgreSQL had seen the rows, as the journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from outgrow.ddl.keys import UNIQUE_INSTEAD
from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.steps import (
    UNBUILT_MARK,
    WEAKER_MARK,
    Built,
    Construction,
    Missing,
    ObjectKind,
)

UNCOMPUTED = define("OG-534", "A generated column is an ordinary one that holds SQLite's values")
WEAKER = define("OG-530", "A constraint stands NOT VALID because rows break it")


#: Writes the place of a part of a table.
Where = Callable[[str, str], str]


def settled(construction: Construction, journal: Mapping[str, Any], where: Where) -> Construction:
    """List what PostgreSQL refused as missing, and what it took in a weaker form as a finding."""
    lost = _Lost()
    findings = []
    for step in construction.steps:
        detail = journal.get(step.id) or {}
        if WEAKER_MARK in detail and step.kind is ObjectKind.TABLES:
            reason = f"{UNCOMPUTED} PostgreSQL can't compute it: {detail[WEAKER_MARK]}"
            for each in construction.built:
                if each.kind is ObjectKind.GENERATED and each.table == step.table:
                    lost.note(ObjectKind.GENERATED, each.table, each.name, reason)
        elif WEAKER_MARK in detail:
            findings.append(
                Finding(
                    WEAKER,
                    Severity.WARNING,
                    where(step.table, step.name),
                    f"it stands NOT VALID, because rows break it: {detail[WEAKER_MARK]}",
                    "mend the rows, then run ALTER TABLE … VALIDATE CONSTRAINT",
                )
            )
        elif UNBUILT_MARK in detail and step.kind is not None:
            lost.note(step.kind, step.table, step.name, detail[UNBUILT_MARK])
    # Foreseen too: what should have stood for it is not there either.
    foreseen = tuple(_without_substitute(each, lost) for each in construction.missing)
    return replace(
        construction,
        built=tuple(lost.remaining(construction.built)),
        views=tuple(
            each
            for each in construction.views
            if (ObjectKind.VIEWS, each.source, each.source) not in lost.reasons
        ),
        missing=(*foreseen, *lost.missing({_place(each) for each in foreseen})),
        findings=(*construction.findings, *findings),
    )


#: Kind, table and name: those of one object, or of several foreign keys over the same columns.
Place = tuple[ObjectKind, str, str]


def _place(each: Built | Missing) -> Place:
    return each.kind, each.table, each.name


@dataclass(frozen=True, slots=True)
class _Lost:
    """The reasons why objects were not built, by their places."""

    reasons: dict[Place, list[str]] = field(default_factory=dict)

    def note(self, kind: ObjectKind, table: str, name: str, reason: str) -> None:
        """Note a step that failed; only foreign keys have a step each and share a place."""
        known = self.reasons.setdefault((kind, table, name), [])
        if not known or kind is ObjectKind.FOREIGN_KEYS:
            known.append(reason)

    def remaining(self, built: Iterable[Built]) -> Iterator[Built]:
        """Leave out as many of a place as were lost."""
        gone = {place: len(reasons) for place, reasons in self.reasons.items()}
        for each in built:
            if gone.get(_place(each), 0):
                gone[_place(each)] -= 1
            else:
                yield each

    def missing(self, foreseen: Collection[Place]) -> Iterator[Missing]:
        """Tell of all but what was told before."""
        for place, reasons in self.reasons.items():
            if place not in foreseen or place[0] is ObjectKind.FOREIGN_KEYS:
                yield from (Missing(*place, reason) for reason in reasons)


def _without_substitute(each: Missing, lost: _Lost) -> Missing:
    reasons = lost.reasons.get(_place(each))
    if not reasons or not each.reason.endswith(UNIQUE_INSTEAD):
        return each
    reason = f"{each.reason.removesuffix(UNIQUE_INSTEAD)}, and not even UNIQUE: {reasons[0]}"
    return replace(each, reason=reason)
