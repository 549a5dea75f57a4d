"""The run that is under way: which steps are done, and what it can resume from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from outgrow import __version__
from outgrow.load.aside import SetAside
from outgrow.pipeline import home
from outgrow.postgres.identifiers import quote

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A row of ``outgrow.runs``; ``done`` holds the finished steps of a resumed run.

    ``anew`` says why an interrupted run into the same schema was not continued.
    """

    id: int
    staging: str
    done: dict[str, Any]
    anew: str = ""

    @property
    def resumed(self) -> bool:
        """Whether an interrupted run is being continued."""
        return bool(self.done)


@dataclass(frozen=True, slots=True)
class Task:
    """What a run is to do: two runs of equal tasks, by one version, come to the same.

    Args:
        source: the files, as `write_source` writes them.
        fingerprint: what the files are like, and what becomes of bad values.
        plan: the plan, as a file.
        schema: where the objects go.

    """

    source: str
    fingerprint: str
    plan: str
    schema: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """A run that has published, and whose process never heard the server say so.

    ``unlike`` says why it did not do what is asked for now; '' if it did.
    """

    id: int
    staging: str
    started: datetime
    unlike: str


def write_source(paths: Sequence[Path]) -> str:
    """Write the files of a run as ``outgrow.runs`` keeps them: a path, or a JSON array."""
    real = [str(path.resolve()) for path in paths]
    return real[0] if len(real) == 1 else json.dumps(real, ensure_ascii=False)


def read_source(text: str) -> list[Path]:
    """Read what `write_source` wrote."""
    return [Path(each) for each in json.loads(text)] if text.startswith("[") else [Path(text)]


def begin(connection: Connection, task: Task) -> Run:
    """Continue the interrupted run for the same source, plan and version, else start a new one.

    Staging of every other interrupted run is dropped. The caller holds the migration lock, so
    that no such run can still be alive.
    """
    resumable: Run | None = None
    anew = ""
    rows = connection.execute(
        "SELECT id, staging, CASE WHEN source <> %(source)s OR target_schema <> %(schema)s "
        "THEN NULL WHEN to_regnamespace(quote_ident(staging)) IS NULL THEN %(gone)s "
        f"ELSE {_UNLIKE} END "
        "FROM outgrow.runs WHERE status = 'running' ORDER BY id DESC",
        _asked(task),
    ).fetchall()
    for run, staging, why_not in rows:
        if why_not == "" and resumable is None:
            resumable = Run(run, staging, steps_of(connection, run))
        else:
            abandon(connection, run, staging)
            anew = anew or why_not or ""
    return resumable or replace(_start(connection, task), anew=anew)


#: Why an earlier run did something else.
_CHANGED = "the source, or --on-bad, is not what it was"
_VERSION = "it was another version of outgrow"
_PLAN = "the plan is not what it was"
_GONE = "what it had built is gone"

_UNLIKE = (
    "CASE WHEN fingerprint <> %(fingerprint)s THEN %(changed)s "
    "WHEN tool_version <> %(version)s THEN %(upgraded)s "
    "WHEN plan <> %(plan)s THEN %(planned)s ELSE '' END"
)


def _asked(task: Task) -> dict[str, str]:
    return {
        "source": task.source,
        "fingerprint": task.fingerprint,
        "plan": task.plan,
        "schema": task.schema,
        "version": __version__,
        "changed": _CHANGED,
        "upgraded": _VERSION,
        "planned": _PLAN,
        "gone": _GONE,
    }


def unheard(connection: Connection, task: Task) -> Unheard | None:
    """Find the last run of these files into this schema, if nobody heard that it had published.

    The transaction that publishes can be committed, and the connection lost before the server has
    said so. None, too, where the journal may not be read.
    """
    if not home.is_readable(connection, "runs"):
        return None
    row = connection.execute(
        f"SELECT id, staging, started, {_UNLIKE}, finished IS NULL FROM outgrow.runs "
        "WHERE status = 'published' AND source = %(source)s AND target_schema = %(schema)s "
        "ORDER BY id DESC LIMIT 1",
        _asked(task),
    ).fetchone()
    return Unheard(*row[:4]) if row and row[4] else None


def _start(connection: Connection, task: Task) -> Run:
    with connection.transaction():
        row = connection.execute(
            "INSERT INTO outgrow.runs "
            "(status, target_schema, staging, source, fingerprint, tool_version, plan) "
            "VALUES ('running', %s, '', %s, %s, %s, %s) RETURNING id",
            (task.schema, task.source, task.fingerprint, __version__, task.plan),
        ).fetchone()
        assert row is not None
        staging = f"outgrow_staging_{row[0]}"
        connection.execute("UPDATE outgrow.runs SET staging = %s WHERE id = %s", (staging, row[0]))
        connection.execute(f"CREATE SCHEMA {quote(staging)}")
    return Run(row[0], staging, {})


def steps_of(connection: Connection, run: int) -> dict[str, Any]:
    """Give what each finished step of a run came to, by its id."""
    rows = connection.execute("SELECT step, detail FROM outgrow.journal WHERE run = %s", (run,))
    return dict(rows.fetchall())


def abandon(connection: Connection, run: int, staging: str) -> None:
    """Drop what an unfinished run has built, its journal and its quarantine."""
    with connection.transaction():
        connection.execute(f"DROP SCHEMA IF EXISTS {quote(staging)} CASCADE")
        connection.execute("DELETE FROM outgrow.runs WHERE id = %s", (run,))


def record(connection: Connection, run: Run, step: str, detail: Any = None) -> None:
    """Note a finished step, in the transaction that did it."""
    connection.execute(
        "INSERT INTO outgrow.journal (run, step, detail) VALUES (%s, %s, %s)",
        (run.id, step, None if detail is None else Jsonb(detail)),
    )


def correct(connection: Connection, run: Run, step: str, detail: Any) -> None:
    """Note that a finished step came to something else, in the transaction that changed it."""
    connection.execute(
        "UPDATE outgrow.journal SET detail = %s WHERE run = %s AND step = %s",
        (Jsonb(detail), run.id, step),
    )


def keep_originals(
    connection: Connection,
    run: Run,
    place: tuple[str, str],
    encoding: str,
    originals: Iterable[SetAside],
) -> int:
    """Write values and rows that were set aside to quarantine; gives how many there were.

    ``place`` is the target schema and table, ``encoding`` that of the SQLite file.
    """
    count = 0
    with connection.cursor() as cursor:
        statement = (
            "COPY outgrow.quarantine (run, schema_name, table_name, column_name, key, action, "
            "reason, storage_class, encoding, original) FROM STDIN"
        )
        with cursor.copy(statement) as copy:
            for each in originals:
                what = (each.column, each.key, each.action, each.reason, each.storage_class)
                copy.write_row((run.id, *place, *what, encoding, each.original))
                count += 1
    return count


def publish(connection: Connection, run: Run, result: dict[str, Any]) -> None:
    """Note that the run's objects are published, with its report, in the transaction that does it.

    It is finished once the server has said that this transaction is committed: `finish`.
    """
    connection.execute(
        "UPDATE outgrow.runs SET status = 'published', result = %s::jsonb WHERE id = %s",
        (_without_nul(result), run.id),
    )


def finish(connection: Connection, run: int) -> None:
    """Note that somebody has heard how a published run ended."""
    connection.execute("UPDATE outgrow.runs SET finished = clock_timestamp() WHERE id = %s", (run,))


def _without_nul(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=True).replace("\\u0000", "\\ufffd")
