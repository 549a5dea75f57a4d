"""CREATE FUNCTION and CREATE TRIGGER."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.schema import Schema, TableInfo
from outgrow.translate.triggers.body import (
    body_lines,
    inside,
    own_row_lines,
    stands_in_when,
    when_of,
)
from outgrow.translate.triggers.described import Trigger, described, knowing
from outgrow.translate.triggers.order import is_last, united
from outgrow.translate.writing.fired import triggers_of
from outgrow.translate.writing.own_row import becomes_before
from outgrow.translate.writing.rowwise import goes_beyond_its_row


@dataclass(frozen=True, slots=True)
class TriggerTranslation:
    """CREATE FUNCTION and CREATE TRIGGER; ``table`` is the target's name of the table or view."""

    statements: tuple[str, ...]
    name: str
    table: str
    helpers: frozenset[str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Made:
    """What a trigger becomes: when it fires, under which condition, and what it does."""

    timing: str
    when: str
    lines: list[str]


def translate_trigger(sql: str, schema: Schema, *, body_schema: str) -> TriggerTranslation:
    """Translate CREATE TRIGGER.

    The functions of triggers of one event depend on one another: where one is made or dropped, the
    others have to be made anew.

    Args:
        sql: SQLite's statement.
        schema: the database; the function and the trigger are made in its ``target_schema``.
        body_schema: the schema that qualifies the tables in the function's body.

    Raises:
        UntranslatableSQL: where PostgreSQL would do something else.

    """
    trigger = described(sql, schema)
    schema = knowing(schema, trigger)
    ctx = Context(schema, body_schema)
    made = _made(ctx, trigger)
    function = _function(schema, trigger, made.lines)
    return TriggerTranslation(
        (function, _creation(ctx, trigger, made)),
        trigger.name,
        trigger.info.name,
        frozenset(ctx.helpers),
        tuple(ctx.notes),
    )


def _made(ctx: Context, trigger: Trigger) -> _Made:
    schema = ctx.schema
    if becomes_before(schema, trigger.fired):
        lines = own_row_lines(ctx, trigger)
        return _Made("BEFORE", *_under_when(ctx, trigger, lines, "RETURN NEW;"))
    timing, ending = trigger.fired.timing, _ending(schema, trigger)
    group = [each for each in united(ctx, trigger) if _has_translation(ctx, each)]
    if len(group) < 2 or trigger.name not in {each.name for each in group}:
        lines = body_lines(ctx, trigger)
        _note_whole_statement(ctx, trigger)
        return _Made(timing, *_under_when(ctx, trigger, lines, ending))
    names = ", ".join(each.name for each in group)
    first = min(each.name for each in group)
    if trigger.name != first:
        return _Made(timing, "", [f"-- SQLite runs {names}: {first} does so.", ending])
    lines = [f"-- As SQLite runs them: {names}."]
    for each in group:
        lines += inside(when_of(ctx, each), body_lines(ctx, each))
        _note_whole_statement(ctx, each)
    return _Made(timing, "", [*lines, ending])


def _under_when(
    ctx: Context, trigger: Trigger, lines: list[str], ending: str
) -> tuple[str, list[str]]:
    """Put WHEN where PostgreSQL takes it: beside the trigger, or around the body."""
    when = when_of(ctx, trigger)
    if stands_in_when(trigger):
        return when, [*lines, ending]
    return "", [*inside(when, lines), ending]


def _has_translation(ctx: Context, trigger: Trigger) -> bool:
    tried = Context(ctx.schema, ctx.body_schema)
    try:
        when_of(tried, trigger)
        body_lines(tried, trigger)
    except UntranslatableSQL:
        return False
    return True


def _ending(schema: Schema, trigger: Trigger) -> str:
    """SQLite counts no change of a view, so the last INSTEAD OF trigger gives no row back."""
    timing, event = trigger.fired.timing, trigger.fired.event
    if timing == "AFTER" or (timing == "INSTEAD OF" and is_last(schema, trigger)):
        return "RETURN NULL;"
    return "RETURN OLD;" if event == "DELETE" else "RETURN NEW;"


def _note_whole_statement(ctx: Context, trigger: Trigger) -> None:
    """PostgreSQL's AFTER ROW triggers run when every row of the statement is written."""
    if goes_beyond_its_row(ctx.schema, trigger.fired):
        ctx.note(
            "goes beyond its row: in PostgreSQL it finds all rows of the statement changed, "
            "in SQLite those up to the current one"
        )


def _function(schema: Schema, trigger: Trigger, lines: Sequence[str]) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    source = f"BEGIN\n{body}\nEND;"
    tag = "$outgrow$"
    while tag in source:
        tag = f"{tag[:-1]}x$"
    return (
        f"CREATE FUNCTION {qualified(schema.target_schema, trigger.name)}() RETURNS trigger\n"
        f"LANGUAGE plpgsql SET search_path = pg_catalog AS {tag}\n{source}\n{tag}"
    )


def _creation(ctx: Context, trigger: Trigger, made: _Made) -> str:
    schema, event = ctx.schema, trigger.fired.event
    columns = children(trigger.fired.tree["event"]["columns"])
    if columns and trigger.table is not None:
        event += f" OF {', '.join(_column_name(trigger.table, column) for column in columns)}"
    elif columns:
        _check_only(ctx, trigger)
    function = qualified(schema.target_schema, trigger.name)
    condition = f" WHEN ({made.when})" if made.when else ""
    return (
        f"CREATE TRIGGER {quote(trigger.name)} {made.timing} {event} "
        f"ON {qualified(schema.target_schema, trigger.info.name)} FOR EACH ROW{condition} "
        f"EXECUTE FUNCTION {function}()"
    )


def _check_only(ctx: Context, trigger: Trigger) -> None:
    """INSTEAD OF UPDATE OF: PostgreSQL takes no columns there."""
    if len(triggers_of(ctx.schema, trigger.fired.trigger.table, "UPDATE")) > 1:
        raise unsupported("UPDATE OF on a view with several UPDATE triggers")
    ctx.note("an UPDATE of columns that it does not name is an error in SQLite, not in PostgreSQL")


def _column_name(table: TableInfo, node: Node) -> str:
    column = table.column(str(node["column"]))
    if column is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {node['column']}")
    return quote(column.name)
