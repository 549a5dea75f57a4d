"""Tables: their columns' names, order and types."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.model.types import Kind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.TABLES


def in_source(source: SourceDatabase) -> int:
    """Count the tables, those that can't be moved among them."""
    return len(source.tables) + len(source.virtual_tables) + len(source.damaged_tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Compare the columns with the plan's."""
    table = inspection.catalog.tables.get(built.target)
    if table is None:
        return None
    planned = inspection.plan.table(built.table).columns
    problems = []
    expected = [column.name for column in planned]
    names = [column.name for column in table.columns]
    if names != expected:
        problems.append(Problem(f"its columns are {_listed(names)}, not {_listed(expected)}"))
    for column in planned:
        found = table.column(column.name)
        if found is None:
            continue
        if found.type != str(column.type):
            problems.append(
                Problem(f"column {column.name} has type {found.type}, not {column.type}")
            )
        elif column.type.kind is Kind.TEXT and found.collation not in ("C", "POSIX"):
            problems.append(
                Problem(f'column {column.name} has collation "{found.collation}", not "C"')
            )
    return problems


def _listed(names: list[str]) -> str:
    return f"({', '.join(names)})"
