"""Triggers: on their table, enabled, at the time and for the events that the source says."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogTrigger
from outgrow.sqlite.grammar import Token, tokenize
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.TRIGGERS

_EVENTS = ("INSERT", "UPDATE", "DELETE")


def in_source(source: SourceDatabase) -> int:
    """Count the triggers."""
    return len(source.triggers)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Compare a trigger with the head of its declaration."""
    found = [each for each in inspection.catalog.triggers if each.name == built.target]
    if not found:
        return None
    table = _target_table(built.table, inspection)
    best = next((each for each in found if each.table == table), found[0])
    declared = next(
        each for each in inspection.source.triggers if fold(each.name) == fold(built.name)
    )
    timing, event = _head(tokenize(declared.sql))
    return [*_problems(best, table, timing, event)]


def _target_table(source: str, inspection: Inspection) -> str:
    if any(fold(view.name) == fold(source) for view in inspection.source.views):
        views = {fold(name): to for (kind, name), to in inspection.plan.names if kind == "view"}
        return views[fold(source)]
    return inspection.plan.table(source).name


def _head(tokens: list[Token]) -> tuple[str, str]:
    """Read timing and event.

    BEFORE is SQLite's default (https://www.sqlite.org/lang_createtrigger.html).
    """
    words = [token for token in tokens if not token.is_comment]
    for place, token in enumerate(words):
        if token.is_keyword(*_EVENTS):
            before = words[place - 1]
            if before.is_keyword("OF"):
                return "INSTEAD OF", token.text.upper()
            return "AFTER" if before.is_keyword("AFTER") else "BEFORE", token.text.upper()
    return "BEFORE", ""


def _problems(found: CatalogTrigger, table: str, timing: str, event: str) -> Iterator[Problem]:
    if found.table != table:
        yield Problem(f"it stands on {found.table}, not {table}")
    if not found.enabled:
        yield Problem("it is disabled")
    if found.events != {event}:
        yield Problem(f"it fires on {', '.join(sorted(found.events))}, not {event}")
    # A trigger that only sets columns of its own row becomes BEFORE: it would not end else.
    becomes = {timing, "BEFORE"} if (timing, event) == ("AFTER", "UPDATE") else {timing}
    if found.timing not in becomes:
        yield Problem(f"it fires {found.timing}, not {timing}")
