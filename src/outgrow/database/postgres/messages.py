"""What SQLite would say of an error: applications look for its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from outgrow.database.connection import in_one_line
from outgrow.database.postgres.failures import sqlstate
from outgrow.translate.schema import Schema, TableInfo

Look = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

#: Columns of a key in its order; '' for an expression, whose columns are named behind it.
_KEY = """
SELECT ARRAY(SELECT coalesce(a.attname, '') FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
             LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             AND a.attnum > 0 WHERE k.place <= i.indnkeyatts ORDER BY k.place),
       ARRAY(SELECT a.attname FROM pg_catalog.pg_depend d
             JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
             ORDER BY a.attnum)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s
"""


def message_of(error: Exception, schema: Schema | None, look: Look | None) -> str:
    """Give SQLite's words for an error of the driver, else the driver's in one line.

    Args:
        error: the driver's, with ``diag`` as libpq knows it.
        schema: names tables and columns as SQLite does, where it is known.
        look: runs a query; ``None`` where the connection is not usable.

    """
    diag = getattr(error, "diag", None)
    state = sqlstate(error)
    said = getattr(diag, "message_primary", None) or in_one_line(error)
    match state:
        case "40001" | "40P01" | "55P03":
            return "database is locked"
        case "57014":
            return "interrupted"
        case "23502" if column := getattr(diag, "column_name", None):
            table = _table(schema, diag)
            return f"NOT NULL constraint failed: {_named(table, diag, [str(column)])}"
        case "23503":
            return "FOREIGN KEY constraint failed"
        case "23505":
            return f"UNIQUE constraint failed: {_key(schema, diag, look)}"
        case "23514" if getattr(diag, "constraint_name", None):
            return f"CHECK constraint failed: {_check(_table(schema, diag), diag)}"
        case _:
            hint = getattr(diag, "message_hint", None)
            return f"{said}. {hint}" if hint and state[:2] in ("23", "0A") else said


def _table(schema: Schema | None, diag: Any) -> TableInfo | None:
    tables = schema.tables.values() if schema else ()
    return next((table for table in tables if table.name == diag.table_name), None)


def _named(table: TableInfo | None, diag: Any, columns: list[str]) -> str:
    """``table.column`` for each, in the application's spelling."""
    sources = {column.name: column.source for column in table.columns} if table else {}
    name = table.source if table else diag.table_name
    return ", ".join(f"{name}.{sources.get(column, column)}" for column in columns)


def _key(schema: Schema | None, diag: Any, look: Look | None) -> str:
    found = look(_KEY, (diag.schema_name, diag.constraint_name)) if look else []
    if not found:
        return str(diag.constraint_name)
    columns, within = found[0]
    if "" in columns:
        # A key that folds letters has one expression for each column that it folds.
        if len(columns) != len(within):
            indexes = schema.indexes.values() if schema else ()
            name = diag.constraint_name
            known = next((index.source for index in indexes if index.name == name), name)
            return f"index '{known}'"
        columns = within
    return _named(_table(schema, diag), diag, list(columns))


def _check(table: TableInfo | None, diag: Any) -> str:
    """A CHECK is told by its name, one without a name by its text where that can be known."""
    name = str(diag.constraint_name)
    is_unnamed = bool(re.search(r"_check\d*$", name))
    if table and is_unnamed and len(table.checks) == 1:
        return table.checks[0].sql
    return name
