"""What the target remembers of SQLite, for the run-time layer and for later verification.

Applications that define tables later write the same tables: outgrow.translate.definitions.history.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg

from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.journal import Run
from outgrow.translate.definitions.history import INTERNAL, shape_of
from outgrow.translate.schema import Schema

Connection = psycopg.Connection[Any]

#: The helpers that make the tables which are written here.
TABLES = ("history", "pragmas")


def remember(
    connection: Connection, run: Run, source: SourceDatabase, plan: Plan, schema: Schema
) -> None:
    """Write what each column and each definition was, in the transaction that publishes them."""
    definitions = list(_definitions(schema))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM outgrow.columns WHERE schema_name = %s AND table_name = ANY(%s)",
            (schema.target_schema, [table.name for table in schema.tables.values()]),
        )
        cursor.executemany(
            f"INSERT INTO outgrow.columns VALUES ({', '.join(['%s'] * 14)})",
            list(_columns(run, source, plan, schema)),
        )
        cursor.executemany(
            "DELETE FROM outgrow.definitions WHERE (schema_name, kind, name) = (%s, %s, %s)",
            [row[:3] for row in definitions],
        )
        cursor.executemany(
            "INSERT INTO outgrow.definitions "
            "(schema_name, kind, name, source_name, source_table, sql) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            definitions,
        )
        cursor.execute(
            "INSERT INTO outgrow.pragmas VALUES (%s, 'user_version', %s) "
            "ON CONFLICT (schema_name, name) DO UPDATE SET value = EXCLUDED.value",
            (schema.target_schema, source.user_version),
        )


def _columns(
    run: Run, source: SourceDatabase, plan: Plan, schema: Schema
) -> Iterable[tuple[Any, ...]]:
    for table in schema.tables.values():
        declared, decided = source.table(table.source), plan.table(table.source)
        for column in table.columns:
            was = declared.column(column.source)
            yield (
                *(schema.target_schema, table.name, column.name, run.id),
                source.file_of(table.source, column.source),
                *(table.source, column.source, was.declared, was.affinity.value, was.collation),
                *(str(column.type), shape_of(column.type)),
                *(decided.column(column.source).reason, column.mixed),
            )


def _definitions(schema: Schema) -> Iterable[tuple[str, ...]]:
    place = schema.target_schema
    for table in schema.tables.values():
        yield place, "table", table.name, table.source, table.source, table.sql
    for index in schema.indexes.values():
        yield place, "index", index.name, index.source, index.table, index.sql
    for view in schema.views.values():
        yield place, "view", view.name, view.source, view.source, view.sql
    for trigger in schema.triggers.values():
        yield place, "trigger", trigger.name, trigger.source, trigger.table, trigger.sql
    if schema.numbered:
        yield place, INTERNAL, *["sqlite_sequence"] * 3, ""
