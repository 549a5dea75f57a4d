"""A trigger that SQLite would not fire again from its own action carries a guard.

``pg_trigger_depth()`` would also stop triggers that SQLite does fire, so each trigger has a flag
of its own, for the transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import HELPERS
from outgrow.translate.parse import Node
from outgrow.translate.schema import Schema
from outgrow.translate.triggers.described import Trigger
from outgrow.translate.writing.fired import all_fired
from outgrow.translate.writing.replacing import references

_QUIET = ("NO ACTION", "RESTRICT")


@dataclass(frozen=True, slots=True)
class Guard:
    """A flag that says that a trigger is at work. ``setting`` is its name as a literal."""

    setting: str

    @property
    def leave(self) -> list[str]:
        """What takes the flag back."""
        return [f"PERFORM set_config({self.setting}, 'off', true);"]

    def around(self, lines: list[str]) -> list[str]:
        """The lines, unless the trigger is at work already."""
        return [
            f"IF current_setting({self.setting}, true) IS DISTINCT FROM 'on' THEN",
            f"  PERFORM set_config({self.setting}, 'on', true);",
            *(f"  {line}" for line in lines),
            *(f"  {line}" for line in self.leave),
            "END IF;",
        ]


def guard_of(schema: Schema, body_schema: str, trigger: Trigger) -> Guard | None:
    """The guard of a trigger that may come back to itself."""
    if not _may_return(schema, trigger):
        return None
    digest = hashlib.sha256(f"{body_schema}.{trigger.name}".encode()).hexdigest()[:32]
    return Guard(literal(f"{HELPERS}.active_{digest}"))


def _may_return(schema: Schema, trigger: Trigger) -> bool:
    """Whether what the body writes can fire this trigger again, directly or through others."""
    changes = list(trigger.fired.changes)
    for change in trigger.fired.changes:
        for fired in all_fired(schema, change):
            if fired.trigger.name == trigger.name:
                return True
            changes += fired.changes
    return any(_sets_actions_going(schema, change) for change in changes)


def _sets_actions_going(schema: Schema, change: Node) -> bool:
    """Whether foreign keys may change further tables, whose triggers fire in turn."""
    table = schema.table(fold(str(change["table"]["table_name"])))
    if table is None or (change["type"] == "InsertStmt" and not change["upsert"]):
        return bool(table and change["conflict_action"] == "REPLACE")
    actions = [
        key.on_update if change["type"] == "UpdateStmt" else key.on_delete
        for _, key in references(schema, table)
    ]
    return any(action not in _QUIET for action in actions)
