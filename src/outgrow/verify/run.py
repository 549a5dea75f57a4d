"""The whole verification: objects, rows, views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import psycopg

from outgrow.errors import SourceError, define
from outgrow.model.census import Census
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.plan import Plan, TablePlan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.steps import Construction, Counts, ObjectKind
from outgrow.postgres.catalog import read_catalog
from outgrow.postgres.target import Target
from outgrow.sqlite.failures import reading
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot
from outgrow.sqlite.strangers import unreadable_columns
from outgrow.verify.differences import Difference, TableComparison
from outgrow.verify.inspection import Inspection
from outgrow.verify.objects import inspect_objects
from outgrow.verify.quarantine import Quarantined
from outgrow.verify.second import Place, Task, share
from outgrow.verify.values import compare_table
from outgrow.verify.view_sources import is_random, may_differ
from outgrow.verify.views import compare_view

NOT_COMPARED = define("OG-606", "The rows of a view could not be compared.")
MORE = define("OG-607", "There are more differences than those told one by one.")

VIEW_FOLLOWS = define(
    "OG-608", "A view differs because it reads what was repaired, made NULL or refused."
)

#: Differences of one table or view that become findings; the rest is one finding more.
_TOLD = 20


class Progress(Protocol):
    """Someone who shows how far a table is."""

    def task(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a task of ``total`` rows; what is given is called with the rows done so far."""
        ...


