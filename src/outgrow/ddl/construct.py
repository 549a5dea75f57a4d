"""Make the whole construction: tables, keys, indexes, logic, in the order they are built."""

from __future__ import annotations

from outgrow.ddl.checks import draft_checks
from outgrow.ddl.draft import Draft
from outgrow.ddl.foreign_keys import draft_foreign_keys
from outgrow.ddl.indexes import draft_indexes
from outgrow.ddl.keys import draft_keys
from outgrow.ddl.logic import draft_triggers, draft_views
from outgrow.ddl.tables import draft_tables
from outgrow.ddl.unmoved import draft_unmoved
from outgrow.model.census import Census
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Construction
from outgrow.translate.schema import schema_of


def construct(
    source: SourceDatabase, census: Census, plan: Plan, *, schema: str, final: str
) -> Construction:
    """Draft every object of the source.

    Args:
        source: what the file declares.
        census: what its values are.
        plan: what was decided.
        schema: where the objects are built.
        final: where they will live once they are published.

    """
    names = schema_of(source, plan, target_schema=schema, census=census)
    draft = Draft(source, census, plan, schema, final, names)
    draft_unmoved(draft)
    draft_tables(draft)
    draft_keys(draft)
    draft_checks(draft)
    draft_indexes(draft)
    draft_foreign_keys(draft)
    draft_views(draft)
    draft_triggers(draft)
    return draft.finish()
