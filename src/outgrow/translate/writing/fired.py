"""Which triggers a statement fires, and what these do.

A statement's conflict clause also rules the statements of the triggers that it fires
(https://www.sqlite.org/lang_createtrigger.html), and SQLite runs triggers row by row. Where
PostgreSQL would do otherwise, the statement is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, statement, without
from outgrow.translate.schema import Schema, TableInfo, TriggerInfo

EVENTS = {"InsertStmt": "INSERT", "UpdateStmt": "UPDATE", "DeleteStmt": "DELETE"}
_MOMENTS = frozenset({"date", "time", "datetime", "strftime", "julianday", "unixepoch"})


@dataclass(frozen=True, slots=True)
class Fired:
    """A trigger and its tree."""

    trigger: TriggerInfo
    tree: Node

    @property
    def event(self) -> str:
        """INSERT, UPDATE or DELETE."""
        return str(self.tree["event"]["event_type"])

    @property
    def timing(self) -> str:
        """BEFORE, AFTER or INSTEAD OF."""
        timing = str(self.tree["timing"]).replace("_", " ")
        return "BEFORE" if timing == "NONE" else timing

    @property
    def body(self) -> list[Node]:
        """Its statements."""
        return children(self.tree["body"])

    @property
    def changes(self) -> list[Node]:
        """Its statements that write."""
        return [node for node in self.body if node["type"] in EVENTS]


@lru_cache(maxsize=2000)
def tree_of(sql: str) -> Node:
    """Parse CREATE TRIGGER; raises UntranslatableSQL."""
    tree = statement(sql)
    if tree["type"] != "CreateTriggerStmt":
        raise unsupported("a statement that is not CREATE TRIGGER")
    return tree


def triggers_of(schema: Schema, on: str, event: str = "") -> list[Fired]:
    """The triggers of a table or view, for one event or for all, in the order they were made."""
    found = [
        Fired(trigger, tree_of(trigger.sql))
        for trigger in schema.triggers.values()
        if fold(trigger.table) == fold(on)
    ]
    return [fired for fired in found if event in ("", fired.event)]


def fired_by(schema: Schema, node: Node) -> list[Fired]:
    """The triggers that a statement fires directly."""
    table = str(node["table"]["table_name"])
    found = triggers_of(schema, table, EVENTS[str(node["type"])])
    if node["type"] == "UpdateStmt":
        return [fired for fired in found if _watches(fired, _set_names(node))]
    for clause in children(node.get("upsert")):
        if clause["action"] == "UPDATE":
            updates = triggers_of(schema, table, "UPDATE")
            found += [fired for fired in updates if _watches(fired, _set_names(clause))]
    return found


def _watches(fired: Fired, names: set[str]) -> bool:
    columns = {fold(str(column["column"])) for column in children(fired.tree["event"]["columns"])}
    return not columns or bool(columns & names)


def _set_names(node: Node) -> set[str]:
    names: set[str] = set()
    for clause in children(node["setlist"]):
        listed = [column["column"] for column in children(clause["columns"])]
        names |= {fold(str(name)) for name in (listed or [clause["column"]])}
    return names


def all_fired(schema: Schema, node: Node) -> list[Fired]:
    """The triggers that a statement fires, and those that these fire."""
    found: dict[str, Fired] = {}
    pending = [node]
    while pending:
        for fired in fired_by(schema, pending.pop()):
            if fired.trigger.name not in found:
                found[fired.trigger.name] = fired
                pending += fired.changes
    return list(found.values())


def tables_named(node: Any) -> set[str]:
    """The folded names of the tables that the FROM clauses in a tree name."""
    if isinstance(node, list):
        return {name for child in node for name in tables_named(child)}
    if not isinstance(node, Mapping):
        return set()
    own = {fold(str(node["table_name"]))} if node.get("type") == "TableRef" else set()
    return own | {name for child in node.values() for name in tables_named(child)}


def read_by(fired: Fired) -> set[str]:
    """The folded names of what the queries in a trigger read."""
    names = tables_named(fired.tree["when_expr"])
    for node in fired.body:
        names |= tables_named({key: part for key, part in node.items() if key != "table"})
    return names


def written_by(schema: Schema, node: Node) -> set[str]:
    """The folded names of the tables that the triggers of a statement write."""
    return {
        fold(str(change["table"]["table_name"]))
        for fired in all_fired(schema, node)
        for change in fired.changes
    }


def sees_whole_statement(fired: Fired) -> bool:
    """Whether it reads its own table after each row, where PostgreSQL shows all rows changed."""
    return fired.timing == "AFTER" and fold(fired.trigger.table) in read_by(fired)


# --- the conflict clause of the statement around ------------------------------------------------


def check_conflicts(schema: Schema, node: Node, action: str) -> None:
    """Refuse a statement whose conflict clause would rule what its triggers do.

    Args:
        schema: the database.
        node: the statement.
        action: ABORT, IGNORE or REPLACE; DEFAULT where there is no clause.

    """
    if action == "DEFAULT":
        return
    for fired in all_fired(schema, node):
        for change in fired.changes:
            own = str(change.get("conflict_action") or "DEFAULT")
            if action == "ABORT":
                differs = own not in ("DEFAULT", "ABORT")
            else:
                differs = not _cannot_fail(schema, change)
            if differs:
                raise unsupported(
                    f"OR {action}, which in SQLite also rules what the trigger "
                    f"{fired.trigger.source} does",
                )


def _cannot_fail(schema: Schema, change: Node) -> bool:
    """Whether no constraint can be broken by a statement of a trigger."""
    table = schema.table(str(change["table"]["table_name"]))
    if table is None:
        return False
    if change["type"] == "DeleteStmt":
        return True
    if change["type"] == "UpdateStmt":
        return all(
            is_free(table, str(clause["column"]))
            and _is_kept(table, str(clause["column"]), [clause["value"]])
            for clause in children(change["setlist"])
        )
    return _inserts_freely(table, change)


def is_free(table: TableInfo, name: str) -> bool:
    """Whether nothing but the column itself depends on its value."""
    column = table.column(name)
    keys = {fold(key) for key in table.primary_key} | {fold(table.rowid_alias)}
    return column is not None and not column.constrained and fold(name) not in keys


def _inserts_freely(table: TableInfo, change: Node) -> bool:
    names = [fold(str(column["column"])) for column in children(change["columns"])]
    is_automatic = not table.rowid_alias or fold(table.rowid_alias) not in names
    if not names or not is_automatic or len(table.keys) > bool(table.rowid_alias) or table.checks:
        return False
    rows = _rows(change["source"])
    return (
        rows is not None
        and all(
            _is_kept(table, name, [row[position] for row in rows])
            for position, name in enumerate(names)
        )
        and all(
            not column.not_null or column.default is not None or fold(column.source) in names
            for column in table.columns
            if fold(column.source) != fold(table.rowid_alias)
        )
    )


def _rows(source: Node | None) -> list[list[Node]] | None:
    if source is None:
        return None
    if source["type"] == "ValuesClause":
        return [children(row) for row in children(source["rows"])]
    if source["type"] == "SelectStmt":
        return [[column["expr"] for column in children(source["columns"])]]
    return None


def _is_kept(table: TableInfo, name: str, values: list[Node]) -> bool:
    column = table.column(name)
    if column is None or column.constrained:
        return False
    return not column.not_null or all(map(_is_never_null, values))


def _is_never_null(node: Node) -> bool:
    node = without(node, "ParenExpr")
    if node["type"] == "Literal":
        return bool(node["literal_type"] != "NULL")
    if node["type"] == "FunctionCall" and fold(str(node["func_name"])) in _MOMENTS:
        first = children(node["args"])[:2]
        return any(
            arg["type"] == "Literal" and fold(str(arg["source"])) == "'now'" for arg in first
        )
    return False


def rowwise(schema: Schema, node: Node) -> Iterator[str]:
    """The triggers that see other rows in PostgreSQL if the statement changes several."""
    for fired in fired_by(schema, node):
        if sees_whole_statement(fired):
            yield fired.trigger.source
