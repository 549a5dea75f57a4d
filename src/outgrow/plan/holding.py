"""How many of a column's values a type holds that a person chose, with its size or shape."""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.census import ColumnFacts, TimeFacts
from outgrow.model.source import SourceColumn
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.plan.fitting import (
    DEFAULT_SHAPE,
    Fit,
    digits_needed,
    fit,
    fit_time,
    misfit_clause,
)
from outgrow.plan.wording import all_are, counted

_UNITS = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}
#: The range of SQLite's date functions that PostgreSQL shares, in seconds from 1970.
_YEARS_1_TO_9999 = (-62_135_596_800, 253_402_300_799)


def fit_to(target: TargetType, column: SourceColumn, facts: ColumnFacts) -> Fit:
    """Fit a column to a type that a person chose, with its size or shape."""
    if not facts.values:
        return Fit(_with_shape(target), 0, 0, "there are no values")
    match target.kind:
        case Kind.TEXT | Kind.BYTEA | Kind.BIGINT | Kind.DOUBLE:
            return _plain(target, facts)
        case Kind.TIMESTAMP | Kind.DATE:
            return _shaped(target, facts)
        case Kind.NUMERIC:
            return _numeric(target, facts)
    found = fit(target.kind, column, facts)
    if found is None:
        return Fit(None, 0, facts.values, f"the values don't look like {target}")
    if target.kind is Kind.JSONB and facts.json is not None and facts.json.for_json:
        misfits = facts.values - facts.json.for_jsonb
        says = misfit_clause(facts, misfits, "not given back by jsonb", facts.json.examples)
        return Fit(target, facts.json.for_jsonb, misfits, says, facts.json.examples)
    return replace(found, type=target if found.type else None)


def _with_shape(target: TargetType) -> TargetType:
    if target.kind is Kind.DATE:
        return replace(target, shape=Shape("YYYY-MM-DD"))
    if target.kind is Kind.TIMESTAMP and target.shape is None:
        return replace(target, shape=DEFAULT_SHAPE)
    return target


def _plain(target: TargetType, facts: ColumnFacts) -> Fit:
    held = {
        Kind.TEXT: facts.values - facts.blobs,
        Kind.BYTEA: facts.values,
        Kind.BIGINT: facts.integers,
        Kind.DOUBLE: facts.integers - facts.integers_beyond_double + facts.reals,
    }[target.kind]
    return _held(target, facts, held)


def _numeric(target: TargetType, facts: ColumnFacts) -> Fit:
    held = facts.integers + facts.reals - facts.infinities
    if target.precision is None:
        return _held(target, facts, held)
    needed = digits_needed(facts)
    if needed is None:
        return Fit(None, 0, facts.values, "the digits of its values were not counted")
    digits, scale = needed
    whole = target.precision - (target.scale or 0)
    if scale is None or scale > (target.scale or 0) or digits > whole:
        behind = "endless digits" if scale is None else f"{scale} digits"
        says = f"its values need {digits} digits before the point and {behind} behind it"
        return Fit(None, 0, facts.values, says, facts.decimals.examples if facts.decimals else ())
    return _held(target, facts, held)


def _shaped(target: TargetType, facts: ColumnFacts) -> Fit:
    shape = _with_shape(target).shape if target.kind is Kind.DATE else target.shape
    if shape is not None and shape.is_epoch:
        return _epoch(target, shape, facts)
    if facts.times is None or not facts.times.shapes:
        return Fit(None, 0, facts.values, "no value is a date")
    if shape is None:
        found = fit_time(facts)
        if found is None or found.type is None:
            return Fit(None, 0, facts.values, "no value is a date")
        return replace(found, type=replace(target, shape=found.type.shape))
    held = sum(_held_of(shape, each, count, facts.times) for each, count in facts.times.shapes)
    ways = ", ".join(counted(str(each), count) for each, count in facts.times.shapes)
    found = _held(TargetType(target.kind, shape=shape), facts, held)
    return replace(found, says=f"{found.says} (spelled {ways})") if found.misfits else found


def _epoch(target: TargetType, shape: Shape, facts: ColumnFacts) -> Fit:
    unit = _UNITS[shape.notation]
    low, high = (limit * unit for limit in _YEARS_1_TO_9999)
    if facts.integers and not low <= (facts.min_integer or 0) <= (facts.max_integer or 0) <= high:
        return Fit(None, 0, facts.values, f"as {shape} some values are outside the years 1 to 9999")
    return _held(target, facts, facts.integers)


def _held_of(shape: Shape, spelled: Shape, count: int, times: TimeFacts) -> int:
    """How many of the texts of one spelling the shape gives back."""
    if shape == spelled:
        return count
    if not shape.fraction_is_optional:
        return 0
    fraction = "." + "f" * shape.fraction
    if spelled.notation == shape.notation.replace(f"[{fraction}]", ""):
        return count
    if spelled.notation == shape.notation.replace(f"[{fraction}]", fraction):
        return count - dict(times.zeros).get(spelled, 0)
    return 0


def _held(target: TargetType, facts: ColumnFacts, held: int) -> Fit:
    misfits = facts.values - held
    says = all_are(facts.values, "held")
    if misfits:
        examples = facts.times.examples if facts.times and target.shape else ()
        says = misfit_clause(facts, misfits, f"not held by {target}", examples)
    return Fit(target if held else None, held, misfits, says)
