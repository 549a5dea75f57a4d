"""Where an object of the target is from: its place in the source, for a person."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.definitions import Named

_KINDS = {
    "index": ObjectKind.INDEXES,
    "view": ObjectKind.VIEWS,
    "trigger": ObjectKind.TRIGGERS,
    "function": ObjectKind.TRIGGERS,
}


_PRIMARY = ObjectKind.PRIMARY_KEYS

#: How PostgreSQL names what has no name: table, columns, and one of these
#: (https://www.postgresql.org/docs/current/sql-createtable.html says only that it does).
_SUFFIXES = {
    ObjectKind.FOREIGN_KEYS: "fkey",
    ObjectKind.UNIQUE: "key",
    ObjectKind.SEQUENCES: "seq",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Writes places in the source's spelling.

    A constraint that is told by its columns there is so here, if its name is PostgreSQL's own; one
    with another name keeps it.
    """

    source: SourceDatabase
    plan: Plan
    built: tuple[Built, ...]

    def where(self, named: Named) -> str:
        """Write the place of an object."""
        for each in self.built:
            if self._is(each, named):
                is_trigger = each.kind is ObjectKind.TRIGGERS
                where = self.source.where_trigger if is_trigger else self.source.where
                return where(each.name)
            if self._own_name(each) == named.name:
                return self.source.where(each.table, each.name)
        table = next((t for t in self.plan.tables if t.name == (named.table or named.name)), None)
        if table is None:
            return self.source.where(named.name)
        if not named.table:
            return self.source.where(table.source)
        columns = {column.name: column.source for column in table.columns}
        part = columns.get(named.name, named.name) if named.kind == "column" else named.name
        return self.source.where(table.source, part)

    @staticmethod
    def _is(built: Built, named: Named) -> bool:
        """Whether an object has its own name in the source."""
        return built.kind is _KINDS.get(named.kind) and built.target == named.name

    def _own_name(self, built: Built) -> str:
        """Give the name that PostgreSQL has given to an object of a table, if it has."""
        table = self.plan.table(built.table) if built.kind in (*_SUFFIXES, _PRIMARY) else None
        if table is None:
            return ""
        if built.kind is _PRIMARY:
            return f"{table.name}_pkey"
        return "_".join((table.name, *built.target.split(","), _SUFFIXES[built.kind]))
