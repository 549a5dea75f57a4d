"""What a migration has published, held against its files at any later time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.load.copying import Loaded
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.pipeline.assess import Assessment, all_findings
from outgrow.pipeline.build import LOAD
from outgrow.pipeline.forgotten import forgotten
from outgrow.pipeline.journal import steps_of
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.result import Outcome, Status, sound_status
from outgrow.pipeline.session import server_version
from outgrow.pipeline.settled import settled
from outgrow.postgres.catalog import tables_among
from outgrow.postgres.target import Target
from outgrow.verify.drift import EXPECTED_SCHEMA, drifted
from outgrow.verify.places import Places
from outgrow.verify.run import Verification, verify

NOT_COMPARED = define("OG-615", "A table that is in the target was not compared")

Connection = psycopg.Connection[Any]


def compared(
    assessment: Assessment,
    connection: Connection,
    run: int,
    *,
    target: Target,
    progress: Progress,
    values: bool = True,
) -> Outcome:
    """Compare files with what a run has made of them; without ``values`` its objects alone.

    Raises:
        SourceError: SQLite can't read a table.
        psycopg.Error: the connection is lost, or the server's catalog can't be read.

    """
    started = monotonic()
    schema = assessment.plan.schema
    steps = steps_of(connection, run)
    construction = settled(assessment.construction(schema=schema), steps, assessment.source.where)
    verification = verify(
        assessment.snapshot,
        connection,
        assessment.source,
        assessment.census,
        assessment.plan,
        construction,
        schema=schema,
        run=run,
        values=values,
        progress=progress,
        target=target,
    )
    changed = (
        *drifted(
            connection,
            assessment.construction(schema=EXPECTED_SCHEMA),
            steps,
            schema=schema,
            where=Places(assessment.source, assessment.plan, construction.built).where,
        ),
        *forgotten(connection, run, assessment),
    )
    loaded = _counts(verification, steps) if values else _journalled(assessment, steps)
    status = Status.MISMATCH
    drift = any(each.severity is Severity.ERROR for each in changed)
    if verification.ok and not drift:
        status = sound_status(construction.missing, loaded, compared=values)
    return Outcome(
        status=status,
        files=assessment.files,
        source=assessment.source,
        united=assessment.united,
        plan=assessment.plan,
        objects=verification.objects,
        missing=construction.missing,
        findings=(
            *all_findings(assessment, construction),
            *verification.all_findings,
            *changed,
            *_passed_over(connection, assessment),
        ),
        loaded=loaded,
        seconds={"verify": monotonic() - started},
        server_version=server_version(connection),
    )


def _passed_over(connection: Connection, assessment: Assessment) -> Iterator[Finding]:
    """Tell of tables that this run left out, and that are in the target all the same.

    An earlier run may have moved them: what holds of the others is not known of them.
    """
    taking_part = {fold(each.source) for each in assessment.plan.tables if each.include}
    left = {
        fold(table.name): file.where(table.name)
        for file in assessment.files
        for table in file.tables
        if fold(table.name) not in taking_part
    }
    for name in tables_among(connection, assessment.plan.schema, left):
        says = "the last migration left it out: the table of its name was not compared"
        fix = "To have it compared, migrate all tables at once, with --replace"
        yield Finding(NOT_COMPARED, Severity.WARNING, left[name], says, fix)


def _counts(verification: Verification, journal: Mapping[str, Any]) -> dict[str, Loaded]:
    """Count what the comparison found; the journal knows which file's rows were set aside."""
    return {
        table.table: Loaded(
            table.rows_source,
            table.rows_target,
            table.refused,
            table.repaired + table.nullified,
            (journal.get(f"{LOAD}{table.table}") or {}).get("of_files", {}),
        )
        for table in verification.tables
    }


def _journalled(assessment: Assessment, journal: Mapping[str, Any]) -> dict[str, Loaded]:
    """Count what the run itself has counted."""
    return {
        table.name: Loaded(**journal[f"{LOAD}{table.name}"])
        for table in assessment.source.tables
        if assessment.plan.table(table.name).include
    }
