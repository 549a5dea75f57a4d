"""``last_insert_rowid()`` and its like inside a statement that changes what they give.

A connection knows them as they were before the statement; SQLite changes them with each row
(https://www.sqlite.org/c3ref/last_insert_rowid.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outgrow.model.names import fold
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children

_FACTS = frozenset({"last_insert_rowid", "changes", "total_changes"})


def check_facts(node: Node) -> None:
    """Refuse an INSERT of several rows of which one asks for the rowid of the row before."""
    source = node["source"]
    if source is None:
        return
    one_row = source["type"] == "ValuesClause" and len(children(source["rows"])) == 1
    if not one_row and "last_insert_rowid" in _called(source):
        raise unsupported(
            "last_insert_rowid() in an INSERT of several rows, where each row changes it",
            "Bind cursor.lastrowid as a parameter",
        )


def refuse_facts(node: Node | None, where: str) -> None:
    """Refuse what would tell of the very statement."""
    for name in sorted(_called(node)):
        raise unsupported(f"{name}() in {where}")


def _called(node: Any) -> set[str]:
    """The facts that a tree asks for."""
    if isinstance(node, list):
        return {name for child in node for name in _called(child)}
    if not isinstance(node, Mapping):
        return set()
    own = {fold(str(node["func_name"]))} & _FACTS if node.get("type") == "FunctionCall" else set()
    return own | {name for child in node.values() for name in _called(child)}
