"""The rows that a run refused, told table by table, with the foreign keys that wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.journal import Run

Connection = psycopg.Connection[Any]

REFUSED = define("OG-533", "Rows were refused and are kept in quarantine, whole")

_EXAMPLES = 3

_FIX = (
    "outgrow quarantine list shows them; outgrow quarantine retry puts them back once they fit, "
    "parents before children"
)


def refused_findings(
    connection: Connection, run: Run, source: SourceDatabase, plan: Plan
) -> tuple[Finding, ...]:
    """Give a finding for each table that lost rows to quarantine; raises psycopg.Error."""
    names = {plan.table(table.name).name: table.name for table in source.tables}
    rows = connection.execute(
        "SELECT table_name, count(*), (array_agg(key || ': ' || reason ORDER BY id))[:%s] "
        "FROM outgrow.quarantine WHERE run = %s AND action = 'refused' GROUP BY 1 ORDER BY 1",
        (_EXAMPLES, run.id),
    ).fetchall()
    waiting = dict(_waiting_keys(connection, run.staging)) if rows else {}
    found = []
    for name, count, examples in rows:
        more = f"; and {count - _EXAMPLES:,} more" if count > _EXAMPLES else ""
        verb = "row was" if count == 1 else "rows were"
        says = f"{count:,} {verb} refused: {'; '.join(examples)}{more}"
        if name in waiting:
            keys = ", ".join(waiting[name])
            says += f". These foreign keys to it stand NOT VALID: {keys}"
        found.append(
            Finding(REFUSED, Severity.WARNING, source.where(names.get(name, name)), says, _FIX)
        )
    return tuple(found)


def _waiting_keys(connection: Connection, schema: str) -> Iterator[tuple[str, list[str]]]:
    """Give the foreign keys that are not valid, by the table that they lead to."""
    rows = connection.execute(
        "SELECT p.relname::text, c.relname || '.' || o.conname FROM pg_constraint o "
        "JOIN pg_class p ON p.oid = o.confrelid JOIN pg_class c ON c.oid = o.conrelid "
        "WHERE o.contype = 'f' AND NOT o.convalidated "
        "AND p.relnamespace = to_regnamespace(quote_ident(%s)) ORDER BY 1, 2",
        (schema,),
    ).fetchall()
    keys = defaultdict(list)
    for table, key in rows:
        keys[table].append(key)
    yield from keys.items()
