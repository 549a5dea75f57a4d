"""Temporary tables and views, which one connection sees until it is given back."""

from __future__ import annotations

from dataclasses import replace

from outgrow.database.postgres.sessions import Session
from outgrow.translate import Schema

_THERE = "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = pg_my_temp_schema()"


def is_temporary(schema: Schema) -> bool:
    """Whether something of a schema is temporary."""
    tables, views = schema.tables.values(), schema.views.values()
    return any(table.temporary for table in tables) or any(view.temporary for view in views)


def with_temporary(session: Session, schema: Schema, before: Schema) -> Schema:
    """Add the temporary tables and views of ``before`` that are still there."""
    there = {name for (name,) in session.run(_THERE).rows}
    tables = {
        key: table
        for key, table in before.tables.items()
        if table.temporary and table.name in there
    }
    views = {
        key: view for key, view in before.views.items() if view.temporary and view.name in there
    }
    indexes = {key: index for key, index in before.indexes.items() if index.name in there}
    return replace(
        schema,
        tables={**schema.tables, **tables},
        views={**schema.views, **views},
        indexes={**schema.indexes, **indexes},
    )
