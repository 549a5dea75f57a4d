"""Which triggers a statement fires, and what these read and write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, statement
from outgrow.translate.schema import Schema, TableInfo, TriggerInfo

EVENTS = {"InsertStmt": "INSERT", "UpdateStmt": "UPDATE", "DeleteStmt": "DELETE"}


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


def conjunction(node: Node | None) -> Sequence[Node]:
    """The tests that AND joins."""
    if node is None:
        return []
    if node["type"] == "ParenExpr":
        return conjunction(node["expr"])
    if node["type"] == "BinaryExpr" and node["op"] == "AND":
        return [*conjunction(node["left"]), *conjunction(node["right"])]
    return [node]


def key_test(node: Node) -> tuple[str, str] | None:
    """``name = NEW.name`` in either order: the folded name, and NEW or OLD."""
    if node["type"] != "BinaryExpr" or node["op"] not in ("EQ", "EQ_DOUBLE"):
        return None
    for own, row in ((node["left"], node["right"]), (node["right"], node["left"])):
        if own["type"] != "ColumnRef" or row["type"] != "ColumnRef":
            return None
        prefix = fold(row["table"] or "")
        is_own = fold(own["table"] or "") not in ("new", "old")
        if prefix in ("new", "old") and is_own and fold(own["column"]) == fold(row["column"]):
            return fold(own["column"]), prefix.upper()
    return None


def is_free(table: TableInfo, name: str) -> bool:
    """Whether nothing but the column itself depends on its value."""
    column = table.column(name)
    keys = {fold(key) for key in table.primary_key} | {fold(table.rowid_alias)}
    return column is not None and not column.constrained and fold(name) not in keys
