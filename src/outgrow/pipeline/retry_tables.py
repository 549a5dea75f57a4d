"""The tables that entries of quarantine go back to, as they are today."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.load.returning import Column
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.definitions.history import ANY_CLASS

Connection = psycopg.Connection[Any]

_SIZED = re.compile(r"numeric\((\d+),(\d+)\)")

#: How a trigger is switched on again, by pg_trigger.tgenabled
#: (https://www.postgresql.org/docs/current/catalog-pg-trigger.html).
_ENABLE = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A table of the target: its columns by their names in SQLite."""

    schema: str
    name: str
    columns: dict[str, Column]

    @property
    def qualified(self) -> str:
        """The name as statements write it."""
        return qualified(self.schema, self.name)


def target_table(connection: Connection, schema: str, name: str) -> TargetTable:
    """Read a table; one that is gone has no columns."""
    rows = connection.execute(
        "SELECT c.source_column, c.column_name, format_type(a.atttypid, a.atttypmod), c.shape, "
        "a.attgenerated <> '' FROM outgrow.columns AS c "
        "JOIN pg_class AS r ON r.relname = c.table_name AND r.relkind IN ('r', 'p') "
        "JOIN pg_namespace AS n ON n.oid = r.relnamespace AND n.nspname = c.schema_name "
        "JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = c.column_name "
        "AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.schema_name = %s AND c.table_name = %s ORDER BY a.attnum",
        (schema, name),
    )
    columns = {
        source: Column(source, column, known_type(spelled, shape), spelled, generated)
        for source, column, spelled, shape, generated in rows
    }
    return TargetTable(schema, name, columns)


def known_type(spelled: str, shape: str | None) -> TargetType | None:
    """Read a type that a migration gives, by PostgreSQL's spelling; ``None`` for another one."""
    if sized := _SIZED.fullmatch(spelled):
        return TargetType(Kind.NUMERIC, int(sized[1]), int(sized[2]))
    if shape == ANY_CLASS or spelled not in {kind.value for kind in Kind}:
        return None
    kind = Kind(spelled)
    if kind not in (Kind.TIMESTAMP, Kind.DATE):
        return TargetType(kind)
    return TargetType(kind, shape=Shape(shape)) if shape else None


@contextmanager
def triggers_off(connection: Connection, tables: Iterable[TargetTable]) -> Iterator[None]:
    """Keep the application's triggers from seeing rows that they have seen in SQLite already.

    Others notice nothing: what is switched off and on in one transaction was never off for them.
    Foreign keys keep their own triggers, and what is deferred is checked at once.
    """
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    on_again = []
    for table in tables:
        rows = connection.execute(
            "SELECT tgname::text, tgenabled::text FROM pg_trigger "
            "WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled <> 'D'",
            (table.qualified,),
        ).fetchall()
        for name, state in rows:
            alter = f"ALTER TABLE {table.qualified}"
            connection.execute(f"{alter} DISABLE TRIGGER {quote(name)}")
            on_again.append(f"{alter} {_ENABLE[state]} {quote(name)}")
    yield
    for statement in on_again:
        connection.execute(statement)


def not_valid(connection: Connection, tables: Iterable[TargetTable]) -> list[str]:
    """Write the statement that would validate each constraint of these tables, or to them."""
    rows = connection.execute(
        "SELECT DISTINCT n.nspname::text, r.relname::text, o.conname::text "
        "FROM pg_constraint AS o JOIN pg_class AS r ON r.oid = o.conrelid "
        "JOIN pg_namespace AS n ON n.oid = r.relnamespace WHERE NOT o.convalidated "
        "AND (o.conrelid = ANY(%s::regclass[]) OR o.confrelid = ANY(%s::regclass[])) "
        "ORDER BY 1, 2, 3",
        ([table.qualified for table in tables],) * 2,
    )
    return [
        f"ALTER TABLE {qualified(schema, table)} VALIDATE CONSTRAINT {quote(name)};"
        for schema, table, name in rows
    ]
