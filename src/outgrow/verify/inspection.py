"""What the checks of objects look at: the source, the decisions, and the live catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from outgrow.model.census import Census
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import Catalog, CatalogTable


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an object that is there. ``tolerable`` ones are told as warnings."""

    says: str
    tolerable: bool = False


@dataclass(frozen=True, slots=True)
class Inspection:
    """Both sides of every object.

    ``largest_ids`` gives the largest rowid of each source table that has a rowid alias.
    """

    source: SourceDatabase
    census: Census
    plan: Plan
    built: tuple[Built, ...]
    catalog: Catalog
    largest_ids: Mapping[str, int] = field(default_factory=dict)

    def of_kind(self, kind: ObjectKind) -> Iterator[Built]:
        """The objects of a kind that the target should have."""
        return (each for each in self.built if each.kind is kind)

    def source_table(self, built: Built) -> SourceTable:
        """The source table that an object belongs to."""
        return self.source.table(built.table)

    def table(self, name: str) -> CatalogTable | None:
        """What a source table became, if it is there."""
        return self.catalog.tables.get(self.plan.table(name).name)

    def column_names(self, table: str, columns: Iterable[str]) -> tuple[str, ...]:
        """What source columns are called in the target."""
        plan = self.plan.table(table)
        return tuple(plan.column(column).name for column in columns)

    def target_name(self, kind: str, name: str) -> str:
        """The target's name of another object than a table; raises KeyError."""
        return dict(self.plan.names)[kind, name]

    def where(self, built: Built) -> str:
        """The place of an object as a person is told it."""
        if fold(built.table) == fold(built.name):
            return self.source.where(built.name)
        if built.kind is ObjectKind.TRIGGERS:
            return self.source.where_trigger(built.name)
        if built.kind in (ObjectKind.INDEXES, ObjectKind.VIEWS):
            return self.source.where(built.name)
        return self.source.where(built.table, built.name)


class Check(Protocol):
    """A module of `checks`: one kind of object."""

    KIND: ObjectKind

    @staticmethod
    def in_source(source: SourceDatabase) -> int:
        """How many objects of the kind the source declares."""
        ...

    @staticmethod
    def look(built: Built, inspection: Inspection) -> list[Problem] | None:
        """What is wrong with an object; ``None`` when it is not there."""
        ...
