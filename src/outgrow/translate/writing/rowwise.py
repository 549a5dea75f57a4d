"""Triggers that can tell whether other rows of the statement are written already.

SQLite runs the triggers of a row before it goes to the next row; PostgreSQL runs those AFTER a row
when every row of the statement is written (https://www.postgresql.org/docs/current/trigger-datachanges.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from outgrow.model.names import fold
from outgrow.translate.context import Context
from outgrow.translate.parse import Node
from outgrow.translate.schema import Schema, TableInfo
from outgrow.translate.writing.fired import (
    Fired,
    all_fired,
    conjunction,
    fired_by,
    key_test,
    read_by,
)


def goes_beyond_its_row(schema: Schema, fired: Fired) -> bool:
    """Whether it reads or writes other rows of its own table, itself or through other triggers."""
    table = schema.table(fired.trigger.table)
    if table is None or fired.timing != "AFTER":
        return False
    if _reads_others(table, [fired.tree["when_expr"], fired.tree["body"]]):
        return True
    if any(_writes_others(table, change) for change in fired.changes):
        return True
    own = fold(table.source)
    nested = [f for change in fired.changes for f in all_fired(schema, change)]
    return any(
        own in read_by(other) or any(_written(change) == own for change in other.changes)
        for other in nested
        if other.trigger.name != fired.trigger.name
    )


def note_rows(ctx: Context, node: Node) -> None:
    """Tell where triggers of a statement that changes several rows go beyond their row."""
    for name in _rowwise(ctx.schema, node):
        ctx.note(
            f"{name} goes beyond its row: in PostgreSQL it finds all rows of the statement "
            "changed, in SQLite those up to the current one"
        )


def _rowwise(schema: Schema, node: Node) -> Iterator[str]:
    for fired in fired_by(schema, node):
        if goes_beyond_its_row(schema, fired):
            yield fired.trigger.source


def _written(change: Node) -> str:
    return fold(str(change["table"]["table_name"]))


def _writes_others(table: TableInfo, change: Node) -> bool:
    if _written(change) != fold(table.source):
        return False
    return change["type"] == "InsertStmt" or not _pins_own_row(table, change)


def _reads_others(table: TableInfo, node: Any) -> bool:
    if isinstance(node, list):
        return any(_reads_others(table, child) for child in node)
    if not isinstance(node, Mapping):
        return False
    own = fold(table.source)
    if own in _tables_in(node.get("from_clause")) and not _pins_own_row(table, node):
        return True
    return any(_reads_others(table, child) for child in node.values())


def _tables_in(clause: Any) -> set[str]:
    """The tables of a FROM clause, those of its subqueries apart."""
    if isinstance(clause, list):
        return {name for child in clause for name in _tables_in(child)}
    if not isinstance(clause, Mapping) or clause.get("type") == "SubqueryTableSource":
        return set()
    own = {fold(str(clause["table_name"]))} if clause.get("type") == "TableRef" else set()
    return own | {name for child in clause.values() for name in _tables_in(child)}


def _pins_own_row(table: TableInfo, node: Mapping[str, Any]) -> bool:
    """Whether a WHERE names the key of the very row that fired the trigger."""
    pinned = {match[0] for test in conjunction(node["where_clause"]) if (match := key_test(test))}
    rowid = {fold(table.rowid_alias)} if table.rowid_alias else None
    key = {fold(name) for name in table.primary_key}
    return bool(rowid and rowid <= pinned) or bool(key and key <= pinned)
