"""Triggers become functions: the body's statements, and a guard where SQLite has one.

SQLite does not fire a trigger again from its own action
(https://www.sqlite.org/pragma.html#pragma_recursive_triggers); PostgreSQL does. ``AFTER UPDATE``
that only sets columns of its own row becomes ``BEFORE UPDATE`` with ``NEW.column := …``, where
nothing can tell the difference; any other that may come back to itself carries a guard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, qualified, quote
from outgrow.translate.assign import assigned
from outgrow.translate.context import HELPERS, Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children, double_quoted, fingerprint, name_of, statement
from outgrow.translate.schema import Schema, TableInfo, TriggerInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.sources import table_source
from outgrow.translate.translator import Translator, view_query
from outgrow.translate.writing import own_row, target_column, translate_statement

_QUERIES = ("SelectStmt", "CompoundSelect", "WithClause", "ValuesClause")


@dataclass(frozen=True, slots=True)
class TriggerTranslation:
    """CREATE FUNCTION and CREATE TRIGGER; ``table`` is the target's name of the table or view."""

    statements: tuple[str, ...]
    name: str
    table: str
    helpers: frozenset[str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A parsed CREATE TRIGGER with what it stands on."""

    tree: Node
    name: str
    table: TableInfo | None
    relation: str
    on: str

    @property
    def event(self) -> str:
        return str(self.tree["event"]["event_type"])

    @property
    def timing(self) -> str:
        timing = str(self.tree["timing"]).replace("_", " ")
        return "BEFORE" if timing == "NONE" else timing

    @property
    def body(self) -> list[Node]:
        return children(self.tree["body"])


def translate_trigger(sql: str, schema: Schema, *, body_schema: str) -> TriggerTranslation:
    """Translate CREATE TRIGGER.

    Args:
        sql: SQLite's statement.
        schema: the database; the function and the trigger are made in its ``target_schema``.
        body_schema: the schema that qualifies the tables in the function's body.

    Raises:
        UntranslatableSQL: where PostgreSQL would do something else.

    """
    tree = statement(sql)
    if tree["type"] != "CreateTriggerStmt":
        raise unsupported("a statement that is not CREATE TRIGGER")
    trigger = _described(tree, schema)
    ctx = Context(schema, body_schema, quoted=double_quoted(sql))
    lines = _own_row_lines(ctx, trigger)
    if lines is not None:
        timing, ending = "BEFORE", "RETURN NEW;"
    else:
        timing, ending = trigger.timing, _ending(trigger)
        lines = _guarded(ctx, trigger, _body(ctx, trigger, ending))
        _note_whole_statement(ctx, trigger)
    _note_order(ctx, trigger)
    when = _when(ctx, trigger)
    if when and not _stands_in_when(trigger):
        lines = [f"IF {when} THEN", *(f"  {line}" for line in lines), "END IF;"]
        when = ""
    function = _function(schema, trigger, [*lines, ending])
    created = _creation(schema, trigger, timing, when)
    return TriggerTranslation(
        (function, created),
        trigger.name,
        trigger.relation,
        frozenset(ctx.helpers),
        tuple(ctx.notes),
    )


def _described(tree: Node, schema: Schema) -> _Trigger:
    on = name_of(tree["table"]["object_name"])
    source = str(tree["trigger_name"])
    known = schema.triggers.get(fold(source))
    name = known.name if known else fold(source)
    table, view = schema.table(on), schema.views.get(fold(on))
    if table is None and view is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {on}")
    return _Trigger(tree, name, table, table.name if table else view.name if view else "", on)


def _rows(ctx: Context, trigger: _Trigger) -> Scope:
    """NEW and OLD, as far as the event has them."""
    prefixes = {"INSERT": ("new",), "DELETE": ("old",), "UPDATE": ("new", "old")}[trigger.event]
    sources = []
    for prefix in prefixes:
        if trigger.table is not None:
            source = table_source(trigger.table, prefix, prefix.upper())
        else:
            query = view_query(ctx, ctx.schema.views[fold(trigger.on)])
            source = _view_row(query.source(prefix), prefix)
        sources.append(_qualified_only(source))
    return Scope(tuple(sources))


def _view_row(source: Source, prefix: str) -> Source:
    columns = {
        name: replace(value, sql=prefix.upper() + value.sql[len(prefix) :], nullable=True)
        for name, value in source.columns.items()
    }
    return replace(source, columns=columns)


def _qualified_only(source: Source) -> Source:
    return replace(source, qualified_only=True)


# --- the pattern "sets columns of its own row" -------------------------------------------------


def _own_row_lines(ctx: Context, trigger: _Trigger) -> list[str] | None:
    """The body as assignments to NEW; ``None`` where that would not be the same."""
    table = trigger.table
    if table is None or (trigger.timing, trigger.event) != ("AFTER", "UPDATE"):
        return None
    if not _sets_own_row(trigger.tree, table) or not _stands_alone(ctx.schema, trigger):
        return None
    scope = _rows(ctx, trigger)
    own = table_source(table, fold(table.source), "NEW")
    inner = Translator(ctx, Scope((*scope.sources, own)))
    lines = []
    for update in trigger.body:
        for clause in children(update["setlist"]):
            column = target_column(table, clause)
            written = assigned(ctx, inner.expr(clause["value"]), column.type, column.affinity)
            if column.not_null:
                lines.append(_not_null_test(trigger, quote(column.name)))
            lines.append(f"NEW.{quote(column.name)} := {written};")
    return lines


def _not_null_test(trigger: _Trigger, column: str) -> str:
    """SQLite tests the row before the trigger gives the column its new value."""
    message = literal(f"NOT NULL constraint failed: {trigger.relation}.{column}".replace("%", "%%"))
    return (
        f"IF NEW.{column} IS NULL THEN RAISE EXCEPTION {message} "
        "USING ERRCODE = 'not_null_violation'; END IF;"
    )


def _sets_own_row(tree: Node, table: TableInfo) -> bool:
    """Whether each statement sets plain columns of the row that fired, from that row alone."""
    for update in children(tree["body"]):
        if update["type"] != "UpdateStmt" or _has_extras(update):
            return False
        if fold(update["table"]["table_name"]) != fold(table.source):
            return False
        if own_row(update["where_clause"], table) != "NEW":
            return False
        clauses = children(update["setlist"])
        if any(clause["columns"] for clause in clauses):
            return False
        columns = {fold(str(clause["column"])) for clause in clauses}
        values = [clause["value"] for clause in clauses]
        if not all(_is_free(table, name) for name in columns) or _names(values) & columns:
            return False
        if _has_query(values):
            return False
    generated = {fold(column.source) for column in table.columns if column.generated}
    everything = [tree["when_expr"], tree["body"]]
    return not _has_query(tree["when_expr"]) and not _names(everything) & generated


def _has_extras(update: Node) -> bool:
    parts = ("with_ctes", "from_clause", "orderby", "limit_clause", "returning")
    return any(update[part] for part in parts) or update["conflict_action"] != "DEFAULT"


def _is_free(table: TableInfo, name: str) -> bool:
    """Whether nothing but the column itself depends on its value."""
    column = table.column(name)
    keys = {fold(key) for key in table.primary_key} | {fold(table.rowid_alias)}
    return column is not None and not column.constrained and name not in keys


def _stands_alone(schema: Schema, trigger: _Trigger) -> bool:
    """Whether every other UPDATE trigger of the table does the very same assignments."""
    table = trigger.table
    body = fingerprint(trigger.tree["body"])
    for other in schema.triggers.values():
        if table is None or fold(other.table) != fold(table.source):
            continue
        tree = statement(other.sql)
        if tree["event"]["event_type"] != "UPDATE" or other.name == trigger.name:
            continue
        if fingerprint(tree["body"]) != body or tree["when_expr"] or trigger.tree["when_expr"]:
            return False
    return True


def _names(node: Any) -> set[str]:
    """The folded names of all columns in a tree."""
    if isinstance(node, list):
        return {name for child in node for name in _names(child)}
    if not isinstance(node, dict):
        return set()
    own = {fold(str(node["column"]))} if node.get("type") == "ColumnRef" else set()
    return own | {name for child in node.values() for name in _names(child)}


def _has_query(node: Any) -> bool:
    if isinstance(node, list):
        return any(_has_query(child) for child in node)
    if not isinstance(node, dict):
        return False
    return node.get("type") in _QUERIES or any(_has_query(child) for child in node.values())


# --- every other body --------------------------------------------------------------------------


def _body(ctx: Context, trigger: _Trigger, ending: str) -> list[str]:
    translator = Translator(ctx, _rows(ctx, trigger))
    if trigger.timing == "BEFORE":
        _check_before(trigger)
    lines = []
    for node in trigger.body:
        if _is_ignore(node):
            lines.append(_ignore(translator, trigger, node))
        elif node["type"] in _QUERIES:
            lines.append(f"PERFORM * FROM ({translate_statement(translator, node)}) AS raised;")
        else:
            lines.append(f"{translate_statement(translator, node)};")
    return lines


def _check_before(trigger: _Trigger) -> None:
    own = fold(trigger.on)
    for node in trigger.body:
        writes = node["type"] in ("UpdateStmt", "DeleteStmt", "InsertStmt")
        if writes and fold(node["table"]["table_name"]) == own:
            raise unsupported("a BEFORE trigger that writes its own table")
    table = trigger.table
    if table is not None and trigger.event == "INSERT" and table.rowid_alias:
        named = {fold(table.rowid_alias), "rowid", "oid", "_rowid_"}
        if _new_names(trigger.tree) & named:
            raise unsupported("NEW.rowid in a BEFORE INSERT trigger, which SQLite leaves open")


def _new_names(node: Any) -> set[str]:
    if isinstance(node, list):
        return {name for child in node for name in _new_names(child)}
    if not isinstance(node, dict):
        return set()
    if node.get("type") == "ColumnRef" and fold(str(node["table"])) == "new":
        return {fold(str(node["column"]))}
    return {name for child in node.values() for name in _new_names(child)}


def _is_ignore(node: Node) -> bool:
    columns = children(node.get("columns")) if node["type"] == "SelectStmt" else []
    expression = columns[0].get("expr") if len(columns) == 1 else None
    return bool(
        expression and expression["type"] == "RaiseExpr" and expression["raise_type"] == "IGNORE"
    )


def _ignore(translator: Translator, trigger: _Trigger, node: Node) -> str:
    """``SELECT RAISE(IGNORE) WHERE …``: the row is left as it is."""
    if trigger.timing == "AFTER":
        raise unsupported("RAISE(IGNORE) in an AFTER trigger")
    one = {"type": "Literal", "literal_type": "INTEGER", "source": "1"}
    columns = {"children": [{**children(node["columns"])[0], "expr": one}]}
    query = translator.subquery({**node, "columns": columns}, correlated=True)
    return f"IF EXISTS ({query.sql}) THEN RETURN NULL; END IF;"


def _ending(trigger: _Trigger) -> str:
    if trigger.timing == "AFTER":
        return "RETURN NULL;"
    return "RETURN OLD;" if trigger.event == "DELETE" else "RETURN NEW;"


def _guarded(ctx: Context, trigger: _Trigger, lines: list[str]) -> list[str]:
    """Put a guard around a body that may fire its own trigger again."""
    if not _may_return(ctx.schema, trigger):
        return lines
    digest = hashlib.sha256(f"{ctx.body_schema}.{trigger.name}".encode()).hexdigest()[:32]
    setting = literal(f"{HELPERS}.active_{digest}")
    return [
        f"IF current_setting({setting}, true) = 'on' THEN {_ending(trigger)} END IF;",
        f"PERFORM set_config({setting}, 'on', true);",
        *lines,
        f"PERFORM set_config({setting}, 'off', true);",
    ]


def _may_return(schema: Schema, trigger: _Trigger) -> bool:
    """Whether what the body writes can fire this trigger again, directly or through others.

    DELETE and UPDATE may also set foreign-key actions going, which fire triggers of their own.
    """
    seen: set[str] = set()
    pending = list(_written(trigger.tree))
    while pending:
        table = pending.pop()
        if table == fold(trigger.on):
            return True
        if table in seen:
            continue
        seen.add(table)
        for other in schema.triggers.values():
            if fold(other.table) == table:
                pending += _written(_tree(other))
    return any(node["type"] == "DeleteStmt" for node in trigger.body)


def _tree(trigger: TriggerInfo) -> Node:
    return statement(trigger.sql)


def _written(tree: Node) -> Sequence[str]:
    return [
        fold(node["table"]["table_name"])
        for node in children(tree["body"])
        if node["type"] in ("UpdateStmt", "InsertStmt", "DeleteStmt")
    ]


def _note_whole_statement(ctx: Context, trigger: _Trigger) -> None:
    """PostgreSQL's AFTER ROW triggers run when every row of the statement is written."""
    if trigger.timing == "AFTER" and fold(trigger.on) in ctx.reads:
        ctx.note(
            "reads its own table: in PostgreSQL it sees all rows of the statement that fired it, "
            "in SQLite those up to the current one"
        )


def _when(ctx: Context, trigger: _Trigger) -> str:
    node = trigger.tree["when_expr"]
    if node is None:
        return ""
    return Translator(ctx, _rows(ctx, trigger)).condition(node).sql


def _stands_in_when(trigger: _Trigger) -> bool:
    """PostgreSQL's WHEN takes no subquery, and INSTEAD OF takes no WHEN."""
    return trigger.table is not None and not _has_query(trigger.tree["when_expr"])


def _note_order(ctx: Context, trigger: _Trigger) -> None:
    """SQLite leaves the order open and runs the newest first; PostgreSQL goes by name."""
    kin = [
        other.name
        for other in ctx.schema.triggers.values()
        if fold(other.table) == fold(trigger.on) and _moment(_tree(other)) == _moment(trigger.tree)
    ]
    if len(kin) > 1 and sorted(kin) != kin[::-1]:
        ctx.note(f"PostgreSQL runs {', '.join(sorted(kin))} in this order, SQLite the newest first")


def _moment(tree: Node) -> tuple[str, str]:
    timing = "BEFORE" if tree["timing"] == "NONE" else str(tree["timing"])
    return timing, str(tree["event"]["event_type"])


# --- the two statements ------------------------------------------------------------------------


def _function(schema: Schema, trigger: _Trigger, lines: Sequence[str]) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    source = f"BEGIN\n{body}\nEND;"
    tag = "$outgrow$"
    while tag in source:
        tag = f"{tag[:-1]}x$"
    return (
        f"CREATE FUNCTION {qualified(schema.target_schema, trigger.name)}() RETURNS trigger\n"
        f"LANGUAGE plpgsql SET search_path = pg_catalog AS {tag}\n{source}\n{tag}"
    )


def _creation(schema: Schema, trigger: _Trigger, timing: str, when: str) -> str:
    event = trigger.event
    columns = children(trigger.tree["event"]["columns"])
    if columns:
        if trigger.table is None:
            raise unsupported("UPDATE OF on a view")
        event += f" OF {', '.join(_column_name(trigger.table, column) for column in columns)}"
    function = qualified(schema.target_schema, trigger.name)
    condition = f" WHEN ({when})" if when else ""
    return (
        f"CREATE TRIGGER {quote(trigger.name)} {timing} {event} "
        f"ON {qualified(schema.target_schema, trigger.relation)} FOR EACH ROW{condition} "
        f"EXECUTE FUNCTION {function}()"
    )


def _column_name(table: TableInfo, node: Node) -> str:
    column = table.column(str(node["column"]))
    if column is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {node['column']}")
    return quote(column.name)
