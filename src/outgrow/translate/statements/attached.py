"""Other files, and what looks into SQLite's own engine: refused with a hint."""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Outcome
from outgrow.translate.parse import Node
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator


def attach(translator: Translator, node: Node) -> Outcome:
    """ATTACH and DETACH."""
    what = "ATTACH" if node["type"] == "AttachStmt" else "DETACH"
    raise unsupported(what, "Migrate both files into one PostgreSQL database")


def explain(translator: Translator, node: Node) -> Outcome:
    """EXPLAIN and EXPLAIN QUERY PLAN, whose rows are SQLite's own."""
    raise unsupported(
        "EXPLAIN" + (" QUERY PLAN" if node["explain_mode"] == "QUERY_PLAN" else ""),
        "Run EXPLAIN of PostgreSQL on the translated statement",
    )


STATEMENTS: dict[str, Statement] = {
    "AttachStmt": attach,
    "DetachStmt": attach,
    "ExplainStmt": explain,
}
