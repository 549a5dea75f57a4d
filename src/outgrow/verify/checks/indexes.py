"""Indexes: table, columns in order, direction, place of NULL, uniqueness, WHERE, validity."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.model.names import fold
from outgrow.model.source import IndexPart, SourceDatabase, SourceIndex
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogIndex, CatalogIndexPart
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.INDEXES


def in_source(source: SourceDatabase) -> int:
    """Count the indexes made by CREATE INDEX."""
    return sum(len(table.indexes) for table in source.tables) + len(source.damaged_indexes)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Compare an index with its declaration."""
    found = inspection.catalog.indexes.get(built.target)
    if found is None:
        return None
    table = inspection.source_table(built)
    declared = next(each for each in table.indexes if fold(each.name) == fold(built.name))
    problems = [*_whole(declared, found, inspection)]
    if len(found.parts) != len(declared.parts):
        problems.append(Problem(f"it has {len(found.parts)} parts, not {len(declared.parts)}"))
        return problems
    for number, (part, other) in enumerate(zip(declared.parts, found.parts, strict=True), 1):
        for problem in _part(part, other, built, inspection):
            problems.append(Problem(f"part {number} {problem.says}", problem.tolerable))
    return problems


def _whole(declared: SourceIndex, found: CatalogIndex, inspection: Inspection) -> Iterator[Problem]:
    table = inspection.plan.table(declared.table).name
    if found.table != table:
        yield Problem(f"it stands on {found.table}, not {table}")
    if found.unique != declared.unique:
        yield Problem("it is UNIQUE" if found.unique else "it is not UNIQUE")
    if declared.unique and not found.nulls_distinct:
        yield Problem("it allows one NULL only, SQLite allows any number")
    if bool(found.where) != (declared.where is not None):
        yield Problem(f"it is partial: {found.where}" if found.where else "its WHERE is gone")
    if not found.valid:
        yield Problem("it is not valid")


def _part(
    declared: IndexPart, found: CatalogIndexPart, built: Built, inspection: Inspection
) -> Iterator[Problem]:
    """Compare one part. What only makes an index slower or useless for a query is tolerable."""
    nullable = True
    if declared.expression is None:
        (name,) = inspection.column_names(built.table, [declared.column])
        folds = declared.collation.upper() != "BINARY"
        is_it = found.column == name or (folds and not found.column and name in found.definition)
        if not is_it:
            yield Problem(f"is {found.definition}, not {name}")
        table = inspection.table(built.table)
        column = table.column(name) if table else None
        nullable = not (column and column.not_null)
    elif found.column:
        yield Problem(f"is column {found.column}, not an expression")
    if found.descending != declared.descending:
        yield Problem("is descending" if found.descending else "is not descending")
    elif nullable and found.nulls_first == found.descending:
        yield Problem("sorts NULL as the largest value, SQLite as the smallest", tolerable=True)
    if found.collation not in ("", "C", "POSIX"):
        yield Problem(f'has collation "{found.collation}", not "C"', tolerable=not found.column)
