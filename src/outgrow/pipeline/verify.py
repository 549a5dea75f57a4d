"""``outgrow verify``: compare files with what a migration made of them, at any later time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from outgrow.errors import TargetError, define
from outgrow.load.copying import Loaded
from outgrow.model.findings import Severity
from outgrow.pipeline import home, marker
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.journal import read_source, steps_of
from outgrow.pipeline.migrate import all_findings
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.result import Outcome, Status
from outgrow.pipeline.selection import Selection
from outgrow.pipeline.session import server_version, session
from outgrow.pipeline.settled import settled
from outgrow.postgres.failures import require_reading
from outgrow.postgres.target import Target
from outgrow.verify.drift import EXPECTED_SCHEMA, drifted
from outgrow.verify.places import Places
from outgrow.verify.run import Verification, verify

Connection = psycopg.Connection[Any]

NEVER_MIGRATED = define("OG-550", "No finished migration of these files is recorded in the target")


def verify_target(
    paths: Sequence[Path], target: Target, schema: str, progress: Progress
) -> Outcome:
    """Compare every value and object; several files are united again, as the plan then said.

    Raises:
        SourceError: a file can't be read.
        TargetError: the target can't be reached, or holds no migration of the files.

    """
    started = monotonic()
    with session(target, writes=False) as connection:
        require_reading(connection, ("outgrow", schema), target.display)
        run, plan_text, paths = _last_run(connection, paths, schema)
        selection = _selection(connection, run)
        wishes = Wishes(schema=schema, plan_text=plan_text, selection=selection)
        with assessed(paths, wishes, progress=progress) as assessment:
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
                target=target,
            )
            changed = drifted(
                connection,
                assessment.construction(schema=EXPECTED_SCHEMA),
                steps,
                schema=schema,
                where=Places(assessment.source, assessment.plan, construction.built).where,
            )
            loaded = _counts(verification, steps)
            whole = not construction.missing and not any(
                each.rows_refused or each.values_repaired for each in loaded.values()
            )
            status = Status.MISMATCH
            drift = any(each.severity is Severity.ERROR for each in changed)
            if verification.ok and not drift:
                status = Status.VERIFIED if whole else Status.INCOMPLETE
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
                ),
                loaded=loaded,
                seconds={
                    "total": monotonic() - started,
                    "census": census_seconds,
                    "verify": monotonic() - started - census_seconds,
                },
                server_version=server_version(connection),
            )


def _selection(connection: Connection, run: int) -> Selection:
    """What the migration was told to include and to exclude."""
    row = connection.execute(
        "SELECT result->'selection' FROM outgrow.runs WHERE id = %s", (run,)
    ).fetchone()
    return Selection.from_json(row[0]) if row and row[0] else Selection()


def _last_run(
    connection: Connection, paths: Sequence[Path], schema: str
) -> tuple[int, str, list[Path]]:
    """Find the last migration of the files, or of files of their names that were moved meanwhile.

    Gives its number, its plan, and the files in the order in which they were united.
    """
    rows = []
    if home.exists(connection):
        rows = connection.execute(
            "SELECT id, plan, source FROM outgrow.runs WHERE status = 'published' "
            "AND target_schema = %s ORDER BY id DESC",
            (schema,),
        ).fetchall()
    for called in (Path.resolve, _name):
        named = {str(called(path)): path for path in paths}
        for run, plan, source in rows:
            known = [str(called(path)) for path in read_source(source)]
            if len(known) == len(paths) and {*known} == {*named}:
                return run, plan, [named[each] for each in known]
    those = "this file" if len(paths) == 1 else "these files together"
    empty = ""
    if any(loaded.run is None for loaded in marker.read(connection, schema)):
        empty = ": a schema file has made it, without rows"
    raise TargetError(
        NEVER_MIGRATED,
        f"no finished migration of {those} into schema {schema} is recorded{empty}",
        where=", ".join(map(str, paths)),
        fix="Run outgrow migrate first, or name the schema with --schema",
    )


def _name(path: Path) -> str:
    return path.name


def _counts(verification: Verification, journal: Mapping[str, Any]) -> dict[str, Loaded]:
    """Count what the comparison found; the journal knows which file's rows were set aside."""
    return {
        table.table: Loaded(
            table.rows_source,
            table.rows_target,
            table.refused,
            table.repaired + table.nullified,
            (journal.get(f"load:{table.table}") or {}).get("of_files", {}),
        )
        for table in verification.tables
    }
