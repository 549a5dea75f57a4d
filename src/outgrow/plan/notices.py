"""Findings of the plan: what a person should know before anything is moved."""

from __future__ import annotations

from outgrow.errors import define
from outgrow.model.census import ColumnFacts
from outgrow.model.findings import Finding, Severity
from outgrow.model.types import Kind, OnBad, TargetType
from outgrow.plan.evidence import Evidence
from outgrow.plan.fitting import Fit
from outgrow.plan.wording import are, listed, sentence, values

MIXED = define("OG-210", "A column mixes storage classes")
NOT_PROMOTED = define("OG-211", "A column looks like a richer type, but not every value fits")
QUARANTINED = define("OG-212", "Values that don't fit a promoted column become NULL")
RECOGNISED = define("OG-213", "A column could be promoted by the plan file")
UNHOLDABLE = define("OG-214", "PostgreSQL can't hold a text as it is")
KEY_TYPES_DIFFER = define("OG-215", "Columns joined by a foreign key have different types")
DATA_CHANGED = define("OG-216", "The data changed since the plan file was written")

_IN_QUARANTINE = "The originals are kept in quarantine with their keys"


def mixed(where: str, reason: str) -> Finding:
    """Tell of mixed storage classes."""
    fix = "Choose a type for the column in the plan file, or clean the values in the source"
    return Finding(MIXED, Severity.WARNING, where, sentence(reason), fix)


def not_promoted(
    where: str, evidence: Evidence, fit: Fit, base: TargetType, *, may_be_null: bool
) -> Finding:
    """Tell why evidence was not enough, and what choosing otherwise would cost."""
    says = f"It stays {base} although {evidence.says}: {fit.says}"
    fix = "Change these values in the source, if it should be promoted"
    if fit.type is not None and may_be_null:
        fix += (
            f'; or choose {fit.type} with on_misfit = "null" in the plan file: '
            f"{values(fit.misfits)} become NULL, their originals are kept in quarantine"
        )
    return Finding(NOT_PROMOTED, Severity.INFO, where, says, fix)


def quarantined(where: str, fit: Fit) -> Finding:
    """Tell of values that become NULL."""
    says = f"It becomes {fit.type} although {fit.says}; {values(fit.misfits)} become NULL"
    return Finding(QUARANTINED, Severity.WARNING, where, says, _IN_QUARANTINE)


def recognised(where: str, evidence: Evidence) -> Finding:
    """Tell of an epoch, a Julian day or a UUID."""
    fix = ""
    if evidence.kind is Kind.UUID:
        fix = 'type = "uuid" in the plan file promotes it'
    elif evidence.shape is not None:
        fix = f'type = "timestamp", shape = "{evidence.shape}" in the plan file promotes it'
    return Finding(RECOGNISED, Severity.INFO, where, sentence(evidence.says), fix)


def unholdable(where: str, facts: ColumnFacts, count: int, on_bad: OnBad) -> Finding:
    """Tell of texts with NUL or invalid UTF-8."""
    says = f"{values(count)} {'hold' if count != 1 else 'holds'} NUL or {are(count)} not UTF-8"
    if facts.bad_texts:
        says += f": {listed(facts.bad_texts)}"
    return Finding(UNHOLDABLE, Severity.WARNING, where, says, _ON_BAD[on_bad])


_ON_BAD = {
    OnBad.REPAIR: f"They are repaired. {_IN_QUARANTINE}",
    OnBad.REFUSE: "Their rows are refused and kept in quarantine, whole",
    OnBad.STOP: "Nothing is written",
}


def key_types_differ(where: str, types: dict[str, TargetType]) -> Finding:
    """Tell of a foreign key between columns that PostgreSQL won't compare."""
    spelled = ", ".join(f"{place} {target}" for place, target in types.items())
    says = f"The columns joined by a foreign key have different types ({spelled})"
    fix = "Give them one type in the plan file, or the key will be missing"
    return Finding(KEY_TYPES_DIFFER, Severity.WARNING, where, says, fix)


def data_changed(file: str) -> Finding:
    """Tell that the plan file is older than the data; every decision in it still holds."""
    says = "The data changed since the plan file was written; its decisions still fit"
    return Finding(DATA_CHANGED, Severity.INFO, file, says, "Write it again to renew its comments")
