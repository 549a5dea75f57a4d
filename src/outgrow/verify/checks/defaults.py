"""DEFAULT at columns."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.DEFAULTS


def in_source(source: SourceDatabase) -> int:
    """Count the columns with a default."""
    return sum(column.default is not None for table in source.tables for column in table.columns)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Ask whether the column has a default; PostgreSQL keeps none for DEFAULT NULL."""
    table = inspection.table(built.table)
    column = table.column(built.target) if table else None
    if column is None:
        return None
    declared = inspection.source_table(built).column(built.name).default
    is_null = declared is not None and declared.sql.strip("() \t\r\n").upper() == "NULL"
    return [] if column.default or is_null else None
