"""PRIMARY KEY: its columns in order."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.PRIMARY_KEYS


def in_source(source: SourceDatabase) -> int:
    """Count the tables with a primary key."""
    return sum(table.primary_key is not None for table in source.tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Compare the key's columns."""
    target = inspection.plan.table(built.table).name
    found = inspection.catalog.constraints_of(target, "primary key")
    key = inspection.source_table(built).primary_key
    if not found or key is None:
        return None
    expected = inspection.column_names(built.table, key.columns)
    if found[0].columns != expected:
        return [Problem(f"it covers {', '.join(found[0].columns)}, not {', '.join(expected)}")]
    return []
