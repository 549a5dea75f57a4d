"""Writes to ``sqlite_sequence``: the numbers that AUTOINCREMENT goes on from.

https://www.sqlite.org/autoinc.html: after DELETE the next number is one more than the largest
rowid, after UPDATE one more than the greater of both.
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import Kind as TypeKind
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.expressions.assign import assigned
from outgrow.translate.expressions.values import Rep, integer, text
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node, children
from outgrow.translate.schema import TableInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator

NAME = "sqlite_sequence"


def writes_sequences(node: Node) -> bool:
    """Whether a statement writes ``sqlite_sequence``."""
    return fold(str(node["table"]["table_name"])) == NAME


def sequences(translator: Translator, node: Node) -> Outcome:
    """Translate UPDATE and DELETE of it; raises UntranslatableSQL."""
    ctx = translator.ctx
    if not ctx.runtime:
        raise unsupported(f"{NAME} in a trigger")
    if not ctx.schema.numbered:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {NAME}")
    numbered = [table for table in ctx.schema.tables.values() if table.autoincrement]
    if node["type"] == "InsertStmt" or node["returning"] or node["with_ctes"]:
        raise unsupported(f"INSERT, RETURNING and WITH on {NAME}", f"UPDATE {NAME} SET seq = …")
    columns = {
        "name": text(f"{NAME}.name", nullable=False, c_collated=True),
        "seq": integer(f"{NAME}.seq", nullable=False),
    }
    row = Source(NAME, ("name", "seq"), columns)
    inner = translator.inside(Scope((row,), translator.scope))
    tests = ["seq IS NOT NULL"]
    if node["where_clause"]:
        tests.append(f"({inner.condition(node['where_clause']).sql})")
    where = " AND ".join(tests)
    given = _given(inner, node) if node["type"] == "UpdateStmt" else "0"
    kind = Kind.UPDATE if node["type"] == "UpdateStmt" else Kind.DELETE
    parts = ["SELECT 0 WHERE false", *(_moved(ctx, table, given, where) for table in numbered)]
    sql = " UNION ALL ".join(parts)
    return Outcome(kind, (sql,), writes=NAME)


def _given(inner: Translator, node: Node) -> str:
    """The number that UPDATE sets."""
    clauses = children(node["setlist"])
    if node["from_clause"] or len(clauses) != 1 or fold(str(clauses[0]["column"])) != "seq":
        raise unsupported(f"UPDATE {NAME} of anything but seq")
    value = inner.expr(clauses[0]["value"])
    if value.rep is Rep.NULL:
        return "0"
    kind = TargetType(TypeKind.BIGINT)
    return assigned(inner.ctx, value, kind, Affinity.INTEGER, f"{NAME}.seq")


def _moved(ctx: Context, table: TableInfo, given: str, where: str) -> str:
    """Write what moves one table's sequence and gives a row, where it has given numbers."""
    relation = ctx.schema.relation(table)
    column = table.column(table.rowid_alias)
    assert column is not None
    sequence = f"pg_get_serial_sequence({literal(relation)}, {literal(column.name)})::regclass"
    largest = f"(SELECT COALESCE(max({quote(column.name)}), 0) FROM {relation})"
    last = f"GREATEST({largest}, {given})"
    row = (
        f'SELECT {literal(table.source)}::text COLLATE "C" AS name, '
        f"pg_sequence_last_value({sequence}) AS seq"
    )
    return (
        f"SELECT setval({sequence}, GREATEST({last}, 1), {last} > 0) "
        f"FROM ({row}) AS {NAME} WHERE {where}"
    )
