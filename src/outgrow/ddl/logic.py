"""Views and triggers: what PostgreSQL runs with the same result, and why not the others."""

from __future__ import annotations

from graphlib import TopologicalSorter

from outgrow.ddl.draft import Draft
from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceTrigger, SourceView
from outgrow.model.steps import BuiltView, ObjectKind, Phase
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.engine import ViewTranslation, translate_view
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.triggers import translate_trigger

CONDITIONAL = define("OG-453", "A view or trigger does as in SQLite, but for the case that is told")
RENAMED = define("OG-454", "A view's columns have other names than in SQLite")


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
    views = {fold(view.name): view for view in draft.source.views}
    for name in TopologicalSorter(reads).static_order():
        _add_view(draft, views[name].name, translated[name])
        _tell_columns(draft, views[name], translated[name])


def _tell_columns(draft: Draft, view: SourceView, translation: ViewTranslation) -> None:
    """Tell which columns of a view have another name than in SQLite."""
    pairs = zip(view.columns, (name for name, _ in translation.columns), strict=False)
    renamed = [f"{source} is {target}" for source, target in pairs if fold(source) != target]
    if renamed:
        says = f"PostgreSQL can't name its columns as SQLite does: {'; '.join(renamed)}"
        fix = "Name them with AS in the view, or use these names"
        where = draft.source.where(view.name)
        draft.findings.append(Finding(RENAMED, Severity.WARNING, where, says, fix))


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
