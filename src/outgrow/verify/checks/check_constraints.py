"""CHECK constraints: those with a name by their name, the others by their columns."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogConstraint
from outgrow.sqlite.grammar import tokenize, unquoted
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
        mine = [each for one, each in _unnamed(built.table, found, inspection) if one is built]
    return [_not_checked(each) for each in mine if not each.validated] if mine else None


def _unnamed(
    table: str, found: list[CatalogConstraint], inspection: Inspection
) -> Iterator[tuple[Built, CatalogConstraint]]:
    """Pair the CHECKs of a table that have no name: those over the same columns, in their order.

    What is left is paired by its order: an expression may have lost a column on its way.
    """
    here = [each for each in inspection.of_kind(KIND) if each.table == table]
    taken = {each.target for each in here}
    waiting = [each for each in here if not each.target]
    free = [each for each in found if each.name not in taken]
    for built in [*waiting]:
        columns = _columns(built, inspection)
        mine = next((each for each in free if set(each.columns) == columns), None)
        if mine is not None:
            waiting.remove(built)
            free.remove(mine)
            yield built, mine
    yield from zip(waiting, free, strict=False)


def _columns(built: Built, inspection: Inspection) -> set[str]:
    """Name the columns, as the target does, whose names stand in an expression."""
    words = {fold(unquoted(token.text)) for token in tokenize(built.name) if not token.is_comment}
    columns = inspection.plan.table(built.table).columns
    return {each.name for each in columns if fold(each.source) in words}


def _not_checked(constraint: CatalogConstraint) -> Problem:
    return Problem(f"{constraint.name} is NOT VALID: rows break it", tolerable=True)
