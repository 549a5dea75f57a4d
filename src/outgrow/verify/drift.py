"""Whether the objects are still defined as they were built.

What should be there is built once more, empty, in a schema that is rolled back at once; then
PostgreSQL describes both. That sees what counting objects does not: another default, another
filter of a view, a changed trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg

from outgrow.model.findings import Finding, Severity
from outgrow.model.steps import UNBUILT_MARK, WEAKER_MARK, Construction
from outgrow.postgres.definitions import Named, definitions
from outgrow.postgres.failures import is_lost
from outgrow.postgres.identifiers import quote
from outgrow.verify.helpers import changed_helpers
from outgrow.verify.objects import CHANGED, NOT_LOOKED_AT

#: Where the objects are built once more; nobody else ever sees it.
EXPECTED_SCHEMA = "outgrow_expected"


def drifted(
    connection: psycopg.Connection[Any],
    expected: Construction,
    journal: Mapping[str, Any],
    *,
    schema: str,
    where: Callable[[Named], str],
) -> tuple[Finding, ...]:
    """Find objects of ``schema``, and helpers that they rely on, whose definition has changed.

    Objects that are gone are told by the other checks, and what was added is not ours to judge.

    Args:
        connection: the target, in autocommit mode; nothing in it is changed.
        expected: the construction, made for `EXPECTED_SCHEMA`.
        journal: what became of each step when it was first done, by its id.
        schema: where the objects live.
        where: writes the place of an object.

    Raises:
        psycopg.Error: the connection is lost.

    """
    if not _makes_schemas(connection):
        return (_not_looked_at(connection, schema),)
    now = definitions(connection, schema)
    with connection.transaction(force_rollback=True):
        helpers = changed_helpers(connection, expected.helpers)
        try:
            with connection.transaction():
                connection.execute(f"CREATE SCHEMA {EXPECTED_SCHEMA}")
                for statement in _statements(expected, journal):
                    connection.execute(statement)
            then = definitions(connection, EXPECTED_SCHEMA)
        except psycopg.Error as error:
            if is_lost(error) or not helpers:
                raise
            return (*helpers, _not_built(connection, schema, error))
    return (*helpers, *_changes(then, now, where, schema))


def _makes_schemas(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "SELECT has_database_privilege(current_database(), 'CREATE') "
        "AND current_setting('transaction_read_only') = 'off'"
    ).fetchone()
    return bool(row and row[0])


def _not_looked_at(connection: psycopg.Connection[Any], schema: str) -> Finding:
    return Finding(
        NOT_LOOKED_AT,
        Severity.WARNING,
        f"{connection.info.dbname}:{schema}",
        "rows and objects were compared, but not whether each object is still defined as it was "
        "built: for that a schema is made and rolled back, which this role or server may not do",
        "Verify as the role that migrated, to see also changed defaults, views, triggers and "
        "helper functions",
    )


def _not_built(connection: psycopg.Connection[Any], schema: str, error: psycopg.Error) -> Finding:
    return Finding(
        NOT_LOOKED_AT,
        Severity.WARNING,
        f"{connection.info.dbname}:{schema}",
        "it was not compared whether each object is still defined as it was built, because that "
        f"needs the functions of schema outgrow: {error.diag.message_primary}",
        "Mend those functions, and verify again",
    )


def _statements(expected: Construction, journal: Mapping[str, Any]) -> Iterator[str]:
    """Give what was really run: the weaker form where rows broke the stronger one."""
    for step in expected.steps:
        detail = journal.get(step.id) or {}
        if UNBUILT_MARK not in detail:
            yield step.otherwise if WEAKER_MARK in detail else step.sql


def _changes(
    then: Mapping[Named, str],
    now: Mapping[Named, str],
    where: Callable[[Named], str],
    schema: str,
) -> Iterator[Finding]:
    for named, definition in sorted(then.items(), key=lambda pair: str(pair[0])):
        present = now.get(named)
        if present is None or _same(definition, present, schema):
            continue
        yield Finding(
            CHANGED,
            Severity.ERROR,
            where(named),
            f"the {named.kind} was: {definition}; now it is: {present}",
        )


def _same(definition: str, present: str, schema: str) -> bool:
    # Bodies of trigger functions name the final schema on both sides.
    own = f"{quote(schema)}."
    return definition.replace(own, "") == present.replace(own, "")
