"""``outgrow verify``: compare files with what a migration made of them, at any later time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from outgrow.errors import TargetError, define
from outgrow.pipeline import home, marker
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.journal import read_source
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.published import compared
from outgrow.pipeline.result import Outcome
from outgrow.pipeline.selection import Selection
from outgrow.pipeline.session import session
from outgrow.postgres.failures import require_reading
from outgrow.postgres.target import Target

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
            outcome = compared(assessment, connection, run, target=target, progress=progress)
            seconds = {"total": monotonic() - started, "census": census_seconds}
            return replace(outcome, seconds={**outcome.seconds, **seconds})


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
