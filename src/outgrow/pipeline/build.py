"""Build in staging: tables, rows, then everything that is quicker to make after the rows.

Every step is journalled in the transaction that does it, so that an interrupted run continues
where it was. While the rows of one table arrive, the keys and indexes of the tables before it are
built on connections of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import psycopg
from psycopg import errors

from outgrow.errors import DecisionNeeded, define
from outgrow.load.aside import SetAside
from outgrow.load.copying import TOO_LARGE, Loaded, TableLoader
from outgrow.load.fast.encoder import Encoder
from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.steps import UNBUILT_MARK, WEAKER_MARK, Construction, ObjectKind, Phase, Step
from outgrow.model.types import OnBad
from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.journal import Run, correct, keep_originals, record
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.workers import Workers
from outgrow.postgres.failures import explain
from outgrow.postgres.identifiers import qualified

Connection = psycopg.Connection[Any]

UNBUILT = define("OG-531", "PostgreSQL could not build an object over the rows")

#: What the journal calls the rows of a table, before its name.
LOAD = "load:"

#: Failures that are about one object and its rows, not about the server or the connection.
_ABOUT_THE_OBJECT = (
    errors.IntegrityError,
    errors.DataError,
    errors.ProgramLimitExceeded,
    errors.ProgrammingError,
    errors.NotSupportedError,
)


@dataclass(slots=True)
class Build:
    """One run's work in its staging schema."""

    assessment: Assessment
    construction: Construction
    run: Run
    on_bad: OnBad
    connect: Callable[[], Connection]
    progress: Progress
    encoder: Encoder
    jobs: int = 1
    loaded: dict[str, Loaded] = field(default_factory=dict)
    weaker: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def tables(self, connection: Connection) -> None:
        """Create the empty tables."""
        for step in self._steps(Phase.BEFORE_DATA):
            self._do(connection, step)

    def rows_and_keys(self, connection: Connection) -> None:
        """Load every table, largest first, and build keys and indexes behind it."""
        after: dict[str, list[Step]] = defaultdict(list)
        last: list[Step] = []
        for step in self._steps(Phase.AFTER_DATA):
            (after[step.table] if step.kind in _OF_ONE_TABLE else last).append(step)
        census = self.assessment.census.tables
        tables = sorted(self._included(), key=lambda table: -census[table.name].bytes)
        with Workers(self.connect, self.jobs, connection) as workers:
            started = monotonic()
            for table in tables:
                self._load(connection, table)
                workers.submit(self._complete(table), after[table.name])
            self.seconds["load"] = monotonic() - started
            self._finish(connection, workers, last)
        self.seconds["indexes"] = monotonic() - started
        self._set_sequences(connection)

    def _finish(self, connection: Connection, workers: Workers, last: list[Step]) -> None:
        """Wait for the keys and indexes of each table, then make what concerns several tables."""
        total = len(self._steps(Phase.AFTER_DATA))
        with self.progress.task("build keys and indexes", total, unit="objects") as advance:
            for done in workers.wait():
                advance(done)
            for number, step in enumerate(last):
                self._do(connection, step)
                advance(total - len(last) + number + 1)

    def _steps(self, phase: Phase) -> list[Step]:
        return [step for step in self.construction.steps if step.phase is phase]

    def _included(self) -> list[SourceTable]:
        plan = self.assessment.plan
        return [each for each in self.assessment.source.tables if plan.table(each.name).include]

    def _load(self, connection: Connection, table: SourceTable) -> None:
        step = f"{LOAD}{table.name}"
        if step in self.run.done:
            self.loaded[table.name] = Loaded(**self.run.done[step])
            return
        plan = self.assessment.plan.table(table.name)
        facts = self.assessment.census.tables[table.name]
        with self.progress.task(f"load {table.name}", facts.rows) as advance:
            loader = _loader(
                self.assessment,
                table,
                self.on_bad,
                encoder=self.encoder if self.encoder.takes(facts.bytes) else None,
                schema=self.run.staging,
                generated=self._generated(table),
                keep=lambda originals: keep_originals(
                    connection,
                    self.run,
                    (self.assessment.plan.schema, plan.name),
                    self.assessment.source.encoding,
                    originals,
                ),
                progress=advance,
            )
            try:
                with connection.transaction():
                    loaded = self.loaded[table.name] = loader.load(connection)
                    record(connection, self.run, step, loaded.as_dict())
                    if loader.uncomputed:
                        made = self._made(table).id
                        correct(connection, self.run, made, {WEAKER_MARK: loader.uncomputed})
            except errors.ProgramLimitExceeded as error:
                raise self._too_large(table, error) from None

    def _too_large(self, table: SourceTable, error: psycopg.Error) -> DecisionNeeded:
        return DecisionNeeded(
            TOO_LARGE,
            f"one of its rows is too large to be kept in quarantine: {error.diag.message_primary}",
            where=self.assessment.source.where(table.name),
            fix="Leave the table out with --exclude, or shorten its longest values",
        )

    def _made(self, table: SourceTable) -> Step:
        """The step that makes a table."""
        return next(
            step
            for step in self.construction.steps
            if step.kind is ObjectKind.TABLES and step.table == table.name
        )

    def _generated(self, table: SourceTable) -> frozenset[str]:
        """The columns that PostgreSQL computes, if it can."""
        made = self._made(table).id
        if made in self.weaker or WEAKER_MARK in (self.run.done.get(made) or {}):
            return frozenset()
        return frozenset(
            built.name
            for built in self.construction.built
            if built.kind is ObjectKind.GENERATED and built.table == table.name
        )

    def _complete(self, table: SourceTable) -> Callable[[Connection, list[Step]], None]:
        """Give the work on a loaded table: its keys and indexes, then statistics about them."""
        name = qualified(self.run.staging, self.assessment.plan.table(table.name).name)

        def work(connection: Connection, steps: list[Step]) -> None:
            for step in steps:
                self._do(connection, step)
            with connection.transaction():
                connection.execute(f"ANALYZE {name}")

        return work

    def _do(self, connection: Connection, step: Step) -> None:
        """Run a step once; what fails because of its own object is listed, not fatal."""
        if step.id in self.run.done:
            return
        try:
            with connection.transaction():
                connection.execute(step.sql)
                record(connection, self.run, step.id)
        except errors.InsufficientPrivilege:
            raise
        except _ABOUT_THE_OBJECT as error:
            if step.phase is Phase.BEFORE_DATA and not step.otherwise:
                where = self.assessment.source.where(step.table)
                raise explain(error, where, connection) from error
            self._otherwise(connection, step, _said(error))

    def _otherwise(self, connection: Connection, step: Step, reason: str) -> None:
        if step.otherwise:
            try:
                with connection.transaction():
                    connection.execute(step.otherwise)
                    record(connection, self.run, step.id, {WEAKER_MARK: reason})
                    self.weaker.add(step.id)
                    return
            except _ABOUT_THE_OBJECT as error:
                reason = _said(error)
                if step.phase is Phase.BEFORE_DATA:
                    where = self.assessment.source.where(step.table)
                    raise explain(error, where, connection) from error
        told = f"{UNBUILT} PostgreSQL can't build it over the rows: {reason}"
        record(connection, self.run, step.id, {UNBUILT_MARK: told})

    def _set_sequences(self, connection: Connection) -> None:
        """Set each sequence past every id that SQLite has given or holds.

        AUTOINCREMENT remembers deleted ids too (https://www.sqlite.org/autoinc.html).
        """
        given = self.assessment.source.sequences or {}
        for table in self._included():
            if not table.rowid_alias:
                continue
            plan = self.assessment.plan.table(table.name)
            facts = self.assessment.census.tables[table.name].column(table.rowid_alias)
            last = max(facts.max_integer or 0, given.get(table.name, 0))
            relation = qualified(self.run.staging, plan.name)
            column = plan.column(table.rowid_alias).name
            connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                (relation, column, max(last, 1), last > 0),
            )


