"""How well a column's values fit a kind of type: exactly, all but some, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.census import ColumnFacts, Example
from outgrow.model.declared import type_words
from outgrow.model.source import SourceColumn
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.plan.wording import all_are, are, counted, listed, values
from outgrow.plan.words import size

#: The spelling of times where no column of the file shows one: SQLite's ``datetime()`` and
#: Python's ``datetime.isoformat(" ")`` both write it.
DEFAULT_SHAPE = Shape("YYYY-MM-DD HH:MM:SS[.ffffff]")

#: The user's mapping for money, widened until it holds every value.
MONEY = (10, 4)
_UNLIMITED = frozenset("dec decimal number numeric".split())
_MOST_PRECISION, _MOST_SCALE = 38, 20
#: More than this PostgreSQL does not take
#: (https://www.postgresql.org/docs/current/datatype-numeric.html).
_PRECISION_OF_POSTGRES = 1000


@dataclass(frozen=True, slots=True)
class Fit:
    """A type for a column, and how many values it holds exactly (``fitting``).

    ``type`` is ``None`` where no type of that kind would do. ``says`` states what was found, with
    numbers, as a clause ("all 12 values are 0 or 1", "3 of 8,000 values are not dates: …").
    """

    type: TargetType | None
    fitting: int
    misfits: int
    says: str
    examples: tuple[Example, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every value comes back."""
        return self.type is not None and not self.misfits


def fit(kind: Kind, column: SourceColumn, facts: ColumnFacts) -> Fit | None:
    """Fit a column that has values to a kind; ``None`` when the census did not look for it."""
    match kind:
        case Kind.BOOLEAN:
            return _boolean(facts)
        case Kind.TIMESTAMP | Kind.DATE:
            return fit_time(facts)
        case Kind.JSONB | Kind.JSON:
            return _json(facts)
        case Kind.NUMERIC:
            return _numeric(column, facts)
        case Kind.UUID:
            return _uuid(facts)
    raise ValueError(f"nothing is promoted to {kind}")


def _boolean(facts: ColumnFacts) -> Fit:
    misfits = facts.values - facts.zero_or_one
    says = all_are(facts.values, "0 or 1")
    if misfits:
        says = misfit_clause(facts, misfits, "neither 0 nor 1", facts.not_zero_or_one)
    return Fit(TargetType(Kind.BOOLEAN), facts.zero_or_one, misfits, says, facts.not_zero_or_one)


def fit_time(facts: ColumnFacts) -> Fit | None:
    """Fit texts to the one shape that most of them have; ``None`` without a census of times."""
    times = facts.times
    if times is None:
        return None
    if not times.shapes:
        return Fit(None, 0, facts.values, "no value is a date", times.examples)
    misfits = facts.values - sum(count for _, count in times.shapes)
    shape, fitting = max(times.shapes, key=lambda pair: pair[1])
    if times.optional_fraction is not None:
        shape, fitting = times.optional_fraction, facts.values - misfits
    target = time_type(shape)
    if fitting + misfits == facts.values:
        says = all_are(facts.values, f"spelled {shape}")
        if misfits:
            says = misfit_clause(facts, misfits, "not dates", times.examples, "not a date")
        return Fit(target, fitting, misfits, says, times.examples)
    ways = sorted(times.shapes, key=lambda pair: -pair[1])
    spelled = ", ".join(counted(str(each), count) for each, count in ways)
    says = f"the dates are spelled in {len(ways)} ways ({spelled})"
    if misfits:
        says += ", and " + misfit_clause(facts, misfits, "not dates", times.examples, "not a date")
    return Fit(target, fitting, facts.values - fitting, says, times.examples)


def time_type(shape: Shape) -> TargetType:
    """Give the type for a shape: a date has no time of day."""
    is_date = not shape.separator and not shape.is_epoch
    return TargetType(Kind.DATE if is_date else Kind.TIMESTAMP, shape=shape)


def empty_type(kind: Kind, column: SourceColumn, shape: Shape) -> TargetType:
    """Give the type for a column without values, by what was said of it."""
    if kind is Kind.TIMESTAMP:
        return time_type(shape)
    if kind is Kind.NUMERIC:
        return _decimal(column, 0, 0) or TargetType(Kind.NUMERIC)
    return TargetType(kind)


