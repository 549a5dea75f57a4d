"""Views and triggers: what PostgreSQL runs with the same result, and why not the others."""

from __future__ import annotations

from graphlib import TopologicalSorter

from outgrow.ddl.draft import Draft
from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceTrigger
from outgrow.model.steps import BuiltView, ObjectKind, Phase
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.engine import ViewTranslation, translate_view
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.triggers import translate_trigger

CONDITIONAL = define("OG-453", "A view or trigger does as in SQLite, but for the case that is told")


def draft_views(draft: Draft) -> None:
    """Draft every view, those that others read before these."""
    translated: dict[str, ViewTranslation] = {}
    for view in draft.source.views:
        if view.broken:
            reason = f"SQLite can't run it either: {view.broken}"
            draft.miss(ObjectKind.VIEWS, view.name, view.name, reason)
            continue
        try:
            translated[fold(view.name)] = translate_view(view.sql, draft.names, view.name)
        except UntranslatableSQL as error:
            draft.miss(ObjectKind.VIEWS, view.name, view.name, str(error))
    reads = {
        name: [fold(other) for other in translation.reads if fold(other) in translated]
        for name, translation in translated.items()
    }
    names = {fold(view.name): view.name for view in draft.source.views}
    for name in TopologicalSorter(reads).static_order():
        _add_view(draft, names[name], translated[name])


def _add_view(draft: Draft, source: str, translation: ViewTranslation) -> None:
    target = draft.target_name("view", source)
    columns = ", ".join(quote(name) for name, _ in translation.columns)
    sql = f"CREATE VIEW {qualified(draft.schema, target)} ({columns}) AS\n{translation.sql}"
    draft.add(Phase.AFTER_DATA, ObjectKind.VIEWS, source, source, sql)
    draft.helpers.update(translation.helpers)
    draft.made(ObjectKind.VIEWS, source, source, target)
    draft.views.append(BuiltView(source, target, translation.columns))
    _tell(draft, draft.source.where(source), translation.notes)


def draft_triggers(draft: Draft) -> None:
    """Draft every trigger; its function bears its name and names the final schema."""
    for trigger in draft.source.triggers:
        try:
            _draft_trigger(draft, trigger)
        except UntranslatableSQL as error:
            draft.miss(ObjectKind.TRIGGERS, trigger.table, trigger.name, str(error))


def _draft_trigger(draft: Draft, trigger: SourceTrigger) -> None:
    translation = translate_trigger(trigger.sql, draft.names, body_schema=draft.final)
    # One step, so that a function never stands without its trigger.
    sql = ";\n".join(translation.statements)
    draft.add(Phase.AFTER_DATA, ObjectKind.TRIGGERS, trigger.table, trigger.name, sql)
    draft.helpers.update(translation.helpers)
    draft.made(ObjectKind.TRIGGERS, trigger.table, trigger.name, translation.name)
    _tell(draft, draft.source.where_trigger(trigger.name), translation.notes)


def _tell(draft: Draft, where: str, notes: tuple[str, ...]) -> None:
    """Tell where a translation does as SQLite does only under a condition."""
    draft.findings += [Finding(CONDITIONAL, Severity.WARNING, where, note) for note in notes]