@dataclass(frozen=True, slots=True)
class Verification:
    """What verification found. ``tables`` and ``views`` are named as in the source."""

    tables: tuple[TableComparison, ...]
    views: tuple[TableComparison, ...]
    findings: tuple[Finding, ...]
    view_findings: Mapping[str, tuple[Finding, ...]]
    objects: Mapping[ObjectKind, Counts]

    @property
    def ok(self) -> bool:
        """Whether nothing differs but what is accounted for."""
        return self.tables_ok and not self.unlike_views

    @property
    def tables_ok(self) -> bool:
        """Whether every row of a table and every object is as it should be."""
        return not any(each.severity is Severity.ERROR for each in self.findings)

    @property
    def unlike_views(self) -> dict[str, str]:
        """What is different first, by the name of each view that gives other rows."""
        return {
            view: findings[0].says
            for view, findings in self.view_findings.items()
            if any(each.severity is Severity.ERROR for each in findings)
        }

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings about tables and objects, then those about views."""
        about_views = (each for found in self.view_findings.values() for each in found)
        return (*self.findings, *about_views)


def verify(
    snapshot: Snapshot,
    connection: psycopg.Connection[Any],
    source: SourceDatabase,
    census: Census,
    plan: Plan,
    construction: Construction,
    *,
    schema: str,
    run: int | None = None,
    values: bool = True,
    progress: Progress,
    target: Target | None = None,
) -> Verification:
    """Compare every value of every table, every object and every view's rows.

    Args:
        snapshot: the source.
        connection: the target; nothing in it is changed.
        source: the source's catalog.
        census: sizes of values, and rows that break a foreign key.
        plan: what each column was to become; its schema is the one that quarantine names.
        construction: the objects that should be there.
        schema: where they are now: staging, or the published schema.
        run: the run whose quarantine counts; ``None`` for all.
        values: whether rows are compared, those of tables and of views; objects always are.
        progress: told of each table.
        target: where ``connection`` leads to; a second process may then help.

    Raises:
        SourceError: SQLite can't read a table.
        psycopg.Error: the connection is lost, or the server's catalog can't be read.

    """
    inspection = Inspection(
        source,
        census,
        plan,
        construction.built,
        read_catalog(connection, schema),
        _largest_ids(snapshot, source),
    )
    counts, findings = inspect_objects(inspection)
    work = _Work(snapshot, connection, source, census, plan, construction, schema)
    quarantine = Quarantined(connection, plan.schema, run)
    tables = tuple(work.tables(quarantine, progress, target)) if values else ()
    compared, notes = work.views(progress) if values else ((), ())
    return Verification(
        tables,
        compared,
        (
            *(finding for each in tables for finding in _findings(source, each)),
            *findings,
            *notes,
        ),
        {each.table: tuple(work.about_view(each, tables)) for each in compared},
        counts,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    snapshot: Snapshot
    connection: psycopg.Connection[Any]
    source: SourceDatabase
    census: Census
    plan: Plan
    construction: Construction
    schema: str

    def tables(
        self, quarantine: Quarantined, progress: Progress, target: Target | None
    ) -> list[TableComparison]:
        def here(task: Task) -> TableComparison:
            rows = task.facts.rows if task.facts else 0
            with progress.task(f"verify {task.table.name}", rows) as advance:
                return compare_table(
                    self.snapshot.connection,
                    self.connection,
                    task.table,
                    task.plan,
                    schema=self.schema,
                    facts=task.facts,
                    quarantine=quarantine,
                    progress=advance,
                )

        tasks = [
            Task(table, self._readable(table, plan), self.census.tables.get(table.name))
            for table in self.source.tables
            if (plan := self.plan.table(table.name)).include
        ]
        source = self.snapshot.address() if target else None
        place = (
            source
            and target
            and Place(source, target, self.schema, quarantine.schema, quarantine.run)
        )
        return share(tasks, place or None, here)

    def _readable(self, table: SourceTable, plan: TablePlan) -> TablePlan:
        """Leave out the columns that only the application can compute: SQLite has no value."""
        unreadable = unreadable_columns(self.snapshot, table)
        columns = tuple(each for each in plan.columns if each.source not in unreadable)
        return replace(plan, columns=columns) if unreadable else plan

    def views(self, progress: Progress) -> tuple[tuple[TableComparison, ...], tuple[Finding, ...]]:
        """Compare the views; gives what could not be compared, too."""
        sources = {fold(view.name): view for view in self.source.views}
        compared: list[TableComparison] = []
        notes: list[Finding] = []
        for built in self.construction.views:
            view = sources[fold(built.source)]
            if is_random(view):
                notes.append(self._not_compared(view.name, "it gives other rows each time"))
                continue
            try:
                with progress.task(f"verify {view.name}", 0):
                    compared.append(
                        compare_view(
                            self.snapshot.connection,
                            self.connection,
                            view,
                            built,
                            schema=self.schema,
                        )
                    )
            except (SourceError, UnicodeDecodeError) as error:
                notes.append(self._not_compared(view.name, f"SQLite can't run it: {error}"))
        return tuple(compared), tuple(notes)

    def about_view(
        self, compared: TableComparison, tables: tuple[TableComparison, ...]
    ) -> Iterable[Finding]:
        """Tell a view's differences; one line where it reads what rightly differs."""
        view = next(view for view in self.source.views if view.name == compared.table)
        if compared.ok or not may_differ(view, self.source.views, tables):
            return _findings(self.source, compared)
        says = (
            f"its rows differ in {compared.total:,} places, as it reads rows or values that "
            "PostgreSQL could not hold; they are in quarantine"
        )
        return [Finding(VIEW_FOLLOWS, Severity.WARNING, self.source.where(view.name), says)]

    def _not_compared(self, view: str, says: str) -> Finding:
        where = self.source.where(view)
        return Finding(NOT_COMPARED, Severity.INFO, where, f"its rows were not compared: {says}")


def _largest_ids(snapshot: Snapshot, source: SourceDatabase) -> dict[str, int]:
    largest = {}
    for table in source.tables:
        if table.rowid_alias:
            column, name = quote_identifier(table.rowid_alias), quote_identifier(table.name)
            with reading(snapshot, table.name):
                sql = f"SELECT max({column}) FROM main.{name}"
                (value,) = next(iter(snapshot.connection.execute(sql)))
            largest[table.name] = value or 0
    return largest


def _findings(source: SourceDatabase, compared: TableComparison) -> Iterator[Finding]:
    """Tell the differences of a table or view."""
    for difference in compared.differences[:_TOLD]:
        where = source.where(difference.table, difference.column or "")
        yield Finding(difference.code, Severity.ERROR, where, _says(difference))
    untold = compared.total - min(len(compared.differences), _TOLD)
    if untold > 0:
        says = f"{untold:,} more values or rows differ"
        yield Finding(MORE, Severity.ERROR, source.where(compared.table), says)


def _says(difference: Difference) -> str:
    parts = [difference.says]
    if difference.key:
        parts.append(f"at {difference.key}")
    if difference.source_value is not None:
        parts.append(f"source {difference.source_value}")
    if difference.target_value is not None:
        parts.append(f"target {difference.target_value}")
    return "; ".join(parts)
