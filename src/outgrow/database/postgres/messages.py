"""What SQLite would say of an error: applications look for its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from outgrow.database.connection import in_one_line
from outgrow.database.postgres.failures import PRIMARY_KEY, sqlstate
from outgrow.model.names import fold
from outgrow.translate.definitions.twin import twin_of
from outgrow.translate.schema import Schema, TableInfo, named_columns

Look = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

#: Columns of a key in its order; '' for an expression, whose columns are named behind it.
_KEY = """
SELECT ARRAY(SELECT coalesce(a.attname, '') FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
             LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             AND a.attnum > 0 WHERE k.place <= i.indnkeyatts ORDER BY k.place),
       ARRAY(SELECT a.attname FROM pg_catalog.pg_depend d
             JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
             ORDER BY a.attnum),
       i.indisprimary
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s
"""

#: The columns of an index, NULL for an expression.
_INDEXED = "SELECT name FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno"

#: The columns of a CHECK.
_CHECKED = """
SELECT a.attname FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey)
WHERE n.nspname = %s AND t.relname = %s AND c.conname = %s
"""


def told(
    error: Exception, schema: Schema | None, look: Look | None
) -> tuple[str, tuple[str, int] | None]:
    """Give SQLite's message for an error, and its code where the SQLSTATE does not tell it.

    Args:
        error: the driver's, with ``diag`` as libpq knows it.
        schema: names tables and columns as SQLite does, where it is known.
        look: runs a query; ``None`` where the connection is not usable.

    """
    if sqlstate(error) != "23505":
        return _message(error, schema, look), None
    diag = error.diag  # type: ignore[attr-defined]
    found = look(_KEY, (diag.schema_name, diag.constraint_name)) if look else []
    if not found:
        return f"UNIQUE constraint failed: {diag.constraint_name}", None
    columns, within, is_primary = found[0]
    key = _key(schema, diag, columns, within)
    return f"UNIQUE constraint failed: {key}", PRIMARY_KEY if is_primary else None


def _message(error: Exception, schema: Schema | None, look: Look | None) -> str:
    """Give SQLite's words, else the driver's in one line."""
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
        case "23514" if getattr(diag, "constraint_name", None):
            return f"CHECK constraint failed: {_check(_table(schema, diag), diag, look)}"
        case "22P02" if said.startswith("invalid input syntax for type json"):
            return "malformed JSON"
        case "22003" if said == "bigint out of range":
            return "integer overflow"
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


def _key(schema: Schema | None, diag: Any, columns: list[str], within: list[str]) -> str:
    indexes = schema.indexes.values() if schema else ()
    index = next((index for index in indexes if index.name == diag.constraint_name), None)
    if schema and index:
        keys = twin_of(schema).answer(_INDEXED, (index.source,)).rows
        names = [str(name) for (name,) in keys if name is not None]
        if len(names) < len(keys):
            return f"index '{index.source}'"
        table = _table(schema, diag)
        return ", ".join(f"{table.source if table else index.table}.{name}" for name in names)
    # A key that folds letters has an expression for each column that it folds.
    return _named(_table(schema, diag), diag, within if "" in columns else columns)


def _check(table: TableInfo | None, diag: Any, look: Look | None) -> str:
    """A CHECK is told by its name, one without a name by its text where that can be known."""
    name = str(diag.constraint_name)
    if table is None or not re.search(r"_check\d*$", name):
        return name
    checks = list(table.checks)
    if len(checks) > 1 and look:
        found = look(_CHECKED, (diag.schema_name, diag.table_name, name))
        sources = {column.name: fold(column.source) for column in table.columns}
        columns = {sources.get(column, column) for (column,) in found}
        checks = [check for check in checks if named_columns(check.tree) == columns]
    return checks[0].sql if len(checks) == 1 else name
