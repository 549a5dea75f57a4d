"""Sequences: owned by their column, and past every id that SQLite holds or ever gave."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogColumn
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.SEQUENCES

#: The largest rowid; after it SQLite has no next id either.
_LAST_ID = 2**63 - 1


def in_source(source: SourceDatabase) -> int:
    """Count the tables whose ids SQLite gives itself."""
    return sum(bool(table.rowid_alias) for table in source.tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Ask what the next id would be."""
    target = inspection.plan.table(built.table).name
    owned = [
        each
        for each in inspection.catalog.sequences.values()
        if (each.table, each.column) == (target, built.target)
    ]
    if not owned:
        return None
    sequence = owned[0]
    problems = []
    table = inspection.table(built.table)
    column = table.column(built.target) if table else None
    if not _is_used(column):
        problems.append(Problem(f"column {built.target} does not take its ids from it"))
    last = max(inspection.largest_ids.get(built.table, 0), _given(built.table, inspection))
    if sequence.next_value <= last < _LAST_ID:
        problems.append(
            Problem(f"the next id would be {sequence.next_value}, but {last} was given already")
        )
    return problems


def _is_used(column: CatalogColumn | None) -> bool:
    return column is not None and (column.identity or column.default.startswith("nextval("))


def _given(table: str, inspection: Inspection) -> int:
    given = inspection.source.sequences or {}
    return max((last for name, last in given.items() if fold(name) == fold(table)), default=0)
