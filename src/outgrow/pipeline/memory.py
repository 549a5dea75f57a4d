"""What the target remembers of SQLite, for the run-time layer and for later verification.

Applications that define tables later write the same tables: outgrow.translate.definitions.history.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg

from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.journal import Run
from outgrow.translate.definitions.history import INTERNAL, shape_of
from outgrow.translate.schema import Schema

Connection = psycopg.Connection[Any]

#: The helpers that make the tables which are written here.
TABLES = ("history", "pragmas")


class ColumnRow(NamedTuple):
    """A row of ``outgrow.columns``."""

    schema_name: str
    table_name: str
    column_name: str
    run: int | None
    file: str
    source_table: str
    source_column: str
    declared: str
    affinity: str
    source_collation: str
    type: str
    shape: str | None
    reason: str
    mixed: bool


class DefinitionRow(NamedTuple):
    """A row of ``outgrow.definitions``."""

    schema_name: str
    kind: str
    name: str
    source_name: str
    source_table: str
    sql: str


def remember(
    connection: Connection, run: Run, source: SourceDatabase, plan: Plan, schema: Schema
) -> None:
    """Write what each column and each definition was, in the transaction that publishes them."""
    definitions = list(definition_rows(schema))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM outgrow.columns WHERE schema_name = %s AND table_name = ANY(%s)",
            (schema.target_schema, [table.name for table in schema.tables.values()]),
        )
        cursor.executemany(
            f"INSERT INTO outgrow.columns VALUES ({', '.join(['%s'] * len(ColumnRow._fields))})",
            list(column_rows(run.id, source, plan, schema)),
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


def column_rows(
    run: int | None, source: SourceDatabase, plan: Plan, schema: Schema
) -> Iterator[ColumnRow]:
    """Give what each column was in SQLite."""
    for table in schema.tables.values():
        declared, decided = source.table(table.source), plan.table(table.source)
        for column in table.columns:
            was = declared.column(column.source)
            yield ColumnRow(
                schema.target_schema,
                table.name,
                column.name,
                run,
                source.file_of(table.source, column.source),
                table.source,
                column.source,
                was.declared,
                was.affinity.value,
                was.collation,
                str(column.type),
                shape_of(column.type),
                decided.column(column.source).reason,
                column.mixed,
            )


def definition_rows(schema: Schema) -> Iterator[DefinitionRow]:
    """Give the definitions in SQLite, in their order."""
    place = schema.target_schema
    for table in schema.tables.values():
        yield DefinitionRow(place, "table", table.name, table.source, table.source, table.sql)
    for index in schema.indexes.values():
        yield DefinitionRow(place, "index", index.name, index.source, index.table, index.sql)
    for view in schema.views.values():
        yield DefinitionRow(place, "view", view.name, view.source, view.source, view.sql)
    for trigger in schema.triggers.values():
        known = (trigger.name, trigger.source, trigger.table, trigger.sql)
        yield DefinitionRow(place, "trigger", *known)
    if schema.numbered:
        own = "sqlite_sequence"
        yield DefinitionRow(place, INTERNAL, own, own, own, "")
