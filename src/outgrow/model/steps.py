"""The ordered statements that build a target, and what could not be built."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from outgrow.model.findings import Finding
from outgrow.model.plan import Renamed
from outgrow.model.types import TargetType


class ObjectKind(StrEnum):
    """The kinds of objects that are counted on both sides."""

    TABLES = "tables"
    INDEXES = "indexes"
    PRIMARY_KEYS = "primary_keys"
    UNIQUE = "unique"
    FOREIGN_KEYS = "foreign_keys"
    CHECKS = "checks"
    NOT_NULL = "not_null"
    DEFAULTS = "defaults"
    GENERATED = "generated"
    VIEWS = "views"
    TRIGGERS = "triggers"
    SEQUENCES = "sequences"


class Phase(StrEnum):
    """When a step runs."""

    BEFORE_DATA = "before data"
    AFTER_DATA = "after data"


#: What a step leaves in the journal, with the reason, when it did not come to what was meant.
WEAKER_MARK = "weaker"
UNBUILT_MARK = "unbuilt"


@dataclass(frozen=True, slots=True)
class Step:
    """One statement. ``id`` is stable for the same source, plan and version (the journal's key).

    ``otherwise`` is tried when the data break what the statement demands: a weaker form. That of
    a table has no generated columns: their values arrive as those of ordinary ones.
    """

    id: str
    phase: Phase
    kind: ObjectKind | None
    table: str
    name: str
    sql: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A source object that the target will not have, and why.

    ``instead`` is SQL for the schema file, written as a comment there.
    """

    kind: ObjectKind
    table: str
    name: str
    reason: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A source object that the target has: what verification looks for."""

    kind: ObjectKind
    table: str
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects of a kind the source declares and the target has."""

    source: int = 0
    target: int = 0


@dataclass(frozen=True, slots=True)
class BuiltView:
    """A view of the target: its names on both sides and the types of its columns."""

    source: str
    target: str
    columns: tuple[tuple[str, TargetType], ...]


@dataclass(frozen=True, slots=True)
class Construction:
    """All that `ddl` made of a source and its plan.

    ``helpers`` names the functions of schema ``outgrow`` that the steps rely on.
    """

    steps: tuple[Step, ...]
    built: tuple[Built, ...]
    missing: tuple[Missing, ...]
    renamed: tuple[Renamed, ...] = ()
    findings: tuple[Finding, ...] = ()
    helpers: tuple[str, ...] = ()
    views: tuple[BuiltView, ...] = ()

    def targets(self, *kinds: ObjectKind) -> list[str]:
        """Give the names that objects of these kinds have in PostgreSQL."""
        return [built.target for built in self.built if built.kind in kinds]
