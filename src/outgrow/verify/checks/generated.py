"""Generated columns."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.GENERATED


def in_source(source: SourceDatabase) -> int:
    """Count the generated columns."""
    return sum(column.generated is not None for table in source.tables for column in table.columns)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Ask whether PostgreSQL computes the column."""
    table = inspection.table(built.table)
    column = table.column(built.target) if table else None
    return [] if column and column.generated else None
