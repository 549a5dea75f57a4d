"""What a construction came to once PostgreSQL had seen the rows, as the journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.steps import UNBUILT_MARK, WEAKER_MARK, Construction, Missing, ObjectKind

UNCOMPUTED = define("OG-534", "A generated column is an ordinary one that holds SQLite's values")
WEAKER = define("OG-530", "A constraint stands NOT VALID because rows break it")


#: Writes the place of a part of a table.
Where = Callable[[str, str], str]


def settled(construction: Construction, journal: Mapping[str, Any], where: Where) -> Construction:
    """List what PostgreSQL refused as missing, and what it took in a weaker form as a finding."""
    missing: dict[tuple[ObjectKind, str, str], Missing] = {}
    findings = []
    for step in construction.steps:
        detail = journal.get(step.id) or {}
        if WEAKER_MARK in detail and step.kind is ObjectKind.TABLES:
            reason = f"{UNCOMPUTED} PostgreSQL can't compute it: {detail[WEAKER_MARK]}"
            for each in construction.built:
                if each.kind is ObjectKind.GENERATED and each.table == step.table:
                    uncomputed = (ObjectKind.GENERATED, each.table, each.name)
                    missing.setdefault(uncomputed, Missing(*uncomputed, reason))
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
            place = (step.kind, step.table, step.name)
            missing.setdefault(place, Missing(*place, detail[UNBUILT_MARK]))
    return replace(
        construction,
        built=tuple(
            each for each in construction.built if (each.kind, each.table, each.name) not in missing
        ),
        views=tuple(
            each
            for each in construction.views
            if (ObjectKind.VIEWS, each.source, each.source) not in missing
        ),
        missing=(*construction.missing, *missing.values()),
        findings=(*construction.findings, *findings),
    )
