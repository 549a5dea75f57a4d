"""What has to be true of the target before anything is written; each failure has its remedy.

Everything that stands in the way is told at once. What the server must be like as such (version,
encoding, no standby, no pooler in transaction mode) is checked with every connection
(`outgrow.postgres.target`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from typing import Any

import psycopg

from outgrow.errors import DecisionNeeded, OutgrowError, TargetError, define
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.steps import Construction, ObjectKind
from outgrow.pipeline.marker import NOT_LOADED, why_not_bare
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.publish import DEPENDENTS
from outgrow.pipeline.replaced import added_to
from outgrow.postgres.failures import NO_PRIVILEGE, require_privileges
from outgrow.postgres.identifiers import quote
from outgrow.postgres.room import free_bytes, free_connections
from outgrow.postgres.trust import UNTRUSTED

Connection = psycopg.Connection[Any]

OCCUPIED = define("OG-511", "The target already holds objects of the same names")
RUNNING = define("OG-512", "Another migration is at work in the same database")
NOT_OURS = define("OG-514", "The schema outgrow belongs to something else")
LOCKS = define("OG-513", "The server can't lock as many objects as are published at once")
DISK = define("OG-515", "The server's disk has no room for the data")
FEW_CONNECTIONS = define("OG-516", "The server has fewer connections left than --jobs asks for")

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


@dataclass(frozen=True, slots=True)
class Ready:
    """What the checks found out where nothing stands in the way.

    ``jobs`` is how many connections may build keys and indexes beside the one that loads; 0: that
    one has to do it. ``bare``: the objects of the same names are those that a schema file made,
    unchanged and empty, so that they may go. ``notes`` are worth telling, one line each;
    ``findings`` belong to the outcome, too.
    """

    jobs: int
    bare: bool = False
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def check(
    connection: Connection,
    plan: Plan,
    construction: Construction,
    *,
    replace: bool,
    where: str,
    jobs: int = 1,
    size: int = 0,
    told: str = "",
) -> Ready:
    """Run every check and tell every failure at once.

    Args:
        connection: the target.
        plan: names the schema.
        construction: what will be built and published.
        replace: whether objects of the same names may be dropped.
        where: the target, as people may see it.
        jobs: the connections that were asked for.
        size: bytes of the source.
        told: why names may be taken, as far as the journal knows.

    Raises:
        DecisionNeeded: all that fails is for the person to decide; nothing was written.
        TargetError: the server, or the role's rights, have to be changed first.

    """
    notes: list[str] = []
    used = why_not_bare(connection, plan.schema, construction.targets(ObjectKind.TABLES))
    bare = not replace and not used
    replace = replace or bare
    reason = told or ("" if used == NOT_LOADED else used)
    checks: tuple[Callable[[], None], ...] = (
        partial(require_privileges, connection, plan.schema, where),
        partial(_home_is_ours, connection),
        partial(_room_for_locks, connection, construction, replace=replace),
        partial(_room_on_disk, connection, size, notes),
        partial(_unoccupied, connection, plan, construction, replace=replace, reason=reason),
        partial(_replaceable, connection, plan, construction) if replace else lambda: None,
    )
    failures: list[OutgrowError] = []
    for each in checks:
        try:
            each()
        except (TargetError, DecisionNeeded) as error:
            failures.append(error)
    if failures:
        raise _together(failures, where)
    free = free_connections(connection)
    if free < jobs:
        notes.append(
            f"{FEW_CONNECTIONS} the server has {free} more connections for this role: "
            f"{max(free, 1)} instead of {jobs} will build keys and indexes"
        )
    if bare:
        notes.append(f"schema {plan.schema} is as a schema file made it, and empty: it is replaced")
    added = added_to(connection, plan.schema, construction) if replace and not bare else ()
    return Ready(min(jobs, free), bare, tuple(notes), tuple(added))


def _together(failures: list[OutgrowError], where: str) -> OutgrowError:
    """Make one error of several; its findings list each with its remedy."""
    if len(failures) == 1:
        return failures[0]
    failures.sort(key=lambda each: isinstance(each, DecisionNeeded))
    first = failures[0]
    return type(first)(
        first.code,
        f"{len(failures)} things stand in the way; the first: {first.what}",
        where=first.where,
        fix=first.fix,
        findings=tuple(
            Finding(each.code, Severity.ERROR, each.where or where, each.what, each.fix)
            for each in failures
        ),
    )


def _home_is_ours(connection: Connection) -> None:
    """Make sure that a schema named outgrow, should there be one, is of our making and ours."""
    # The catalog tells it without any right to the schema, which to_regclass() would need.
    row = connection.execute(
        "SELECT count(*) > 0 AND NOT coalesce(bool_or(relname = ANY(%s)), false) FROM pg_class "
        "WHERE relnamespace = to_regnamespace('outgrow') AND relkind IN ('r', 'v', 'p', 'm', 'f')",
        (["version", "helpers", "schema_loaded"],),
    ).fetchone()
    if row and row[0]:
        raise TargetError(
            NOT_OURS,
            "the schema outgrow holds objects of somebody else, and the journal has to live there",
            fix="Rename that schema: ALTER SCHEMA outgrow RENAME TO …",
        )
    owner = connection.execute(
        "SELECT pg_get_userbyid(owner)::text, current_user::text, pg_has_role(owner, 'USAGE') "
        "FROM ("
        "SELECT nspowner AS owner FROM pg_namespace WHERE nspname = 'outgrow' UNION ALL "
        "SELECT relowner FROM pg_class WHERE relnamespace = to_regnamespace('outgrow') UNION ALL "
        "SELECT proowner FROM pg_proc WHERE pronamespace = to_regnamespace('outgrow')) AS owners "
        f"WHERE NOT pg_has_role(owner, 'USAGE') OR {UNTRUSTED} LIMIT 1"
    ).fetchone()
    if owner:
        role, mine, is_any = owner
        other = f"let it run: GRANT {quote(role)} TO {quote(mine)};"
        if is_any:
            other = "rename that schema, for a superuser runs what others have put there"
        raise TargetError(
            NO_PRIVILEGE,
            f'the schema outgrow, where the journal lives, belongs to the role "{role}"',
            fix=f"Work as that role, or {other}",
        )


def _room_for_locks(connection: Connection, construction: Construction, *, replace: bool) -> None:
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
    needed *= 2 if replace else 1
    if needed > row[0]:
        raise TargetError(
            LOCKS,
            f"publishing locks about {needed:,} objects at once and the server has room for "
            f"{row[0]:,}",
            fix="Raise max_locks_per_transaction and restart the server, or move fewer tables "
            "at a time with --include",
        )


def _room_on_disk(connection: Connection, size: int, notes: list[str]) -> None:
    """Compare the file's size with what is free, where the server's disk can be seen from here."""
    free = free_bytes(connection)
    if free is None:
        if size > _WORTH_A_NOTE:
            notes.append(
                f"the server's disk can't be seen from here: about {2 * size / 1e6:,.0f} MB will "
                "be needed there"
            )
    elif free < size:
        raise TargetError(
            DISK,
            f"the file has {size / 1e6:,.1f} MB, and on the server's disk {free / 1e6:,.1f} MB "
            "are free",
            fix="Make room for about twice the file's size, for rows, indexes and the log",
        )


#: Bytes of a file from which on a person should think of the server's disk.
_WORTH_A_NOTE = 500_000_000


def _unoccupied(
    connection: Connection, plan: Plan, construction: Construction, *, replace: bool, reason: str
) -> None:
    """Make sure that the names are free, or free once the tables and views are replaced.

    ``reason`` says how they came to be taken, or '' where nothing is known.
    """
    relations = construction.targets(*_RELATIONS)
    tables = construction.targets(ObjectKind.TABLES)
    others = [*construction.targets(ObjectKind.INDEXES), *(f"{name}_pkey" for name in tables)]
    rows = connection.execute(
        "WITH here AS (SELECT c.oid, c.relname::text AS name, c.relkind FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %(schema)s), "
        "gone AS (SELECT oid FROM here WHERE %(replace)s AND name = ANY(%(relations)s) "
        "AND relkind IN ('r', 'p', 'v', 'm', 'f')) "
        "SELECT name FROM here WHERE name = ANY(%(wanted)s) AND oid NOT IN (SELECT oid FROM gone) "
        "AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = here.oid "
        "AND i.indrelid IN (SELECT oid FROM gone)) "
        "UNION SELECT t.typname::text FROM pg_type t "
        "JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = %(schema)s "
        "WHERE t.typname = ANY(%(relations)s) AND t.typtype <> 'c' "
        "UNION SELECT p.proname || '()' FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = %(schema)s "
        "WHERE NOT %(replace)s AND p.proname = ANY(%(functions)s) AND p.pronargs = 0 ORDER BY 1",
        {
            "schema": plan.schema,
            "replace": replace,
            "relations": relations,
            "wanted": [*relations, *others],
            "functions": construction.targets(ObjectKind.TRIGGERS),
        },
    ).fetchall()
    if not rows:
        return
    names = [name for (name,) in rows]
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    raise DecisionNeeded(
        OCCUPIED,
        f"schema {plan.schema} already holds {listed}" + (f": {reason}" if reason else ""),
        fix="Rename or drop what bears these names, or use --schema NAME to build beside them"
        if replace
        else "Use --replace to replace exactly these, or --schema NAME to build beside them",
    )


def _replaceable(connection: Connection, plan: Plan, construction: Construction) -> None:
    """Make sure that what will be replaced is the role's own, and that nothing depends on it."""
    rows = connection.execute(
        "WITH old AS (SELECT c.oid, c.relowner FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %s "
        "WHERE c.relname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) "
        "SELECT 'owner', pg_get_userbyid(relowner)::text, oid::regclass::text FROM old "
        "WHERE NOT pg_has_role(relowner, 'USAGE') "
        "UNION ALL SELECT 'view', r.ev_class::regclass::text, d.refobjid::regclass::text "
        "FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass "
        "AND r.oid = d.objid WHERE d.refclassid = 'pg_class'::regclass "
        "AND d.refobjid IN (SELECT oid FROM old) AND r.ev_class NOT IN (SELECT oid FROM old) "
        "UNION SELECT 'foreign key of', conrelid::regclass::text, confrelid::regclass::text "
        "FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 "
        "AND confrelid IN (SELECT oid FROM old) AND conrelid NOT IN (SELECT oid FROM old)",
        (plan.schema, construction.targets(*_RELATIONS)),
    ).fetchall()
    owners = sorted({(owner, name) for kind, owner, name in rows if kind == "owner"})
    if owners:
        owner, name = owners[0]
        raise TargetError(
            NO_PRIVILEGE,
            f'{name} belongs to the role "{owner}", so that it can\'t be replaced',
            fix=f"Work as that role, or let it run: GRANT {quote(owner)} TO "
            f"{quote(connection.info.user)};",
        )
    if rows:
        told = "; ".join(f"{kind} {name} on {on}" for kind, name, on in sorted(rows))
        raise DecisionNeeded(
            DEPENDENTS,
            f"what would be replaced is still needed: {told}",
            fix="Drop those objects yourself if they may go, then run again",
        )
