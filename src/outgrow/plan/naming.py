"""Names in the target: lower-cased, short enough, and each its own.

The same source gives the same names always. Tables come before views, views before the indexes
of named keys, these before indexes; within a kind the first in source order keeps its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.errors import PlanError, define
from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.plan.derived_names import constraints_of, relations_of, sequence_of
from outgrow.plan.overrides import Overrides
from outgrow.plan.wording import cut
from outgrow.postgres.identifiers import MAX_NAME_BYTES
from outgrow.postgres.naming import SYSTEM_COLUMNS, Namespace

NAME_TAKEN = define("OG-205", "A name in the plan file can't be used in PostgreSQL")


@dataclass(frozen=True, slots=True)
class Names:
    """Every name in the target. Keys are folded source names, but in ``others``.

    ``others`` maps (kind, source name) of indexes, views, triggers and named constraints, where
    a constraint's source name is ``table.constraint``.
    """

    tables: dict[str, str]
    columns: dict[str, dict[str, str]]
    others: dict[tuple[str, str], str]
    renamed: tuple[Renamed, ...]


def _choose(space: Namespace, name: str, where: str) -> str:
    """Take a name that a person chose; raises PlanError when it can't be had."""
    if not name or "\0" in name or len(name.encode()) > MAX_NAME_BYTES:
        what = cut(f"{name!r} is not a name of 1 to {MAX_NAME_BYTES} bytes")
        raise PlanError(NAME_TAKEN, what, where=where, fix="Choose another name")
    if not space.is_free(name):
        what = f"the name {name!r} is taken by another object"
        raise PlanError(NAME_TAKEN, what, where=where, fix="Choose another name")
    space.reserve([name])
    return name


def names_of(source: SourceDatabase, overrides: Overrides) -> Names:
    """Name everything that the plan includes; raises PlanError for a chosen name that is taken."""
    return _Naming(source, overrides).run()


class _Naming:
    """One run over a file."""

    def __init__(self, source: SourceDatabase, overrides: Overrides) -> None:
        self.source = source
        self.overrides = overrides
        self.tables: dict[str, str] = {}
        self.columns: dict[str, dict[str, str]] = {}
        self.others: dict[tuple[str, str], str] = {}
        self.renamed: list[Renamed] = []
        self.relations = Namespace()

    def run(self) -> Names:
        included = [t for t in self.source.tables if self.overrides.table(t.name).include]
        for table in self.source.tables:
            self.columns[fold(table.name)] = self._columns(table)
        self._name_tables(included)
        for table in included:
            self._reserve_derived(table)
        for view in self.source.views:
            self._give(self.relations, "view", view.name, "view")
        for table in included:
            self._constraints(table)
        for table in included:
            for index in table.indexes:
                self._give(self.relations, "index", index.name, f"{self._of(table)}_index")
        triggers = Namespace()
        for trigger in self.source.triggers:
            self._give(triggers, "trigger", trigger.name, "trigger")
        return Names(self.tables, self.columns, self.others, tuple(self.renamed))

    def _of(self, table: SourceTable) -> str:
        return self.tables[fold(table.name)]

    def _name_tables(self, included: list[SourceTable]) -> None:
        self.relations.reserve(
            sequence_of(fold(table.name), self.columns[fold(table.name)][fold(table.rowid_alias)])
            for table in included
            if table.rowid_alias
        )
        # Chosen names come first: a default name makes way for them.
        for table in included:
            chosen = self.overrides.table(table.name).name
            if chosen is not None:
                where = self.source.where(table.name)
                self.tables[fold(table.name)] = _choose(self.relations, chosen, where)
                if chosen != fold(table.name):
                    self._note("table", table.name, chosen, "the plan file names it so")
        for table in self.source.tables:
            if not self.overrides.table(table.name).include:
                self.tables[fold(table.name)] = fold(table.name)
            elif fold(table.name) not in self.tables:
                name, reason = self.relations.give(table.name, "unnamed")
                self.tables[fold(table.name)] = name
                self._note("table", table.name, name, reason)

    def _columns(self, table: SourceTable) -> dict[str, str]:
        overrides = self.overrides.table(table.name)
        space = Namespace(SYSTEM_COLUMNS)
        found: dict[str, str] = {}
        for column in table.columns:
            chosen = overrides.column(column.name).name
            if chosen is not None:
                where = self.source.where(table.name, column.name)
                found[fold(column.name)] = _choose(space, chosen, where)
                if chosen != fold(column.name):
                    place = f"{table.name}.{column.name}"
                    self._note("column", place, chosen, "the plan file names it so")
        for position, column in enumerate(table.columns, start=1):
            if fold(column.name) not in found:
                name, reason = space.give(column.name, f"column_{position}")
                if fold(column.name) in SYSTEM_COLUMNS:
                    reason = "every PostgreSQL table has a system column of that name"
                found[fold(column.name)] = name
                self._note("column", f"{table.name}.{column.name}", name, reason)
        return found

    def _reserve_derived(self, table: SourceTable) -> None:
        name, columns = self._of(table), self.columns[fold(table.name)]
        if table.rowid_alias:
            self.relations.reserve([sequence_of(name, columns[fold(table.rowid_alias)])])
        more = self.overrides.table(table.name).unique
        self.relations.reserve(relations_of(table, name, columns, more))

    def _constraints(self, table: SourceTable) -> None:
        name, columns = self._of(table), self.columns[fold(table.name)]
        own = Namespace(constraints_of(table, name, columns))
        # A key and its index have one name.
        more = self.overrides.table(table.name).unique
        own.reserve(relations_of(table, name, columns, more))
        keys = (*([table.primary_key] if table.primary_key else ()), *table.unique)
        for key in keys:
            if key.name:
                given = self._give(self.relations, "constraint", key.name, "key", table.name)
                own.reserve([given])
        names = [check.name for check in table.checks] + [key.name for key in table.foreign_keys]
        for each in filter(None, names):
            # SQLite lets constraints share a name; the first one of a table has it here too.
            if ("constraint", f"{table.name}.{each}") not in self.others:
                self._give(own, "constraint", each, "constraint", table.name)

    def _give(
        self, space: Namespace, kind: str, source: str, otherwise: str, table: str | None = None
    ) -> str:
        # A table's name may be empty.
        place = source if table is None else f"{table}.{source}"
        name, reason = space.give(source, otherwise)
        self.others[kind, place] = name
        self._note(kind, place, name, reason)
        return name

    def _note(self, kind: str, source: str, target: str, reason: str) -> None:
        if reason:
            self.renamed.append(Renamed(kind, source, target, reason))
