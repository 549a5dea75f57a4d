"""CHECK constraints: those with a name by their name, the others by their number."""

from __future__ import annotations

from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogConstraint
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.CHECKS


def in_source(source: SourceDatabase) -> int:
    """Count the CHECKs."""
    return sum(len(table.checks) for table in source.tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Look for the constraint; PostgreSQL names one that has no name in SQLite."""
    target = inspection.plan.table(built.table).name
    found = inspection.catalog.constraints_of(target, "check")
    if built.target:
        mine = [each for each in found if each.name == built.target]
    else:
        taken = {each.target for each in inspection.of_kind(KIND) if each.table == built.table}
        unnamed = [each for each in found if each.name not in taken]
        mine = unnamed[_number(built, inspection) :][:1]
    return [_not_checked(each) for each in mine if not each.validated] if mine else None


def _number(built: Built, inspection: Inspection) -> int:
    """The place of a CHECK without a name among those of its table."""
    unnamed = [
        each for each in inspection.of_kind(KIND) if each.table == built.table and not each.target
    ]
    return next(place for place, each in enumerate(unnamed) if each is built)


def _not_checked(constraint: CatalogConstraint) -> Problem:
    return Problem(f"{constraint.name} is NOT VALID: rows break it", tolerable=True)