def _said(error: psycopg.Error) -> str:
    """Give the server's words, with the values they are about."""
    detail = error.diag.message_detail or ""
    said = f"{error.diag.message_primary}. {detail}" if detail else f"{error.diag.message_primary}"
    return " ".join(said.rstrip(".").split())


def _loader(
    assessment: Assessment,
    table: SourceTable,
    on_bad: OnBad,
    *,
    schema: str,
    generated: frozenset[str],
    keep: Callable[[Iterable[SetAside]], int],
    progress: Callable[[int], None],
    encoder: Encoder | None = None,
) -> TableLoader:
    return TableLoader(
        snapshot=assessment.snapshot,
        table=table,
        plan=assessment.plan.table(table.name),
        facts=assessment.census.tables[table.name],
        schema=schema,
        encoding=assessment.source.encoding,
        on_bad=on_bad,
        generated=generated,
        keep=keep,
        progress=progress,
        where=assessment.source.where(table.name),
        row_file=assessment.united.row_files.get(fold(table.name)) or "''",
        encoder=encoder,
    )


def foreseen(assessment: Assessment, on_bad: OnBad) -> dict[str, Loaded]:
    """Tell what loading would come to, by table, as far as it is known without PostgreSQL."""
    return {
        table.name: _loader(
            assessment,
            table,
            on_bad,
            schema="",
            generated=frozenset(),
            keep=lambda originals: sum(1 for _ in originals),
            progress=lambda done: None,
        ).foreseen()
        for table in assessment.source.tables
        if assessment.plan.table(table.name).include
    }


_OF_ONE_TABLE = (
    ObjectKind.PRIMARY_KEYS,
    ObjectKind.UNIQUE,
    ObjectKind.CHECKS,
    ObjectKind.INDEXES,
)
