"""CREATE, ALTER and DROP of tables, indexes, views and triggers."""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Outcome
from outgrow.translate.parse import Node
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator


def definition(translator: Translator, node: Node) -> Outcome:
    """A statement that changes definitions."""
    from outgrow.translate.definitions.defining import define  # noqa: PLC0415 - few translations need SQLite

    return define(translator, node)


def virtual_table(translator: Translator, node: Node) -> Outcome:
    """CREATE VIRTUAL TABLE: PostgreSQL has no such modules."""
    raise unsupported(
        f"a virtual table of the module {node['module_name']}",
        "Full-text search is tsvector in PostgreSQL, R*Tree is a GiST index",
    )


STATEMENTS: dict[str, Statement] = {
    **dict.fromkeys(
        (
            "CreateTableStmt",
            "CreateIndexStmt",
            "CreateViewStmt",
            "CreateTriggerStmt",
            "AlterTableStmt",
            "DropStmt",
        ),
        definition,
    ),
    "CreateVirtualTableStmt": virtual_table,
}
