"""What an error in the middle of work means, and what a person can do about it, in one line.

No message repeats a password: not from a URL, a connection string or the environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.errors import Code, TargetError, define
from outgrow.postgres.identifiers import quote

TOO_MANY = define("OG-410", "The server has no connection left")
CONNECTION_LOST = define("OG-413", "The connection to the server was lost")
DISK_FULL = define("OG-414", "The server has no disk space left")
OUT_OF_MEMORY = define("OG-415", "The server has no memory or no locks left")
NO_PRIVILEGE = define("OG-416", "The role lacks a privilege")
LOCKED = define("OG-417", "Somebody else holds a lock on what is needed")
CANCELLED = define("OG-418", "Somebody cancelled the statement")
REFUSED = define("OG-419", "PostgreSQL refused, in its own words")


@dataclass(frozen=True, slots=True)
class Reason:
    """How a failure is recognised and told.

    Args:
        pattern: matches the message of a failed connection, or begins the SQLSTATE.
        code: the stable code.
        what: what happened; the names in braces are filled in.
        fix: what to do about it; likewise.

    """

    pattern: str
    code: Code
    what: str
    fix: str


#: States of a connection that is lost, and of a session that the server ends.
_LOST = "08|57P0[1-5]"

#: By the beginning of the SQLSTATE
#: (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_WORKING = (
    Reason(
        _LOST,
        CONNECTION_LOST,
        "the connection was lost: {said}",
        "See the server's log for the reason, and run the command again",
    ),
    Reason(
        "53100",
        DISK_FULL,
        "the server's disk is full",
        "Free some space on the server, and run the command again",
    ),
    Reason("53200", OUT_OF_MEMORY, "the server is out of memory: {said}", "{hint}"),
    Reason(
        "53300",
        TOO_MANY,
        "the server has no connection left",
        "Close some, or raise max_connections",
    ),
    Reason("53", OUT_OF_MEMORY, "the server ran out of something: {said}", "{hint}"),
    Reason("42501", NO_PRIVILEGE, "{said}", "{grant}"),
    Reason(
        "55P03",
        LOCKED,
        "a lock could not be had: {said}",
        "Find who holds it in pg_stat_activity and pg_locks, and try again when it is free",
    ),
    Reason(
        "40P01",
        LOCKED,
        "this session and another one waited for each other",
        "Run the command again while nobody else works on these tables",
    ),
    Reason(
        "57014",
        CANCELLED,
        "{said}",
        "Somebody used pg_cancel_backend, or a time limit is enforced from outside",
    ),
    Reason("", REFUSED, "{said} (SQLSTATE {state})", "{hint}"),
)

_SECRET_VALUE = re.compile(
    r"""((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)""", re.IGNORECASE
)
#: A path has one slash where a URL has two. The password ends at the last @: it may hold any mark.
_SECRET_IN_URL = re.compile(r"(\w+:/+[^\s:/@]*:).*@", re.DOTALL)


def without_secrets(text: str, *secrets: str) -> str:
    """Blank every password out of a message: those given, PGPASSWORD, and what looks like one."""
    for secret in (*secrets, os.environ.get("PGPASSWORD", "")):
        if secret:
            text = text.replace(secret, "***")
    return _SECRET_IN_URL.sub(r"\1***@", _SECRET_VALUE.sub(r"\1***", text))


def is_lost(error: psycopg.Error) -> bool:
    """Whether an error of a running session means that the session is gone."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return re.match(_LOST, error.sqlstate) is not None


def explain(
    error: psycopg.Error, where: str, connection: psycopg.Connection[Any] | None = None
) -> TargetError:
    """Tell what an error of a running session means.

    Args:
        error: what psycopg raised.
        where: what was being worked on, as people may see it.
        connection: the session, for the names in a missing GRANT.

    """
    state = error.sqlstate or "08000"
    reason = next(each for each in _WORKING if re.match(each.pattern, state))
    said = without_secrets(error.diag.message_primary or _of_the_driver(error))
    facts = {
        "said": said,
        "state": state,
        "hint": without_secrets(error.diag.message_hint or ""),
        "grant": _missing_grant(said, connection),
    }
    return TargetError(
        reason.code,
        reason.what.format(**facts),
        where=without_secrets(where),
        fix=reason.fix.format(**facts),
    )


def _of_the_driver(error: psycopg.Error) -> str:
    """Give what psycopg and libpq say, without what libpq then supposes on further lines."""
    return str(error).partition("\n")[0].removeprefix("consuming input failed: ").rstrip(".")


def require_privileges(connection: psycopg.Connection[Any], schema: str, where: str) -> None:
    """Make sure before any work that the role may make schemas, and tables in ``schema``.

    Raises:
        TargetError: with every GRANT that is missing, ready to be run by the owner.

    """
    row = connection.execute(
        "SELECT current_user, current_database(),"
        " has_database_privilege(current_database(), 'CREATE'),"
        " (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')"
        " FROM pg_catalog.pg_namespace WHERE nspname = %s)",
        (schema,),
    ).fetchone()
    assert row is not None
    role, database, makes_schemas, makes_tables = row
    missing = []
    if not makes_schemas:
        missing.append(f"GRANT CREATE ON DATABASE {quote(database)} TO {quote(role)};")
    if makes_tables is False:  # None: there is no such schema yet
        missing.append(f"GRANT USAGE, CREATE ON SCHEMA {quote(schema)} TO {quote(role)};")
    if missing:
        raise TargetError(
            NO_PRIVILEGE,
            f'the role "{role}" may not make tables in schema "{schema}" of "{database}"',
            where=where,
            fix="Let the owner or a superuser run: " + " ".join(missing),
        )


def require_reading(
    connection: psycopg.Connection[Any], schemas: Sequence[str], where: str
) -> None:
    """Make sure before any work that the role may read all there is in some schemas.

    Raises:
        TargetError: with every GRANT that is missing, ready to be run by the owner.

    """
    rows = connection.execute(
        "SELECT current_user, n.nspname, has_schema_privilege(n.oid, 'USAGE'),"
        " coalesce(bool_and(has_table_privilege(c.oid, 'SELECT'))"
        " FILTER (WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')), true),"
        " coalesce(bool_and(has_sequence_privilege(c.oid, 'SELECT'))"
        " FILTER (WHERE c.relkind = 'S'), true)"
        " FROM pg_namespace AS n LEFT JOIN pg_class AS c ON c.relnamespace = n.oid"
        " WHERE n.nspname = ANY(%s) GROUP BY n.oid, n.nspname ORDER BY n.nspname",
        (list(schemas),),
    ).fetchall()
    missing = [
        f"GRANT {privilege} {quote(schema)} TO {quote(role)};"
        for role, schema, *has in rows
        for privilege, there in zip(_READING, has, strict=True)
        if not there
    ]
    if missing:
        raise TargetError(
            NO_PRIVILEGE,
            f'the role "{rows[0][0]}" may not read all that is to be looked at',
            where=where,
            fix="Let the owner or a superuser run: " + " ".join(missing),
        )


_READING = (
    "USAGE ON SCHEMA",
    "SELECT ON ALL TABLES IN SCHEMA",
    "SELECT ON ALL SEQUENCES IN SCHEMA",
)


def _missing_grant(said: str, connection: psycopg.Connection[Any] | None) -> str:
    """Write the statement that would have prevented ``permission denied for …``."""
    known = connection is not None and not connection.closed
    role = quote(connection.info.user) if connection is not None and known else "the role"
    denied = re.match(r'(?:permission denied for|must be owner of) (\w+) "?(.*?)"?$', said)
    if denied is None:
        return f"Let a superuser do it, or work as another role than {role}"
    kind, name = denied.groups()
    if said.startswith("must be owner"):
        return f"ALTER {kind.upper()} {quote(name)} OWNER TO {role};"
    privileges = {"database": "CREATE", "schema": "USAGE, CREATE"}.get(kind, "ALL")
    return f"GRANT {privileges} ON {kind.upper()} {quote(name)} TO {role};"
