"""Publication: one transaction moves every object from staging to where it will live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import errors

from outgrow.errors import DecisionNeeded, TargetError, define
from outgrow.model.plan import Plan
from outgrow.model.steps import Construction, ObjectKind
from outgrow.pipeline.marker import why_not_bare
from outgrow.postgres.failures import CONNECTION_LOST, is_lost
from outgrow.postgres.identifiers import qualified, quote

Connection = psycopg.Connection[Any]

DEPENDENTS = define("OG-520", "Other objects depend on what would be replaced")
USED = define("OG-522", "The empty schema was put to use while the files were moved")
NOT_PUBLISHED = define("OG-521", "The finished objects could not be moved to their schema")

#: How long one lock may be waited for, so that an application is never stopped by us for longer.
LOCK_TIMEOUT = "10s"


def publish(
    connection: Connection,
    plan: Plan,
    construction: Construction,
    *,
    staging: str,
    replace: bool,
    bare: Construction | None,
    also: Callable[[], None],
) -> None:
    """Move everything at once, or nothing.

    Args:
        connection: in autocommit mode.
        plan: names the schema.
        construction: what was built.
        staging: the schema where it was built; it is dropped.
        replace: drop objects of the same names first, never with CASCADE.
        bare: objects of a schema file, which go as long as they are unchanged and empty; some of
            them may not be published, since the rows have shown that they can't be.
        also: what belongs to the same transaction (the journal's last entries).

    Raises:
        DecisionNeeded: other objects depend on what would be dropped, or it is bare no more.
        TargetError: a lock was not to be had in time, or the server refused.

    """
    is_moved = False
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(plan.schema)}")
            if bare is not None:
                _require_bare(connection, plan, bare)
            if replace or bare is not None:
                _drop_old(connection, plan, bare or construction)
            for statement in _moves(plan, construction, staging):
                connection.execute(statement)
            _grant_defaults(connection, plan.schema, construction)
            connection.execute(f"DROP SCHEMA {quote(staging)}")
            also()
            is_moved = True
    except errors.DependentObjectsStillExist as error:
        detail = (error.diag.message_detail or "").replace("\n", "; ")
        raise DecisionNeeded(
            DEPENDENTS,
            f"what would be replaced is still needed: {detail}",
            fix="Drop those objects yourself if they may go, then run again",
        ) from None
    except errors.LockNotAvailable:
        raise TargetError(
            NOT_PUBLISHED,
            f"a table was in use for more than {LOCK_TIMEOUT}, nothing was published",
            fix="Stop what uses the tables and run again: the work done so far is kept",
        ) from None
    except psycopg.OperationalError as error:
        if not is_moved or not is_lost(error):
            raise
        raise TargetError(
            CONNECTION_LOST,
            "the connection was lost when all objects had been moved, before the server said that "
            f"this is for good: schema {plan.schema} holds all of them or none",
            fix="Run the command again: it publishes them, or finds them there and compares them",
        ) from None
    except (errors.DuplicateObject, errors.DuplicateTable, errors.DuplicateFunction) as error:
        raise DecisionNeeded(
            NOT_PUBLISHED,
            f"schema {plan.schema} holds an object of the same name: {error.diag.message_primary}",
            fix="Rename or drop it, or use --schema NAME",
        ) from None


def _moves(plan: Plan, construction: Construction, staging: str) -> list[str]:
    """Write the statements; indexes, constraints and owned sequences follow their table.

    A trigger's function bears the trigger's name.
    """
    target = quote(plan.schema)
    tables = construction.targets(ObjectKind.TABLES)
    views = [view.target for view in construction.views]
    return [
        *(f"ALTER TABLE {qualified(staging, name)} SET SCHEMA {target}" for name in tables),
        *(f"ALTER VIEW {qualified(staging, name)} SET SCHEMA {target}" for name in views),
        *(
            f"ALTER FUNCTION {qualified(staging, name)}() SET SCHEMA {target}"
            for name in construction.targets(ObjectKind.TRIGGERS)
        ),
    ]


#: What ALTER DEFAULT PRIVILEGES IN SCHEMA would have given to what is made there
#: (https://www.postgresql.org/docs/current/catalog-pg-default-acl.html).
_DEFAULTS = """
SELECT format('GRANT %%s ON %%s %%I.%%I TO %%s%%s', a.privilege_type,
  CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname,
  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_default_acl d JOIN pg_namespace n ON n.oid = defaclnamespace AND n.nspname = %(schema)s
CROSS JOIN aclexplode(defaclacl) AS a
JOIN pg_class c ON c.relnamespace = n.oid AND c.relowner = defaclrole
WHERE a.grantee <> defaclrole AND CASE defaclobjtype
  WHEN 'r' THEN c.relkind IN ('r', 'v') AND c.relname = ANY(%(names)s)
  WHEN 'S' THEN c.relkind = 'S' AND EXISTS (
    SELECT FROM pg_depend JOIN pg_class t ON t.oid = refobjid
    WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i')
      AND t.relnamespace = n.oid AND t.relname = ANY(%(names)s))
END
ORDER BY 1
"""


def _grant_defaults(connection: Connection, schema: str, construction: Construction) -> None:
    """Give the rights that tables, views and sequences made in the schema would have got."""
    names = construction.targets(ObjectKind.TABLES, ObjectKind.VIEWS)
    found = connection.execute(_DEFAULTS, {"schema": schema, "names": names}).fetchall()
    for (statement,) in found:
        connection.execute(statement)


def _require_bare(connection: Connection, plan: Plan, construction: Construction) -> None:
    """Look once more, now that nobody else can write; raises DecisionNeeded."""
    present = _kinds(connection, plan.schema, construction.targets(ObjectKind.TABLES))
    tables = [name for name, kind in present.items() if kind in "rp"]
    for name in tables:
        connection.execute(f"LOCK TABLE {qualified(plan.schema, name)} IN ACCESS EXCLUSIVE MODE")
    reason = why_not_bare(connection, plan.schema, tables)
    if reason:
        raise DecisionNeeded(
            USED,
            f"schema {plan.schema} was empty at the start, and now: {reason}",
            fix="Stop what writes to it, and use --replace to replace it with what was moved",
        )


def _drop_old(connection: Connection, plan: Plan, construction: Construction) -> None:
    views = [view.target for view in construction.views]
    tables = construction.targets(ObjectKind.TABLES)
    present = _kinds(connection, plan.schema, [*views, *tables])
    for keyword, kinds in (
        ("VIEW", "v"),
        ("MATERIALIZED VIEW", "m"),
        ("FOREIGN TABLE", "f"),
        ("TABLE", "rp"),
    ):
        names = [name for name, kind in present.items() if kind in kinds]
        if names:
            listed = ", ".join(qualified(plan.schema, name) for name in names)
            connection.execute(f"DROP {keyword} {listed}")
    for name in construction.targets(ObjectKind.TRIGGERS):
        connection.execute(f"DROP FUNCTION IF EXISTS {qualified(plan.schema, name)}()")


def _kinds(connection: Connection, schema: str, names: list[str]) -> dict[str, str]:
    rows = connection.execute(
        "SELECT c.relname, c.relkind::text FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = ANY(%s)",
        (schema, names),
    )
    return dict(rows.fetchall())
