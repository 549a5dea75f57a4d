"""Views, triggers and foreign keys follow the tables that they name.

SQLite keeps their text and reads it anew when it is used; PostgreSQL compiles them when they are
made. So what a definition changes is made anew around it, what SQLite could not run any more is
taken away, and comes back when the tables do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, qualified, quote
from outgrow.sqlite.rows import quote_identifier
from outgrow.translate.definitions.making import Defined, Sheet
from outgrow.translate.definitions.twin import twin_of
from outgrow.translate.engine import ViewTranslation, translate_view
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL
from outgrow.translate.parse import children, statement, tokens
from outgrow.translate.schema import Schema, TriggerInfo
from outgrow.translate.triggers import TriggerTranslation, translate_trigger


def follow(old: Defined, new: Defined, changed: Iterable[str], drops: Sheet, makes: Sheet) -> None:
    """Write what has to go before a change of these relations, and what has to come after it.

    Raises UntranslatableSQL where a view or trigger would have no translation any more.
    """
    names = _reached(old.schema, _reached(new.schema, frozenset(changed)))
    views = _follow_views(old, new, names, drops, makes)
    _follow_triggers(old, new, names, views, drops, makes)


@lru_cache(maxsize=2000)
def names_in(sql: str) -> frozenset[str]:
    """The folded names that a definition may mention, quoted or not."""
    return frozenset(
        fold(token.text.strip("\"'`[]"))
        for token in tokens(sql)
        if token.category in ("identifier", "string", "keyword")
    )


def _reached(schema: Schema, names: frozenset[str]) -> frozenset[str]:
    """The names, and those of all views and tables whose meaning depends on them."""
    objects = [(fold(view.source), view.sql) for view in schema.views.values()]
    objects += [(fold(trigger.table), trigger.sql) for trigger in schema.triggers.values()]
    while True:
        more = {name for name, sql in objects if names & names_in(sql)} - names
        if not more:
            return names
        names |= more


# --- views -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _View:
    """A view as PostgreSQL has it."""

    relation: str
    sql: str
    made: ViewTranslation


def _follow_views(
    old: Defined, new: Defined, names: frozenset[str], drops: Sheet, makes: Sheet
) -> frozenset[str]:
    """Write the views that change; gives their folded names."""
    before = _views(old, names)
    after = _views(new, names)
    for name in after.keys() | before.keys():
        if name in new.schema.views and name not in after:
            is_new = name not in old.schema.views
            _check_view(new, name, makes, was_there=is_new or name in before)
    changed = {
        name
        for name in before.keys() | after.keys()
        if _sql(before.get(name)) != _sql(after.get(name))
    }
    while True:
        readers = {name for name, view in before.items() if view.made.reads & changed} - changed
        if not readers:
            break
        changed |= readers
    for name in reversed(_ordered(before, changed)):
        drops.steps.append(f"DROP VIEW IF EXISTS {before[name].relation}")
    for name in _ordered(after, changed):
        view = after[name]
        makes.steps.append(view.sql)
        makes.helpers |= view.made.helpers
        makes.notes += view.made.notes
    return frozenset(changed)


def _sql(view: _View | None) -> str:
    return view.sql if view else ""


def _views(defined: Defined, names: frozenset[str]) -> dict[str, _View]:
    """The views among the names that have a translation."""
    found = {}
    for name in names & defined.schema.views.keys():
        view = defined.schema.views[name]
        try:
            made = translate_view(view.sql, defined.schema, view.source)
        except UntranslatableSQL:
            continue
        relation = defined.schema.relation(view)
        listed = ", ".join(quote(column) for column, _ in made.columns)
        found[name] = _View(relation, f"CREATE VIEW {relation} ({listed}) AS\n{made.sql}", made)
    return found


def _check_view(new: Defined, name: str, makes: Sheet, *, was_there: bool) -> None:
    """Refuse to lose a view that SQLite can run; one that it can't run is only remembered."""
    view = new.schema.views[name]
    if was_there and view.columns:
        translate_view(view.sql, new.schema, view.source)
    makes.notes.append(f"the view {view.source} is made when SQLite could run it")


