"""The sheet that the parts of `ddl` write on while a construction is made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from outgrow.model.census import Census
from outgrow.model.findings import Finding
from outgrow.model.plan import Plan
from outgrow.model.source import SourceColumn, SourceDatabase, SourceTable
from outgrow.model.steps import Built, BuiltView, Construction, Missing, ObjectKind, Phase, Step
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.schema import ColumnInfo, Schema, TableInfo


@dataclass(slots=True)
class Draft:
    """What is known (above) and what was made of it so far (below).

    ``schema`` is where the objects are built; ``final`` is where they will live, which the bodies
    of trigger functions have to name.
    """

    source: SourceDatabase
    census: Census
    plan: Plan
    schema: str
    final: str
    names: Schema
    steps: list[Step] = field(default_factory=list)
    built: list[Built] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    views: list[BuiltView] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)
    _named: set[tuple[str, str]] = field(default_factory=set)
    _targets: dict[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        self._targets = dict(self.plan.names)

    def tables(self) -> list[SourceTable]:
        """The source tables that the plan includes, in source order."""
        return [table for table in self.source.tables if self.plan.table(table.name).include]

    def qualified(self, table: SourceTable) -> str:
        """The table's name in the schema where it is built, ready for SQL."""
        return qualified(self.schema, self.plan.table(table.name).name)

    def constraint(self, table: SourceTable, name: str) -> str:
        """Write the CONSTRAINT clause of a named constraint."""
        target = self.constraint_name(table, name)
        return f"CONSTRAINT {quote(target)} " if target else ""

    def constraint_name(self, table: SourceTable, name: str) -> str:
        """Give the target's name of a constraint, once.

        SQLite lets a table give one name twice; PostgreSQL then names the second itself.
        """
        if not name or (table.name, name) in self._named:
            return ""
        self._named.add((table.name, name))
        return self.target_name("constraint", f"{table.name}.{name}")

    def column_info(self, table: SourceTable, column: SourceColumn) -> ColumnInfo:
        """What the translation knows of a column."""
        info = self.info(table).column(column.name)
        assert info is not None
        return info

    def info(self, table: SourceTable) -> TableInfo:
        """What the translation knows of a table."""
        info = self.names.table(table.name)
        assert info is not None
        return info

    def target_name(self, kind: str, name: str) -> str:
        """The target's name for an index, view, trigger or constraint of the source."""
        return self._targets[kind, name]

    def add(
        self,
        phase: Phase,
        kind: ObjectKind | None,
        table: str,
        name: str,
        sql: str,
        *,
        otherwise: str = "",
    ) -> None:
        """Add a step; its id is the object and its number among the steps of that object."""
        stem = f"{kind.value if kind else 'comments'}:{table}:{name}"
        self._numbers[stem] += 1
        number = self._numbers[stem]
        self.steps.append(Step(f"{stem}#{number}", phase, kind, table, name, sql, otherwise))

    def made(self, kind: ObjectKind, table: str, name: str, target: str) -> None:
        """Note an object that the target has."""
        self.built.append(Built(kind, table, name, target))

    def miss(self, kind: ObjectKind, table: str, name: str, reason: str, instead: str = "") -> None:
        """Note an object that the target does not have, and why."""
        self.missing.append(Missing(kind, table, name, reason, instead))

    def finish(self) -> Construction:
        """Freeze what was drafted."""
        return Construction(
            steps=tuple(self.steps),
            built=tuple(self.built),
            missing=tuple(self.missing),
            renamed=self.plan.renamed,
            findings=tuple(self.findings),
            helpers=tuple(sorted(self.helpers)),
            views=tuple(self.views),
        )
