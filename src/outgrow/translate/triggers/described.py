"""A trigger with what it stands on, and what NEW and OLD are in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from outgrow.model.names import fold
from outgrow.translate.context import Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import double_quoted, name_of
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import Schema, TableInfo, TriggerInfo, ViewInfo, named_columns
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import view_query
from outgrow.translate.writing.fired import Fired, tree_of
from outgrow.translate.writing.keys import computed

_ROWS = {"INSERT": ("new",), "DELETE": ("old",), "UPDATE": ("new", "old")}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger, and the table or view that it stands on."""

    fired: Fired
    table: TableInfo | None
    view: ViewInfo | None

    @property
    def name(self) -> str:
        """The target's name."""
        return self.fired.trigger.name

    @property
    def info(self) -> TableInfo | ViewInfo:
        """What it stands on."""
        found = self.table or self.view
        assert found is not None
        return found


def described(sql: str, schema: Schema) -> Trigger:
    """Read CREATE TRIGGER; raises UntranslatableSQL."""
    tree = tree_of(sql)
    if tree["temporary"] != "NONE":
        raise unsupported("a TEMP trigger")
    on, source = name_of(tree["table"]["object_name"]), str(tree["trigger_name"])
    known = schema.triggers.get(fold(source))
    name = known.name if known else fold(source)
    table, view = schema.table(on), schema.views.get(fold(on))
    if table is None and view is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {on}")
    return Trigger(Fired(TriggerInfo(source, name, on, sql), tree), table, view)


def knowing(schema: Schema, trigger: Trigger) -> Schema:
    """The schema with this trigger in it."""
    info = trigger.fired.trigger
    if fold(info.source) in schema.triggers:
        return schema
    return replace(schema, triggers={**schema.triggers, fold(info.source): info})


def context_of(ctx: Context, trigger: Trigger) -> Context:
    """The context in which a trigger's own text is read; what it collects is shared.

    While it is at work it is not fired again, so to its statements it is not there.
    """
    own = fold(trigger.fired.trigger.source)
    others = {name: info for name, info in ctx.schema.triggers.items() if name != own}
    schema = replace(ctx.schema, triggers=others)
    return replace(ctx, schema=schema, quoted=double_quoted(trigger.fired.trigger.sql))


def rows_of(ctx: Context, trigger: Trigger) -> Scope:
    """NEW and OLD, as far as the event has them."""
    sources = []
    for prefix in _ROWS[trigger.fired.event]:
        if trigger.table is not None:
            source = _table_row(ctx, trigger, trigger.table, prefix)
        else:
            source = _view_row(ctx, trigger, prefix)
        sources.append(replace(source, qualified_only=True, order=()))
    return Scope(tuple(sources))


def _table_row(ctx: Context, trigger: Trigger, table: TableInfo, prefix: str) -> Source:
    source = table_source(table, prefix, prefix.upper())
    if prefix == "old" or trigger.fired.timing == "AFTER":
        return source
    # NOT NULL is tested, and generated columns are computed, after PostgreSQL's BEFORE triggers.
    columns = {name: replace(value, nullable=True) for name, value in source.columns.items()}
    generated = {
        column.source
        for column in table.columns
        if column.generated and fold(column.source) in _names(trigger, "new")
    }
    return computed(ctx, table, replace(source, columns=columns), generated)


def _view_row(ctx: Context, trigger: Trigger, prefix: str) -> Source:
    assert trigger.view is not None
    source = view_query(ctx, trigger.view).source(prefix)
    columns = {
        name: replace(value, sql=prefix.upper() + value.sql[len(f'"{prefix}"') :], nullable=True)
        if value.sql.startswith('"')
        else replace(value, sql=prefix.upper() + value.sql[len(prefix) :], nullable=True)
        for name, value in source.columns.items()
    }
    return replace(source, columns=columns)


def _names(trigger: Trigger, prefix: str) -> set[str]:
    """The folded names of the columns of NEW or OLD that a trigger reads."""
    return qualified_names([trigger.fired.tree["when_expr"], trigger.fired.tree["body"]], prefix)


def qualified_names(node: Any, prefix: str) -> set[str]:
    """The folded names of the columns that a tree names with this qualifier."""
    if isinstance(node, list):
        return {name for child in node for name in qualified_names(child, prefix)}
    if not isinstance(node, dict):
        return set()
    if node.get("type") == "ColumnRef" and fold(str(node["table"])) == prefix:
        return named_columns(node)
    return {name for child in node.values() for name in qualified_names(child, prefix)}
