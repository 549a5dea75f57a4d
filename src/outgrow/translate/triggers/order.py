"""Several triggers of one event: SQLite runs the newest first, PostgreSQL goes by name.

SQLite's documentation leaves the order open (https://www.sqlite.org/lang_createtrigger.html), its
program does not. Where the order can be told and differs, the trigger that PostgreSQL runs first
does the work of all in SQLite's order, and the functions of the others do nothing.
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import children
from outgrow.translate.schema import Schema
from outgrow.translate.triggers.body import raises_ignore
from outgrow.translate.triggers.described import Trigger, described
from outgrow.translate.writing.fired import all_fired, read_by, triggers_of


def siblings(schema: Schema, trigger: Trigger) -> list[Trigger]:
    """The triggers of the same event and timing, in the order in which SQLite runs them."""
    found = triggers_of(schema, trigger.fired.trigger.table, trigger.fired.event)
    kin = [described(f.trigger.sql, schema) for f in found if f.timing == trigger.fired.timing]
    return kin[::-1]


def is_last(schema: Schema, trigger: Trigger) -> bool:
    """Whether PostgreSQL runs it last."""
    return trigger.name == max(kin.name for kin in siblings(schema, trigger))


def united(ctx: Context, trigger: Trigger) -> list[Trigger]:
    """The triggers that one of them has to run together; none where each stands for itself."""
    kin = siblings(ctx.schema, trigger)
    if len(kin) == 1:
        return []
    ignoring = trigger.fired.timing == "AFTER" and any(map(raises_ignore, kin))
    names = [each.name for each in kin]
    in_order = names == sorted(names) or _may_be_swapped(ctx.schema, kin)
    if in_order and not ignoring:
        return []
    if not any(children(each.fired.tree["event"]["columns"]) for each in kin):
        return kin
    if ignoring:
        raise unsupported("RAISE(IGNORE) in one of several AFTER UPDATE OF triggers")
    listed = ", ".join(sorted(names))
    ctx.note(f"PostgreSQL runs {listed} in this order, SQLite the newest first")
    return []


def _may_be_swapped(schema: Schema, kin: list[Trigger]) -> bool:
    """Whether no trigger reads or writes what another one writes."""
    effects = [_effects(schema, each) for each in kin]
    for position, (writes, reads, ignores) in enumerate(effects):
        for other_writes, other_reads, other_ignores in effects[position + 1 :]:
            if writes & (other_writes | other_reads) or other_writes & reads:
                return False
            if (ignores and other_writes) or (other_ignores and writes):
                return False
    return True


def _effects(schema: Schema, trigger: Trigger) -> tuple[set[str], set[str], bool]:
    """What a trigger and those that it fires write and read, and whether it may ignore the row."""
    nested = [f for change in trigger.fired.changes for f in all_fired(schema, change)]
    chain = [trigger.fired, *nested]
    writes = {fold(str(c["table"]["table_name"])) for fired in chain for c in fired.changes}
    reads = {name for fired in chain for name in read_by(fired)}
    return writes, reads, raises_ignore(trigger)
