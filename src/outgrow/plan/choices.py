"""A person's choice of a type, held against the values."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from outgrow.errors import DecisionNeeded, OutgrowError, PlanError, define
from outgrow.model.census import Census
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.types import Kind
from outgrow.plan import notices
from outgrow.plan.column import Subject, Verdict, barred, may_be_null
from outgrow.plan.fitting import Fit
from outgrow.plan.holding import fit_to
from outgrow.plan.overrides import Overrides

DOES_NOT_FIT = define("OG-203", "A type in the plan file does not hold the column's values")
NO_LONGER_FITS = define("OG-204", "The data changed, and the plan file no longer fits it")

_PROMOTIONS = frozenset(
    (Kind.BOOLEAN, Kind.TIMESTAMP, Kind.DATE, Kind.JSON, Kind.JSONB, Kind.NUMERIC, Kind.UUID)
)


def digest(census: Census) -> str:
    """Condense the facts of a file: equal facts give equal digests."""
    told = repr(sorted(census.tables.items()))
    return sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def choose(subject: Subject, verdict: Verdict, overrides: Overrides, *, stale: bool) -> Verdict:
    """Put the plan file's type in the place of what the evidence says.

    ``stale``: the data changed since the file was written.

    Raises:
        PlanError: the type can't hold the values.
        DecisionNeeded: it could, when the file was written.

    """
    override = overrides.table(subject.table.name).column(subject.column.name)
    target = override.type
    if target is None:
        return verdict
    if target.shape is None and target.kind is verdict.type.kind:
        target = replace(target, shape=verdict.type.shape)
    if target == verdict.type:
        return verdict
    reason = barred(subject, target.kind) if target.kind in _PROMOTIONS else ""
    if subject.is_row_id:
        reason = "it numbers the rows and is bigint"
    if reason:
        raise _refusal(subject.where, f"it can't be {target}: {reason}", stale=stale)
    found = fit_to(target, subject.column, subject.facts)
    if found.type is None or (found.misfits and not override.null_misfits):
        raise _refusal(
            subject.where, f"{target} does not hold every value: {found.says}", stale=stale
        )
    if found.misfits and not may_be_null(subject):
        what = f"{found.says}, and NULL can't stand in for them in a key or a NOT NULL column"
        raise _refusal(subject.where, what, stale=stale)
    return _decided(subject, verdict, found)


def check_unique(
    source: SourceDatabase, census: Census, overrides: Overrides, *, stale: bool
) -> None:
    """Hold the UNIQUEs that the plan file adds against what foreign keys told of their values.

    Raises:
        PlanError: the values are not unique.
        DecisionNeeded: they were, when the file was written.

    """
    for child in source.tables:
        facts = {each.columns: each for each in census.tables[child.name].foreign_keys}
        for key in child.foreign_keys:
            added = {frozenset(map(fold, each)) for each in overrides.table(key.parent).unique}
            found = facts.get(key.columns)
            named = frozenset(map(fold, key.parent_columns))
            if found is not None and not found.parent_values_unique and named in added:
                where = source.where(key.parent, ",".join(key.parent_columns))
                raise _refusal(where, "its values are not unique", stale=stale)


def _decided(subject: Subject, verdict: Verdict, found: Fit) -> Verdict:
    assert found.type is not None
    return Verdict(
        found.type,
        f"The plan file says so; {found.says}",
        verdict.evidence,
        found.examples if found.misfits else (),
        quarantined=found.misfits,
        overridden=True,
        findings=(notices.quarantined(subject.where, found),) if found.misfits else (),
    )


def _refusal(where: str, what: str, *, stale: bool) -> OutgrowError:
    error, code = (DecisionNeeded, NO_LONGER_FITS) if stale else (PlanError, DOES_NOT_FIT)
    fix = 'Choose otherwise in the plan file, or on_misfit = "null" where a value may be NULL'
    return error(code, what, where=where, fix=fix)
