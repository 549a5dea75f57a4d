"""VACUUM, ANALYZE and REINDEX."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.translate.definitions.twin import twin_of
from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator


def vacuum(translator: Translator, node: Node) -> Outcome:
    """VACUUM, which PostgreSQL's autovacuum does; VACUUM INTO writes a file."""
    if node["filename"] is not None:
        raise unsupported("VACUUM INTO", "pg_dump writes a copy of the database")
    translator.ctx.note("VACUUM: PostgreSQL does it by itself, in the background")
    return Outcome(Kind.IGNORED, ())


def analyze(translator: Translator, node: Node) -> Outcome:
    """ANALYZE and REINDEX of everything, a table or an index."""
    ctx = translator.ctx
    # SQLite says whether there is such a thing.
    twin_of(ctx.schema).answer(ctx.text)
    if node["kind"] == "REINDEX":
        ctx.note("REINDEX: the indexes of PostgreSQL are always as their collation is")
        return Outcome(Kind.IGNORED, ())
    name = node["target_name"]
    index = ctx.schema.indexes.get(fold(str(name))) if name else None
    table = ctx.schema.table(index.table if index else str(name)) if name else None
    tables = [table] if table else list(ctx.schema.tables.values())
    listed = ", ".join(ctx.schema.relation(info) for info in tables)
    return Outcome(Kind.PRAGMA, (f"ANALYZE {listed}",) if listed else ())


STATEMENTS: dict[str, Statement] = {"VacuumStmt": vacuum, "AnalyzeOrReindexStmt": analyze}
