"""Statements of a trigger that mean the very row that fired it.

``AFTER UPDATE`` that only sets columns of its own row becomes ``BEFORE UPDATE`` with
``NEW.column := …``, where nothing else can tell the difference.
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.translate.parse import Node, children, fingerprint
from outgrow.translate.schema import Schema, TableInfo, named_columns
from outgrow.translate.scope import ROWID_NAMES
from outgrow.translate.writing.fired import (
    Fired,
    conjunction,
    is_free,
    key_test,
    triggers_of,
)

QUERIES = ("SelectStmt", "CompoundSelect", "WithClause", "ValuesClause")


def own_row(where: Node | None, table: TableInfo) -> str | None:
    """Whether a WHERE says ``key = NEW.key``: NEW or OLD, else ``None``."""
    tests = conjunction(where)
    if not tests:
        return None
    matched = [key_test(test) for test in tests]
    prefixes = {match[1] for match in matched if match}
    if None in matched or len(prefixes) != 1:
        return None
    names = [match[0] for match in matched if match]
    alias = fold(table.rowid_alias)
    if len(names) == 1 and (names[0] == alias or _is_rowid(names[0], table)):
        return prefixes.pop() if alias or _has_firm_key(table) else None
    if sorted(names) == sorted(map(fold, table.primary_key)) and _has_firm_key(table):
        return prefixes.pop()
    return None


def is_rowid_test(where: Node, table: TableInfo) -> bool:
    """Whether a WHERE compares the rowid of a table in which no column keeps it."""
    tests = conjunction(where)
    match = key_test(tests[0]) if len(tests) == 1 else None
    return bool(match and _is_rowid(match[0], table) and not table.rowid_alias)


def _is_rowid(name: str, table: TableInfo) -> bool:
    return name in ROWID_NAMES and table.column(name) is None


def _has_firm_key(table: TableInfo) -> bool:
    columns = [table.column(name) for name in table.primary_key]
    return bool(columns) and all(column and column.not_null for column in columns)


# --- setting columns of the own row ---------------------------------------------------------------


def becomes_before(schema: Schema, fired: Fired) -> bool:
    """Whether the trigger can set NEW before the update instead of the row after it."""
    table = schema.table(fired.trigger.table)
    if table is None or (fired.timing, fired.event) != ("AFTER", "UPDATE"):
        return False
    return _sets_own_row(fired, table) and _stands_alone(schema, fired)


def set_before(schema: Schema, fired: Fired) -> set[str]:
    """The folded names of the columns that a trigger sets before instead of after the update."""
    if not becomes_before(schema, fired):
        return set()
    return {
        fold(str(clause["column"]))
        for update in fired.body
        for clause in children(update["setlist"])
    }


def _sets_own_row(fired: Fired, table: TableInfo) -> bool:
    """Whether each statement sets plain columns of the row that fired, from that row alone."""
    for update in fired.body:
        if update["type"] != "UpdateStmt" or _has_extras(update):
            return False
        if fold(update["table"]["table_name"]) != fold(table.source):
            return False
        if own_row(update["where_clause"], table) != "NEW":
            return False
        clauses = children(update["setlist"])
        if any(clause["columns"] for clause in clauses):
            return False
        columns = {fold(str(clause["column"])) for clause in clauses}
        values = [clause["value"] for clause in clauses]
        if not all(is_free(table, name) for name in columns) or named_columns(values) & columns:
            return False
        if has_query(values):
            return False
    when = fired.tree["when_expr"]
    generated = {fold(column.source) for column in table.columns if column.generated}
    return not has_query(when) and not named_columns([when, fired.body]) & generated


def _has_extras(update: Node) -> bool:
    parts = ("with_ctes", "from_clause", "orderby", "limit_clause", "returning")
    return any(update[part] for part in parts) or update["conflict_action"] != "DEFAULT"


def _stands_alone(schema: Schema, fired: Fired) -> bool:
    """Whether every other UPDATE trigger of the table does the very same assignments."""
    body = fingerprint(fired.tree["body"])
    for other in triggers_of(schema, fired.trigger.table, "UPDATE"):
        if other.trigger.name == fired.trigger.name:
            continue
        if fingerprint(other.tree["body"]) != body:
            return False
        if other.tree["when_expr"] or fired.tree["when_expr"]:
            return False
    return True


def has_query(node: object) -> bool:
    """Whether a query stands anywhere in a tree."""
    if isinstance(node, list):
        return any(has_query(child) for child in node)
    if not isinstance(node, dict):
        return False
    return node.get("type") in QUERIES or any(has_query(child) for child in node.values())
