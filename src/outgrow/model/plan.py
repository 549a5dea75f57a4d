"""Decisions: what every table and column becomes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.census import Example
from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.types import Policy, TargetType


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What a column becomes. ``source`` is SQLite's spelling, ``name`` the target's.

    ``reason`` is one sentence for people; it rests on ``evidence`` and ``counterexamples``.
    ``quarantined`` counts values that will become NULL under ``eager``; their originals go to
    quarantine. ``repaired`` counts values that the census says PostgreSQL can't hold as they are.
    """

    source: str
    name: str
    type: TargetType
    reason: str
    evidence: tuple[str, ...] = ()
    counterexamples: tuple[Example, ...] = ()
    overridden: bool = False
    quarantined: int = 0
    repaired: int = 0


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What a table becomes.

    ``unique`` holds the column sets that the plan file adds as UNIQUE so that a foreign key can
    stand; ``cascade`` the foreign keys (by their columns) that the plan file gives CASCADE.
    """

    source: str
    name: str
    columns: tuple[ColumnPlan, ...]
    include: bool = True
    identity: str = "serial"
    unique: tuple[tuple[str, ...], ...] = ()
    cascade: tuple[tuple[str, ...], ...] = ()
    _columns: Mapping[str, ColumnPlan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_columns", {fold(each.source): each for each in self.columns})

    def column(self, source: str) -> ColumnPlan:
        """The decision for a source column, in any case; raises KeyError."""
        return self._columns[fold(source)]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A source name that could not be kept in the target as it was (beyond lower-casing)."""

    kind: str
    source: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Every decision for one file. ``schema`` is the target schema.

    ``names`` maps every other object (index, view, trigger, constraint) from the source's name to
    the target's: pairs of (kind, source name) and target name.
    """

    file: str
    policy: Policy
    schema: str
    tables: tuple[TablePlan, ...]
    names: tuple[tuple[tuple[str, str], str], ...] = ()
    renamed: tuple[Renamed, ...] = ()
    findings: tuple[Finding, ...] = ()
    _tables: Mapping[str, TablePlan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", {fold(each.source): each for each in self.tables})

    def table(self, source: str) -> TablePlan:
        """The decision for a source table, in any case; raises KeyError."""
        return self._tables[fold(source)]
