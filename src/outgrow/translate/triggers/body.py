"""The statements of a trigger's body, in PL/pgSQL."""

from __future__ import annotations

from typing import Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children, without
from outgrow.translate.queries.sources import table_source
from outgrow.translate.scope import ROWID_NAMES, Scope
from outgrow.translate.translator import Translator
from outgrow.translate.triggers.described import Trigger, context_of, qualified_names, rows_of
from outgrow.translate.triggers.guard import guard_of
from outgrow.translate.triggers.rowids import Rowids
from outgrow.translate.writing.insert import insert
from outgrow.translate.writing.own_row import QUERIES, has_query
from outgrow.translate.writing.statement import written
from outgrow.translate.writing.target import target_of

_IGNORED = "ignore"


def body_lines(ctx: Context, trigger: Trigger) -> list[str]:
    """The body, with a guard where it may fire its own trigger again."""
    _check_rowid(trigger)
    _check_own_rows(trigger)
    own = context_of(ctx, trigger)
    rowids = Rowids(trigger)
    translator = Translator(own, Scope((*rows_of(own, trigger).sources, rowids.source)))
    guard = guard_of(ctx.schema, ctx.body_schema, trigger)
    lines = []
    for position, statement in enumerate(trigger.fired.body):
        node = rowids.answered(statement)
        if node["type"] in QUERIES:
            lines += _query(translator, node, guard.leave if guard else [])
        elif node["type"] == "InsertStmt" and rowids.is_wanted_after(position):
            lines += rowids.remember(node, insert(translator, node, wants_rowid=True))
        else:
            lines += [f"{step};" for step in written(translator, node).steps]
    lines = rowids.around(lines)
    return guard.around(lines) if guard else lines


def when_of(ctx: Context, trigger: Trigger) -> str:
    """The condition of WHEN, '' without one."""
    node = trigger.fired.tree["when_expr"]
    if node is None:
        return ""
    own = context_of(ctx, trigger)
    return Translator(own, rows_of(own, trigger)).condition(node).sql


def stands_in_when(trigger: Trigger) -> bool:
    """PostgreSQL's WHEN takes no subquery, and INSTEAD OF takes no WHEN."""
    return trigger.table is not None and not has_query(trigger.fired.tree["when_expr"])


def inside(condition: str, lines: list[str]) -> list[str]:
    """Lines that run under a condition."""
    if not condition:
        return lines
    return [f"IF {condition} THEN", *(f"  {line}" for line in lines), "END IF;"]


def _check_rowid(trigger: Trigger) -> None:
    table = trigger.table
    if table is None or (trigger.fired.timing, trigger.fired.event) != ("BEFORE", "INSERT"):
        return
    named = {fold(table.rowid_alias), *ROWID_NAMES} if table.rowid_alias else set()
    tree = trigger.fired.tree
    if qualified_names([tree["when_expr"], tree["body"]], "new") & named:
        raise unsupported("NEW.rowid in a BEFORE INSERT trigger, which SQLite leaves open")


def _check_own_rows(trigger: Trigger) -> None:
    """PostgreSQL does not go on with a row that its own BEFORE trigger changed."""
    fired = trigger.fired
    if trigger.table is None or fired.timing != "BEFORE" or fired.event == "INSERT":
        return
    for node in fired.body:
        writes = node["type"] in ("UpdateStmt", "DeleteStmt")
        if writes and fold(node["table"]["table_name"]) == fold(trigger.table.source):
            raise unsupported(f"a BEFORE {fired.event} trigger that changes rows of its own table")


# --- RAISE ----------------------------------------------------------------------------------------


def _query(translator: Translator, node: Node, leave: list[str]) -> list[str]:
    """A SELECT, which is there for its RAISE."""
    if not _raises(node, "IGNORE"):
        return [f"PERFORM * FROM ({translator.subquery(node, correlated=True).sql}) AS raised;"]
    columns = children(node["columns"]) if node["type"] == "SelectStmt" else []
    if len(columns) != 1:
        raise unsupported("RAISE(IGNORE) that is not the only column of a SELECT")
    marked = {**columns[0], "expr": _marked(columns[0]["expr"])}
    query = translator.subquery({**node, "columns": {"children": [marked]}}, correlated=True)
    test = f"raised.{query.sql_names[0]} = {literal(_IGNORED)}"
    return [
        f"IF EXISTS (SELECT FROM ({query.sql}) AS raised WHERE {test}) THEN",
        *(f"  {line}" for line in leave),
        "  RETURN NULL;",
        "END IF;",
    ]


def raises_ignore(trigger: Trigger) -> bool:
    """Whether a trigger may leave the row as it is."""
    return any(_raises(node, "IGNORE") for node in trigger.fired.body)


def _raises(node: Any, kind: str = "") -> bool:
    if isinstance(node, list):
        return any(_raises(child, kind) for child in node)
    if not isinstance(node, dict):
        return False
    if node.get("type") == "RaiseExpr":
        return kind in ("", node["raise_type"])
    return any(_raises(child, kind) for child in node.values())


def _marked(node: Node) -> Node:
    """The expression with a mark where it ignores, and NULL where it does nothing."""
    node = without(node, "ParenExpr")
    if node["type"] == "RaiseExpr":
        is_ignored = node["raise_type"] == "IGNORE"
        return _literal("STRING", f"'{_IGNORED}'") if is_ignored else node
    if node["type"] == "CaseExpr":
        whens = [
            {**when, "then_expr": _marked(when["then_expr"])} for when in children(node["whens"])
        ]
        if _raises([node["operand"], *(when["when_expr"] for when in whens)]):
            raise unsupported("RAISE in a condition")
        otherwise = node["else_expr"]
        return {
            **node,
            "whens": {**node["whens"], "children": whens},
            "else_expr": _marked(otherwise) if otherwise else None,
        }
    if _raises(node):
        raise unsupported("RAISE(IGNORE) inside another expression than CASE")
    return _literal("NULL", "NULL")


def _literal(kind: str, source: str) -> Node:
    return {"type": "Literal", "literal_type": kind, "source": source}


# --- a body that sets columns of its own row ------------------------------------------------------


def own_row_lines(ctx: Context, trigger: Trigger) -> list[str]:
    """The body as assignments to NEW, before the row is written."""
    own = context_of(ctx, trigger)
    scope = rows_of(own, trigger)
    lines = []
    for update in trigger.fired.body:
        target = target_of(Translator(own, scope), update)
        assert target.table is not None
        row = table_source(target.table, target.alias, "NEW")
        inner = Translator(own, Scope((*scope.sources, row)))
        for clause in children(update["setlist"]):
            column = target.named(str(clause["column"]))
            stored = target.stored(own, inner.expr(clause["value"]), column)
            if column.not_null:
                lines.append(_not_null_test(trigger, column.name))
            lines.append(f"NEW.{quote(column.name)} := {stored};")
    return lines


def _not_null_test(trigger: Trigger, column: str) -> str:
    """SQLite tests the row before the trigger gives the column its new value."""
    place = f"{trigger.info.name}.{column}".replace("%", "%%")
    message = literal(f"NOT NULL constraint failed: {place}")
    return (
        f"IF NEW.{quote(column)} IS NULL THEN RAISE EXCEPTION {message} "
        "USING ERRCODE = 'not_null_violation'; END IF;"
    )
