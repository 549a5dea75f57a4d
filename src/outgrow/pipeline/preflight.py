"""What has to be true of the target before anything is written; each failure has its remedy."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

import psycopg

from outgrow.errors import DecisionNeeded, TargetError, define
from outgrow.model.plan import Plan
from outgrow.model.steps import Construction, ObjectKind
from outgrow.pipeline.progress import Progress
from outgrow.postgres.failures import require_privileges

Connection = psycopg.Connection[Any]

OCCUPIED = define("OG-511", "The target already holds objects of the same names")
RUNNING = define("OG-512", "Another migration is at work in the same database")
NOT_OURS = define("OG-514", "The schema outgrow belongs to something else")
LOCKS = define("OG-513", "The server can't lock as many objects as are published at once")

#: The key of the advisory lock that one migration holds in a database ("outgrow" as a number).
_LOCK = 0x6F757467726F77

SECONDS_TO_WAIT = 10

_RELATIONS = (ObjectKind.TABLES, ObjectKind.VIEWS)


def take_lock(connection: Connection, progress: Progress) -> None:
    """Make sure that one migration works in a database at a time; raises TargetError.

    It is waited for a little: the server needs a moment to notice that a killed run has gone.
    """
    deadline = monotonic() + SECONDS_TO_WAIT
    while not _try_lock(connection):
        if monotonic() > deadline:
            raise TargetError(
                RUNNING,
                "another outgrow migration is at work in this database",
                fix="Wait until it has ended",
            )
        progress.note("waiting for another migration in this database to end")
        sleep(1)


def _try_lock(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    return bool(row and row[0])


def check(
    connection: Connection, plan: Plan, construction: Construction, *, replace: bool, where: str
) -> None:
    """Run every check; raises TargetError or DecisionNeeded at the first that fails."""
    require_privileges(connection, plan.schema, where)
    _home_is_ours(connection)
    _room_for_locks(connection, construction)
    if not replace:
        _unoccupied(connection, plan, construction)


def _home_is_ours(connection: Connection) -> None:
    """Make sure that a schema named outgrow, should there be one, is of our making."""
    row = connection.execute(
        "SELECT to_regclass('outgrow.version') IS NULL AND EXISTS (SELECT FROM pg_class "
        "WHERE relnamespace = to_regnamespace('outgrow') AND relkind IN ('r', 'v', 'p', 'm', 'f'))"
    ).fetchone()
    if row and row[0]:
        raise TargetError(
            NOT_OURS,
            "the schema outgrow holds objects of somebody else, and the journal has to live there",
            fix="Rename that schema: ALTER SCHEMA outgrow RENAME TO …",
        )


def _room_for_locks(connection: Connection, construction: Construction) -> None:
    """Publishing moves every object in one transaction, and each move holds locks."""
    row = connection.execute(
        "SELECT current_setting('max_locks_per_transaction')::int "
        "* (current_setting('max_connections')::int "
        "+ current_setting('max_prepared_transactions')::int)"
    ).fetchone()
    assert row is not None
    # A table locks itself, its sequence and its TOAST table; every index and constraint one more.
    needed = len(construction.built) + 3 * sum(
        1 for built in construction.built if built.kind is ObjectKind.TABLES
    )
    if needed > row[0]:
        raise TargetError(
            LOCKS,
            f"publishing locks about {needed:,} objects at once and the server has room for "
            f"{row[0]:,}",
            fix="Raise max_locks_per_transaction and restart the server, or move fewer tables "
            "at a time with --include",
        )


def _unoccupied(connection: Connection, plan: Plan, construction: Construction) -> None:
    wanted = [built.target for built in construction.built if built.kind in _RELATIONS]
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = ANY(%s) ORDER BY 1",
        (plan.schema, wanted),
    ).fetchall()
    if not rows:
        return
    names = [name for (name,) in rows]
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    raise DecisionNeeded(
        OCCUPIED,
        f"schema {plan.schema} already holds {listed}",
        fix="Use --replace to replace exactly these, or --schema NAME to build beside them",
    )
