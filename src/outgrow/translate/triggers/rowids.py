"""``last_insert_rowid()`` in a trigger's body: the rowid of what the body inserted before.

SQLite gives the application's own value back when the trigger is done
(https://www.sqlite.org/c3ref/last_insert_rowid.html), so that of a connection is right after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import integer
from outgrow.translate.outcome import Outcome
from outgrow.translate.parse import Node, children
from outgrow.translate.scope import Source
from outgrow.translate.triggers.described import Trigger

_NAME = "last_insert_rowid"
#: The block that holds the variables, by which they are named.
_BLOCK = "remembered"
_SOURCE = "last rowid"


class Rowids:
    """What is known of the last rowid from one statement of a body to the next.

    Args:
        trigger: whose body it is.

    """

    def __init__(self, trigger: Trigger) -> None:
        body = trigger.fired.body
        asking = [position for position, node in enumerate(body) if _asks(node)]
        self.wanted = bool(asking)
        self._last_question = max(asking, default=-1)
        table = trigger.table
        is_inserted = (trigger.fired.timing, trigger.fired.event) == ("AFTER", "INSERT")
        column = table.column(table.rowid_alias) if table and table.rowid_alias else None
        self._first = f"NEW.{quote(column.name)}" if is_inserted and column else ""
        self._known = bool(self._first)

    @property
    def source(self) -> Source:
        """What the calls read, as a source of the scope."""
        value = integer(f"{_BLOCK}.last_rowid", nullable=False)
        return Source(_SOURCE, ("rowid",), {"rowid": value}, qualified_only=True)

    def is_wanted_after(self, position: int) -> bool:
        """Whether a later statement asks for the rowid of this one."""
        return position < self._last_question

    def answered(self, node: Node) -> Node:
        """A statement whose calls read the variable; raises where nobody knows the value."""
        if not _asks(node):
            return node
        if not self._known:
            raise unsupported(
                f"{_NAME}() in a trigger before it inserted one row into a table with a rowid"
            )
        answered: Node = _replaced(node)
        return answered

    def remember(self, node: Node, outcome: Outcome) -> list[str]:
        """Write the steps of an INSERT so that its rowid is remembered."""
        source = node["source"]
        rows = children(source["rows"]) if source and source["type"] == "ValuesClause" else []
        one_by_one = source is None or len(rows) == len(outcome.steps)
        if not outcome.gives_rowid:
            # A view's triggers leave the rowid as it was, a table without a column for it not.
            self._known = self._known and not outcome.writes
            return [f"{step};" for step in outcome.steps]
        self._known = one_by_one
        lines = []
        for step in outcome.steps:
            lines.append(f"{step} INTO {_BLOCK}.inserted;")
            lines.append(
                f"{_BLOCK}.last_rowid := COALESCE({_BLOCK}.inserted, {_BLOCK}.last_rowid);"
            )
        return lines

    def around(self, lines: Sequence[str]) -> list[str]:
        """The lines in the block that holds the variables."""
        if not self.wanted:
            return list(lines)
        first = f" := {self._first}" if self._first else ""
        return [
            f"<<{_BLOCK}>>",
            "DECLARE",
            f"  last_rowid bigint{first};",
            "  inserted bigint;",
            "BEGIN",
            *(f"  {line}" for line in lines),
            "END;",
        ]


def _asks(node: Any) -> bool:
    if isinstance(node, list):
        return any(map(_asks, node))
    if not isinstance(node, dict):
        return False
    return _is_call(node) or any(map(_asks, node.values()))


def _is_call(node: Node) -> bool:
    return node.get("type") == "FunctionCall" and fold(str(node["func_name"])) == _NAME


def _replaced(node: Any) -> Any:
    if isinstance(node, list):
        return [_replaced(child) for child in node]
    if not isinstance(node, dict):
        return node
    if _is_call(node):
        return {"type": "ColumnRef", "column": "rowid", "table": _SOURCE, "schema": None}
    return {key: _replaced(child) for key, child in node.items()}
