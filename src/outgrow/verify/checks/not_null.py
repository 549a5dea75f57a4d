"""NOT NULL at columns."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.NOT_NULL


def in_source(source: SourceDatabase) -> int:
    """Count the columns declared NOT NULL."""
    return sum(column.not_null for table in source.tables for column in table.columns)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Ask whether the column still may not be NULL."""
    table = inspection.table(built.table)
    column = table.column(built.target) if table else None
    return [] if column and column.not_null else None
