"""Indexes, views, triggers and virtual tables of all files: one where they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import apsw

from outgrow.model.findings import Severity
from outgrow.model.homes import Home
from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.source import SourceIndex, SourceTable, SourceTrigger, SourceView, VirtualTable
from outgrow.model.steps import ObjectKind
from outgrow.sqlite.catalog import SchemaRow
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.keys import Signature, keys_of
from outgrow.unite.labels import prefix
from outgrow.unite.naming import free_name
from outgrow.unite.parts import Part
from outgrow.unite.renaming import rename_view, renamed, without_unique
from outgrow.unite.wording import RENAMED, Ledger
from outgrow.unite.writing import normal

_DIFFERS = "another file has another definition under that name"


@dataclass(slots=True)
class Objects:
    """Makes what stands on the tables; the tables and their rows are there.

    Args:
        bench: the connection.
        ledger: told of everything that is called otherwise or left out.
        relations: the home of each table, view and index that is there, by folded name.
        given_up: by folded table: what keys that were given up forbade, and why.
        taken: every name of a relation in any file, folded.
        triggers: the home of each trigger that is there.

    """

    bench: Bench
    ledger: Ledger
    relations: dict[str, Home]
    given_up: Mapping[str, Mapping[Signature, str]]
    taken: set[str]
    triggers: dict[str, Home] = field(default_factory=dict)
    _known: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def make(self, parts: list[Part]) -> None:
        """Make everything, file by file."""
        for part in parts:
            for table in part.source.tables:
                for index in table.indexes:
                    self._index(part, table, index)
        for part in map(self._views, parts):
            for virtual in part.source.virtual_tables:
                self._virtual_table(part, virtual)
            for trigger in part.source.triggers:
                self._trigger(part, trigger)
            self._damaged(part)

    def _is_known(self, kind: str, name: str, sql: str) -> bool | None:
        """Whether an object of that name is there with the same definition; ``None``: no object."""
        words = self._known.get((kind, fold(name)))
        return None if words is None else words == normal(sql)

    def _rename(self, kind: str, part: Part, name: str, taken: set[str]) -> str:
        new = free_name(prefix(part.label) + name, taken)
        self.ledger.renamed.append(Renamed(kind, f"{part.label}:{name}", new, _DIFFERS))
        says = f"{_DIFFERS}; it is called {new}"
        self.ledger.tell(RENAMED, f"{part.label}:{name}", says, severity=Severity.WARNING)
        return new

    def _make(self, part: Part, kind: ObjectKind, table: str, name: str, sql: str) -> bool:
        """Make an object; where SQLite refuses, it is left out with SQLite's reason."""
        try:
            self.bench.run(sql)
        except (apsw.SQLError, apsw.ConstraintError) as error:
            reason = f"SQLite can't make it in the united database: {error}"
            self.ledger.leave_out(kind, table, name, f"{part.label}:{name}", reason)
            return False
        return True

    # Indexes

    def _index(self, part: Part, table: SourceTable, index: SourceIndex) -> None:
        name, sql = index.name, index.sql
        known = self._is_known("index", name, sql)
        if known:
            return
        if known is False or fold(name) in self.relations:
            name = self._rename("index", part, name, self.taken)
            sql = renamed(sql, name)
        self._known["index", fold(name)] = normal(sql)
        reason = self._reason(table, index)
        if reason:
            where = f"{part.label}:{index.name}"
            self.ledger.leave_out(ObjectKind.UNIQUE, table.name, index.name, where, reason)
            sql = without_unique(sql)
        if self._make(part, ObjectKind.INDEXES, table.name, name, sql):
            self.relations[fold(name)] = (part.label, index.name)

    def _reason(self, table: SourceTable, index: SourceIndex) -> str:
        """Say why an index can't be unique any more, '' if it can."""
        given_up = self.given_up.get(fold(table.name), {})
        for key in keys_of(table):
            if key.index == index.name and key.signature in given_up:
                return given_up[key.signature]
        return ""

    # Views

    def _views(self, part: Part) -> Part:
        """Make the views of a file; give the file as it is with those that were renamed."""
        while True:
            clash = next((view for view in part.source.views if self._clashes(view)), None)
            if clash is None:
                break
            part = rename_view(part, clash.name, self._rename("view", part, clash.name, self.taken))
        for view in part.source.views:
            if self._is_known("view", view.name, view.sql):
                continue
            if self._make(part, ObjectKind.VIEWS, view.name, view.name, view.sql):
                self._known["view", fold(view.name)] = normal(view.sql)
                self.relations[fold(view.name)] = (part.label, view.name)
        return part

    def _clashes(self, view: SourceView) -> bool:
        known = self._is_known("view", view.name, view.sql)
        return known is False or (known is None and fold(view.name) in self.relations)

    # Triggers

    def _trigger(self, part: Part, trigger: SourceTrigger) -> None:
        name, sql = trigger.name, trigger.sql
        known = self._is_known("trigger", name, sql)
        if known:
            return
        if known is False:
            home = self.relations.get(fold(trigger.table))
            if home is None or home[0] != part.label:
                reason = f"{_DIFFERS}, and it stands on {trigger.table}, which has the rows of both"
                where = f"{part.label}:{name}"
                self.ledger.leave_out(ObjectKind.TRIGGERS, trigger.table, name, where, reason)
                return
            name = self._rename("trigger", part, name, set(self.triggers))
            sql = renamed(sql, name)
        self._known["trigger", fold(name)] = normal(sql)
        if self._make(part, ObjectKind.TRIGGERS, trigger.table, name, sql):
            self.triggers[fold(name)] = (part.label, trigger.name)

    # What only the catalog is told of

    def _virtual_table(self, part: Part, virtual: VirtualTable) -> None:
        """Enter a virtual table into the schema, its module needn't be there, and copy its shadows.

        https://www.sqlite.org/vtab.html, https://www.sqlite.org/pragma.html#pragma_writable_schema
        """
        if fold(virtual.name) in self.relations:
            if not self._is_known("virtual", virtual.name, virtual.sql):
                reason = "another file has something else of that name, and it can't be moved"
                where = f"{part.label}:{virtual.name}"
                self.ledger.leave_out(ObjectKind.TABLES, virtual.name, virtual.name, where, reason)
            return
        self._known["virtual", fold(virtual.name)] = normal(virtual.sql)
        self.relations[fold(virtual.name)] = (part.label, virtual.name)
        with self.bench.attached(part, virtual.name):
            for row in self._schema_of(part, virtual.shadows):
                if fold(row.name) in self.relations:
                    continue
                self.relations[fold(row.name)] = (part.label, row.name)
                self.bench.run(row.sql)
                into, origin = table_name("main", row.name), table_name(part.schema, row.name)
                self.bench.run(f"INSERT INTO {into} SELECT * FROM {origin}")
        self.bench.connection.execute(
            "INSERT INTO main.sqlite_schema VALUES ('table', ?, ?, 0, ?)",
            (virtual.name, virtual.name, virtual.sql),
        )

    def _schema_of(self, part: Part, names: tuple[str, ...]) -> list[SchemaRow]:
        wanted = set(map(fold, names))
        found = self.bench.rows(
            f"SELECT type, name, tbl_name, sql FROM {part.schema}.sqlite_schema "
            "WHERE type = 'table'"
        )
        return [SchemaRow(*map(str, row)) for row in found if fold(str(row[1])) in wanted]

    def _damaged(self, part: Part) -> None:
        for name in part.source.damaged_tables:
            self._leave_out_damaged(part, ObjectKind.TABLES, name)
        for name in part.source.damaged_views:
            self._leave_out_damaged(part, ObjectKind.VIEWS, name)
        for table, name in part.source.damaged_indexes:
            self._leave_out_damaged(part, ObjectKind.INDEXES, name, table)

    def _leave_out_damaged(self, part: Part, kind: ObjectKind, name: str, table: str = "") -> None:
        reason = "SQLite can't load its definition"
        self.ledger.leave_out(kind, table or name, name, f"{part.label}:{name}", reason)