def _json(facts: ColumnFacts) -> Fit | None:
    found = facts.json
    if found is None:
        return None
    good = found.for_jsonb + found.for_json
    misfits = facts.values - good
    if misfits:
        says = misfit_clause(facts, misfits, "not JSON", found.examples)
    elif found.for_json:
        says = f"{all_are(facts.values, 'JSON')}, {found.for_json:,} of which jsonb can't give back"
    else:
        says = all_are(facts.values, "JSON (jsonb drops spacing and the order of keys)")
    target = TargetType(Kind.JSON if found.for_json else Kind.JSONB)
    return Fit(target if good else None, good, misfits, says, found.examples)


def _numeric(column: SourceColumn, facts: ColumnFacts) -> Fit | None:
    numbers = facts.integers + facts.reals
    misfits = facts.values - numbers
    if not numbers:
        return Fit(None, 0, misfits, "no value is a number")
    if facts.infinities:
        says = f"{values(facts.infinities)} {are(facts.infinities)} infinite"
        return Fit(None, numbers - facts.infinities, misfits + facts.infinities, says)
    needed = digits_needed(facts)
    if needed is None:
        return None
    target = _decimal(column, *needed)
    if target is None:
        examples = facts.decimals.examples if facts.decimals else ()
        says = "no numeric of a sensible size holds all values exactly"
        says += f": {listed(examples)}" if examples else ""
        return Fit(None, numbers, facts.values, says, examples)
    says = all_are(
        facts.values, f"held exactly by {_with_what_it_was_widened_from(target, column)}"
    )
    if misfits:
        says = misfit_clause(facts, misfits, "not numbers", (), "not a number")
    return Fit(target, numbers, misfits, says)


def digits_needed(facts: ColumnFacts) -> tuple[int, int | None] | None:
    """Count the digits before and behind the point; the second is ``None`` if there is no end.

    ``None`` where the census did not count them.
    """
    if facts.decimals is not None:
        return facts.decimals.integer_digits, facts.decimals.scale
    if facts.reals:
        return None
    largest = max(abs(facts.min_integer or 0), abs(facts.max_integer or 0))
    return len(str(largest)), 0


def _decimal(column: SourceColumn, integer_digits: int, scale: int | None) -> TargetType | None:
    """Find the numeric for so many digits; ``scale`` is ``None`` when there is no end to them.

    ``NUMERIC`` and its like without a size mean the same in PostgreSQL: no limits.
    """
    declared = size(column.declared)
    if declared is not None:
        return _widened((declared[0], declared[1] or 0), integer_digits, scale)
    if _UNLIMITED.intersection(type_words(column.declared)):
        return TargetType(Kind.NUMERIC)
    return _widened(MONEY, integer_digits, scale)


def _with_what_it_was_widened_from(target: TargetType, column: SourceColumn) -> str:
    if target.precision is None:
        return "numeric without limits"
    precision, scale = size(column.declared) or MONEY
    start = TargetType(Kind.NUMERIC, precision, scale or 0)
    return str(target) if target == start else f"{target} ({start} is too narrow)"


def _widened(start: tuple[int, int], integer_digits: int, scale: int | None) -> TargetType | None:
    """Widen ``numeric(p, s)`` until it has the digits needed on both sides of the point."""
    precision, least_scale = start
    if scale is None:
        return None
    wide = max(scale, least_scale)
    total = max(precision - least_scale, integer_digits, 0) + wide
    too_wide = total > max(_MOST_PRECISION, precision) or wide > max(_MOST_SCALE, least_scale)
    if too_wide or total > _PRECISION_OF_POSTGRES:
        return None
    return TargetType(Kind.NUMERIC, max(total, 1), wide)


def _uuid(facts: ColumnFacts) -> Fit | None:
    if facts.uuids is None:
        return None
    misfits = facts.values - facts.uuids
    says = all_are(facts.values, "spelled as PostgreSQL spells UUIDs")
    if misfits:
        says = misfit_clause(facts, misfits, "not spelled as PostgreSQL spells UUIDs", ())
    return Fit(TargetType(Kind.UUID), facts.uuids, misfits, says)


def misfit_clause(
    facts: ColumnFacts, count: int, what: str, examples: tuple[Example, ...], one: str = ""
) -> str:
    """Write "3 of 8,000 values are not dates: …"; ``one`` is how to call a single one."""
    called = one if one and count == 1 else what
    clause = f"{count:,} of {values(facts.values)} {are(count)} {called}"
    return f"{clause}: {listed(examples)}" if examples else clause
