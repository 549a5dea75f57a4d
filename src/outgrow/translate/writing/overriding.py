"""The conflict clause of a statement also rules what its triggers do.

https://www.sqlite.org/lang_createtrigger.html. A trigger of PostgreSQL has its own clauses, so the
statement is refused unless the difference can't show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, without
from outgrow.translate.schema import Schema, TableInfo
from outgrow.translate.writing.fired import Fired, all_fired, is_free

_MOMENTS = frozenset({"date", "time", "datetime", "strftime", "julianday", "unixepoch"})
#: Operators that give NULL for no operand but NULL.
_STRICT = frozenset({"PLUS", "MINUS", "STAR", "CONCAT"})


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
                differs = own != action and not _cannot_fail(schema, fired, change)
            if differs:
                raise unsupported(
                    f"OR {action}, which in SQLite also rules what the trigger "
                    f"{fired.trigger.source} does",
                )


def check_upsert(schema: Schema, node: Node) -> None:
    """Refuse a DO UPDATE whose triggers have conflict clauses: SQLite runs it as OR ABORT."""
    for clause in children(node["upsert"]):
        if clause["action"] == "UPDATE":
            update = {"type": "UpdateStmt", "table": node["table"], "setlist": clause["setlist"]}
            check_conflicts(schema, update, "ABORT")


def _cannot_fail(schema: Schema, fired: Fired, change: Node) -> bool:
    """Whether no constraint can be broken by a statement of a trigger."""
    table = schema.table(str(change["table"]["table_name"]))
    if table is None:
        return False
    never_null = _NeverNull(table, schema.table(fired.trigger.table))
    if change["type"] == "DeleteStmt":
        return True
    if change["type"] == "UpdateStmt":
        return all(
            is_free(table, str(clause["column"]))
            and never_null.keeps(str(clause["column"]), [clause["value"]])
            for clause in children(change["setlist"])
        )
    return _inserts_freely(table, change, never_null)


def _inserts_freely(table: TableInfo, change: Node, never_null: _NeverNull) -> bool:
    names = [fold(str(column["column"])) for column in children(change["columns"])]
    is_automatic = not table.rowid_alias or fold(table.rowid_alias) not in names
    if not names or not is_automatic or len(table.keys) > bool(table.rowid_alias) or table.checks:
        return False
    rows = _rows(change["source"])
    return (
        rows is not None
        and all(
            never_null.keeps(name, [row[position] for row in rows])
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


@dataclass(frozen=True, slots=True)
class _NeverNull:
    """What is known not to be NULL in a statement on ``table`` in a trigger on ``fires``."""

    table: TableInfo
    fires: TableInfo | None

    def keeps(self, name: str, values: Sequence[Node]) -> bool:
        """Whether a column takes these values without a constraint being broken."""
        column = self.table.column(name)
        if column is None or column.constrained:
            return False
        return not column.not_null or all(map(self._is, values))

    def _is(self, node: Node) -> bool:
        node = without(node, "ParenExpr")
        match node["type"]:
            case "Literal":
                return bool(node["literal_type"] != "NULL")
            case "BinaryExpr":
                return node["op"] in _STRICT and self._is(node["left"]) and self._is(node["right"])
            case "ColumnRef":
                return self._is_column(node)
            case "FunctionCall":
                return self._is_call(fold(str(node["func_name"])), children(node["args"]))
        return False

    def _is_column(self, node: Node) -> bool:
        is_row = fold(str(node["table"])) in ("new", "old")
        table = self.fires if is_row else self.table
        column = table.column(str(node["column"])) if table else None
        return bool(column and column.not_null)

    def _is_call(self, name: str, arguments: Sequence[Node]) -> bool:
        if name in ("coalesce", "ifnull"):
            return any(map(self._is, arguments))
        if name in _MOMENTS:
            given = [a for a in arguments[:2] if a["type"] == "Literal"]
            return any(fold(str(argument["source"])) == "'now'" for argument in given)
        return False
