"""What the target remembers of SQLite: each column, each definition, each number a PRAGMA keeps.

The tables are made by the helpers ``history`` and ``pragmas``; a migration writes the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import HELPERS
from outgrow.translate.definitions.changes import TableChange
from outgrow.translate.definitions.making import Defined, Sheet
from outgrow.translate.definitions.successor import places
from outgrow.translate.definitions.twin import Entry
from outgrow.translate.schema import ColumnInfo, Schema, TableInfo

#: What stands in ``outgrow.columns.shape`` for a column of values of any storage class.
ANY_CLASS = "any class"
#: The kind of what SQLite itself makes and keeps: sqlite_sequence.
INTERNAL = "internal"
_SEQUENCE = "'sqlite_sequence', 'sqlite_sequence', 'sqlite_sequence', ''"
_REASON = "the application made it"
_KINDS = ("table", "index", "view", "trigger")


def shape_of(kind: TargetType) -> str | None:
    """How a column spelled its values, as it is kept in ``outgrow.columns.shape``."""
    if kind.tagged:
        return ANY_CLASS
    return kind.shape.notation if kind.shape else None


def remember(old: Defined, new: Defined, changes: list[TableChange], sheet: Sheet) -> None:
    """Write what changes in the memory of the target; temporary objects are not remembered."""
    schema = literal(new.schema.target_schema)
    written = [
        *(sql for change in changes if not change.temporary for sql in _columns(schema, change)),
        *(sql for kind in _KINDS for sql in _definitions(schema, kind, old, new)),
    ]
    if new.schema.numbered and not old.schema.numbered:
        written.append(
            f"INSERT INTO {HELPERS}.definitions (schema_name, kind, name, source_name, "
            f"source_table, sql) VALUES ({schema}, {literal(INTERNAL)}, {_SEQUENCE}) "
            "ON CONFLICT DO NOTHING"
        )
    if written:
        sheet.steps += written
        sheet.steps.append(f"SELECT {HELPERS}.count_pragma({schema}, 'schema_version')")
        sheet.helpers |= {"history", "count_pragma"}


def _columns(schema: str, change: TableChange) -> Iterator[str]:
    columns = f"{HELPERS}.columns"
    old, new = change.old, change.new
    if new is None or change.source is None:
        if old is not None:
            yield f"DELETE FROM {columns} WHERE {_place(schema, old)}"
        return
    if old is not None:
        for column in change.dropped:
            yield f"DELETE FROM {columns} WHERE {_place(schema, old, column)}"
        for before, after in change.renamed:
            yield (
                f"UPDATE {columns} SET column_name = {literal(after.name)}, "
                f"source_column = {literal(after.source)} WHERE {_place(schema, old, before)}"
            )
        if (old.source, old.name) != (new.source, new.name):
            yield (
                f"UPDATE {columns} SET table_name = {literal(new.name)}, "
                f"source_table = {literal(new.source)} WHERE {_place(schema, old)}"
            )
    if change.added:
        yield _insert(schema, new, change.source, change.added)


def _place(schema: str, table: TableInfo, column: ColumnInfo | None = None) -> str:
    place = f"schema_name = {schema} AND table_name = {literal(table.name)}"
    return f"{place} AND column_name = {literal(column.name)}" if column else place


#: What is left of a table that somebody dropped natively means nothing any more.
_OVER = """
ON CONFLICT (schema_name, table_name, column_name) DO UPDATE SET
  (run, file, source_table, source_column, declared, affinity, source_collation, type, shape,
   reason, mixed) = (NULL, '', EXCLUDED.source_table, EXCLUDED.source_column, EXCLUDED.declared,
   EXCLUDED.affinity, EXCLUDED.source_collation, EXCLUDED.type, EXCLUDED.shape, EXCLUDED.reason,
   false)"""


def _insert(
    schema: str, table: TableInfo, source: SourceTable, columns: Sequence[ColumnInfo]
) -> str:
    rows = [f"({_row(schema, table, column, source.column(column.source))})" for column in columns]
    listed = ",\n".join(rows)
    return (
        f"INSERT INTO {HELPERS}.columns (schema_name, table_name, column_name, file, "
        "source_table, source_column, declared, affinity, source_collation, type, shape, reason) "
        f"VALUES\n{listed}{_OVER}"
    )


def _row(schema: str, table: TableInfo, column: ColumnInfo, declared: SourceColumn) -> str:
    shape = shape_of(column.type)
    return ", ".join(
        (
            *(schema, literal(table.name), literal(column.name), "''"),
            *(literal(table.source), literal(column.source), literal(declared.declared)),
            *(literal(column.affinity.value), literal(column.collation)),
            *(literal(str(column.type)), "NULL" if shape is None else literal(shape)),
            literal(_REASON),
        )
    )


def _definitions(schema: str, kind: str, old: Defined, new: Defined) -> Iterator[str]:
    definitions = f"{HELPERS}.definitions"
    before, after = places(old.picture, kind), places(new.picture, kind)
    for place in dict.fromkeys((*before, *after)):
        was, now = before.get(place), after.get(place)
        if was == now or place[0]:
            continue
        if now is None:
            if was is not None:
                yield f"DELETE FROM {definitions} WHERE {_named(schema, kind, old, was)}"
        elif was is None:
            values = (schema, literal(kind), *_facts(new.schema, kind, now))
            yield (
                f"INSERT INTO {definitions} (schema_name, kind, name, source_name, source_table, "
                f"sql) VALUES ({', '.join(values)}) ON CONFLICT (schema_name, kind, name) "
                "DO UPDATE SET (source_name, source_table, sql) = "
                "(EXCLUDED.source_name, EXCLUDED.source_table, EXCLUDED.sql)"
            )
        else:
            facts = ", ".join(_facts(new.schema, kind, now))
            yield (
                f"UPDATE {definitions} SET (name, source_name, source_table, sql) = ({facts}) "
                f"WHERE {_named(schema, kind, old, was)}"
            )


def _named(schema: str, kind: str, old: Defined, entry: Entry) -> str:
    name = literal(old.schema.name_of(kind, entry.name))
    return f"schema_name = {schema} AND kind = {literal(kind)} AND name = {name}"


def _facts(schema: Schema, kind: str, entry: Entry) -> tuple[str, ...]:
    name = schema.name_of(kind, entry.name)
    return tuple(map(literal, (name, entry.name, entry.table, entry.sql)))
