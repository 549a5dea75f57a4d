"""CHECK constraints, added after the data so that one scan proves them."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.model.source import SourceCheck, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.postgres.identifiers import quote
from outgrow.translate.engine import translate_condition
from outgrow.translate.errors import UntranslatableSQL


def draft_checks(draft: Draft) -> None:
    """Draft the CHECKs of every table; rows that break one make it NOT VALID."""
    for table in draft.tables():
        for check in table.checks:
            _draft_check(draft, table, check)


def _draft_check(draft: Draft, table: SourceTable, check: SourceCheck) -> None:
    target = draft.constraint_name(table, check.name)
    name = check.name if target else check.expression.sql
    try:
        translation = translate_condition(check.expression, draft.names, table.name)
    except UntranslatableSQL as error:
        draft.miss(ObjectKind.CHECKS, table.name, name, str(error))
        return
    draft.helpers.update(translation.helpers)
    constraint = f"CONSTRAINT {quote(target)} " if target else ""
    sql = f"ALTER TABLE {draft.qualified(table)} ADD {constraint}CHECK ({translation.sql})"
    draft.add(
        Phase.AFTER_DATA,
        ObjectKind.CHECKS,
        table.name,
        name,
        sql,
        otherwise=f"{sql} NOT VALID",
    )
    draft.made(ObjectKind.CHECKS, table.name, name, target)
