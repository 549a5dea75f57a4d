"""``outgrow verify``: compare a file with what a migration made of it, at any later time."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from outgrow.errors import TargetError, define
from outgrow.load.copying import Loaded
from outgrow.pipeline import home
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.journal import steps_of
from outgrow.pipeline.migrate import all_findings
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.result import Outcome, Status
from outgrow.pipeline.session import server_version, session
from outgrow.pipeline.settled import settled
from outgrow.postgres.target import Target
from outgrow.verify.drift import EXPECTED_SCHEMA, drifted
from outgrow.verify.run import Verification, verify

Connection = psycopg.Connection[Any]

NEVER_MIGRATED = define("OG-550", "No finished migration of this file is recorded in the target")


def verify_target(path: Path, target: Target, schema: str, progress: Progress) -> Outcome:
    """Compare every value and object.

    Raises:
        SourceError: the file can't be read.
        TargetError: the target can't be reached, or holds no migration of the file.

    """
    started = monotonic()
    with session(target) as connection:
        run, plan_text = _last_run(connection, path, schema)
        wishes = Wishes(schema=schema, plan_text=plan_text)
        with assessed(path, wishes, progress=progress) as assessment:
            census_seconds = monotonic() - started
            steps = steps_of(connection, run)
            construction = settled(
                assessment.construction(schema=schema), steps, assessment.source.where
            )
            verification = verify(
                assessment.snapshot,
                connection,
                assessment.source,
                assessment.census,
                assessment.plan,
                construction,
                schema=schema,
                run=run,
                progress=progress,
            )
            changed = drifted(
                connection,
                assessment.construction(schema=EXPECTED_SCHEMA),
                steps,
                schema=schema,
                where=assessment.source.where,
            )
            loaded = _counts(verification)
            whole = not construction.missing and not any(
                each.rows_refused or each.values_repaired for each in loaded.values()
            )
            status = Status.MISMATCH
            if verification.ok and not changed:
                status = Status.VERIFIED if whole else Status.INCOMPLETE
            return Outcome(
                status=status,
                source=assessment.source,
                plan=assessment.plan,
                objects=verification.objects,
                missing=construction.missing,
                findings=(
                    *all_findings(assessment, construction),
                    *verification.all_findings,
                    *changed,
                ),
                loaded=loaded,
                seconds={
                    "total": monotonic() - started,
                    "census": census_seconds,
                    "verify": monotonic() - started - census_seconds,
                },
                server_version=server_version(connection),
            )


def _last_run(connection: Connection, path: Path, schema: str) -> tuple[int, str]:
    """Find the last migration of the file, or of one of its name that was moved meanwhile."""
    row = None
    if home.exists(connection):
        row = connection.execute(
            "SELECT id, plan FROM outgrow.runs WHERE status = 'published' "
            "AND target_schema = %s AND right(source, length(%s)) = %s "
            "ORDER BY source = %s DESC, id DESC LIMIT 1",
            (schema, f"/{path.name}", f"/{path.name}", str(path.resolve())),
        ).fetchone()
    if row is None:
        raise TargetError(
            NEVER_MIGRATED,
            f"no finished migration of this file into schema {schema} is recorded",
            where=str(path),
            fix="Run outgrow migrate first, or name the schema with --schema",
        )
    return row[0], row[1]


def _counts(verification: Verification) -> dict[str, Loaded]:
    return {
        table.table: Loaded(
            table.rows_source,
            table.rows_target,
            table.refused,
            table.repaired + table.nullified,
        )
        for table in verification.tables
    }
