"""Views: there, with their columns. Their rows are compared in `verify.views`."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.VIEWS


def in_source(source: SourceDatabase) -> int:
    """Count the views."""
    return len(source.views) + len(source.damaged_views)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Compare the number of columns; SQLite's own names of unnamed ones can't always be kept.

    A materialized view has the same rows until its tables change.
    """
    found = inspection.catalog.views.get(built.target)
    if found is None:
        return None
    if found.materialized:
        return [Problem("it is a materialized view, which does not follow its tables")]
    declared = next(view for view in inspection.source.views if fold(view.name) == fold(built.name))
    if declared.columns and len(found.columns) != len(declared.columns):
        return [Problem(f"it has {len(found.columns)} columns, not {len(declared.columns)}")]
    return []
