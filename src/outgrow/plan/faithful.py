"""The type that holds a column's values as they are, without any promotion.

The narrowest of bigint, double precision, numeric, text and bytea that holds every storage
class present. A column without values goes by its affinity and declared type.
"""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.census import ColumnFacts
from outgrow.model.declared import WHOLE, kind_without_values, type_words
from outgrow.model.source import Affinity, SourceColumn
from outgrow.model.types import Kind, TargetType
from outgrow.plan.wording import all_are, values


@dataclass(frozen=True, slots=True)
class Base:
    """The faithful type, why, and whether the storage classes are mixed in a surprising way."""

    type: TargetType
    reason: str
    mixed: bool = False


def base_of(column: SourceColumn, facts: ColumnFacts) -> Base:
    """Find the narrowest type that holds every value."""
    if not facts.values:
        return _without_values(column)
    if facts.blobs:
        return _with_blobs(facts)
    if facts.texts:
        return _with_texts(facts)
    return _numbers(column, facts)


def census_of_classes(facts: ColumnFacts) -> str:
    """Write the storage classes with their counts: "8 texts, 2 integers"."""
    counts = (
        ("text", facts.texts),
        ("integer", facts.integers),
        ("real", facts.reals),
        ("blob", facts.blobs),
    )
    present = sorted(((name, count) for name, count in counts if count), key=lambda pair: -pair[1])
    return ", ".join(f"{count:,} {name}{'s' * (count != 1)}" for name, count in present)


def _with_blobs(facts: ColumnFacts) -> Base:
    if facts.classes == ("blob",):
        return Base(TargetType(Kind.BYTEA), _all_are(facts, "a blob", "blobs"))
    reason = f"blobs and other values are mixed ({census_of_classes(facts)}): only bytes hold all"
    return Base(TargetType(Kind.BYTEA), reason, mixed=True)


def _with_texts(facts: ColumnFacts) -> Base:
    if facts.classes == ("text",):
        return Base(TargetType(Kind.TEXT), _all_are(facts, "a text", "texts"))
    reason = (
        f"texts and numbers are mixed ({census_of_classes(facts)}): "
        "text holds all, numbers as SQLite prints them"
    )
    return Base(TargetType(Kind.TEXT), reason, mixed=True)


def _numbers(column: SourceColumn, facts: ColumnFacts) -> Base:
    if not facts.reals:
        return _whole_numbers(column, facts)
    if not facts.integers:
        reason = _all_are(facts, "a floating point number", "floating point numbers")
        return Base(TargetType(Kind.DOUBLE), reason, mixed=column.affinity is Affinity.INTEGER)
    if facts.integers_beyond_double:
        reason = (
            f"whole and fractional numbers are mixed ({census_of_classes(facts)}), and "
            f"{values(facts.integers_beyond_double)} beyond 2^53 would be rounded in a float"
        )
        return Base(TargetType(Kind.NUMERIC), reason, mixed=True)
    reason = f"whole and fractional numbers are mixed ({census_of_classes(facts)})"
    return Base(TargetType(Kind.DOUBLE), reason, mixed=column.affinity is Affinity.INTEGER)


def _whole_numbers(column: SourceColumn, facts: ColumnFacts) -> Base:
    reason = _all_are(facts, "a whole number", "whole numbers")
    open_to_fractions = column.affinity in (Affinity.NUMERIC, Affinity.REAL)
    if open_to_fractions and not WHOLE.intersection(type_words(column.declared)):
        reason += f", and a column declared {column.declared} may get fractions"
        return Base(TargetType(Kind.NUMERIC), reason)
    return Base(TargetType(Kind.BIGINT), reason)


def _without_values(column: SourceColumn) -> Base:
    declared = f"declared {column.declared}" if column.declared else "declared without a type"
    return Base(
        TargetType(kind_without_values(column.declared, column.affinity)),
        f"there are no values; it is {declared}",
    )


def _all_are(facts: ColumnFacts, one: str, many: str) -> str:
    return all_are(facts.values, one if facts.values == 1 else many)