def _ordered(views: Mapping[str, _View], names: Iterable[str]) -> list[str]:
    """Views before those that read them."""
    wanted = {name: views[name].made.reads for name in sorted(names) if name in views}
    order = TopologicalSorter(
        {name: sorted(reads & wanted.keys()) for name, reads in wanted.items()}
    )
    return list(order.static_order())


# --- triggers ----------------------------------------------------------------------------------


def _follow_triggers(
    old: Defined,
    new: Defined,
    names: frozenset[str],
    views: frozenset[str],
    drops: Sheet,
    makes: Sheet,
) -> None:
    before = _triggers(old, names)
    after = _triggers(new, names)
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        on_view = was is not None and fold(old.schema.triggers[name].table) in views
        if was and now and was.statements == now.statements and not on_view:
            continue
        if was:
            function = qualified(old.schema.target_schema, was.name)
            relation = qualified(old.schema.target_schema, was.table)
            drops.steps.insert(0, f"DROP FUNCTION IF EXISTS {function}()")
            drops.steps.insert(0, f"DROP TRIGGER IF EXISTS {quote(was.name)} ON {relation}")
        if now:
            makes.steps += now.statements
            makes.helpers |= now.helpers
            makes.notes += now.notes


def _triggers(defined: Defined, names: frozenset[str]) -> dict[str, TriggerTranslation]:
    schema = defined.schema
    return {
        name: _trigger(schema, trigger)
        for name, trigger in schema.triggers.items()
        if (fold(trigger.table) in names or names & names_in(trigger.sql))
        and _stands(defined, trigger)
    }


def _stands(defined: Defined, trigger: TriggerInfo) -> bool:
    """Whether the target has what the trigger is on: a view that can't be run is not there."""
    view = defined.schema.views.get(fold(trigger.table))
    return view is None or bool(_views(defined, frozenset({fold(view.source)})))


def _trigger(schema: Schema, trigger: TriggerInfo) -> TriggerTranslation:
    """Translate a trigger; one that SQLite could not run raises its error instead."""
    try:
        return translate_trigger(trigger.sql, schema, body_schema=schema.target_schema)
    except UntranslatableSQL as error:
        message = _complaint(schema, trigger) if error.code is UNKNOWN_NAME else ""
        if not message:
            raise
        return _failing(schema, trigger, message)


def _complaint(schema: Schema, trigger: TriggerInfo) -> str:
    """Give what SQLite says of a statement that fires the trigger, '' where it runs."""
    on = quote_identifier(trigger.table)
    tree = statement(trigger.sql)
    columns = twin_of(schema).answer(f"PRAGMA table_info({on})").rows
    firing = {
        "INSERT": f"INSERT INTO {on} DEFAULT VALUES",
        "DELETE": f"DELETE FROM {on}",
        "UPDATE": f"UPDATE {on} SET "
        + ", ".join(f"{quote_identifier(row[1])} = NULL" for row in columns),
    }
    try:
        twin_of(schema).answer(f"EXPLAIN {firing[str(tree['event']['event_type'])]}")
    except UntranslatableSQL as error:
        return error.what
    return ""


def _failing(schema: Schema, trigger: TriggerInfo, message: str) -> TriggerTranslation:
    """Write a trigger that raises an error with every statement that fires it."""
    tree = statement(trigger.sql)
    relation = schema.tables.get(fold(trigger.table)) or schema.views[fold(trigger.table)]
    function = qualified(schema.target_schema, trigger.name)
    event = str(tree["event"]["event_type"])
    on_table = fold(trigger.table) in schema.tables
    columns = [
        quote(known.name)
        for node in children(tree["event"]["columns"])
        if on_table and (known := schema.tables[fold(trigger.table)].column(str(node["column"])))
    ]
    of = f" OF {', '.join(columns)}" if columns else ""
    timing, each = ("BEFORE", "STATEMENT") if on_table else ("INSTEAD OF", "ROW")
    body = f"BEGIN RAISE EXCEPTION USING MESSAGE = {literal(message)}, ERRCODE = '42P01'; END"
    return TriggerTranslation(
        (
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {literal(body)}",
            f"CREATE TRIGGER {quote(trigger.name)} {timing} {event}{of} "
            f"ON {schema.relation(relation)} FOR EACH {each} EXECUTE FUNCTION {function}()",
        ),
        trigger.name,
        relation.name,
        frozenset(),
        (f"{trigger.source} can't run yet: {message}",),
    )
