"""UNIQUE constraints, which can also stand as unique indexes where a collation folds case."""

from __future__ import annotations

from outgrow.model.source import IndexPart, SourceDatabase, SourceKey
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogIndex
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.UNIQUE


def in_source(source: SourceDatabase) -> int:
    """Count the UNIQUE constraints."""
    return sum(len(table.unique) for table in source.tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Look for a unique index that makes the same rows impossible as SQLite's does."""
    target = inspection.plan.table(built.table).name
    keys = [
        key for key in inspection.source_table(built).unique if ",".join(key.columns) == built.name
    ]
    if not keys:
        return None
    for index in inspection.catalog.indexes_of(target):
        if not index.where and _covers(index, keys[0], built.table, inspection):
            return _problems(index)
    return None


def _covers(index: CatalogIndex, key: SourceKey, table: str, inspection: Inspection) -> bool:
    if not index.unique or len(index.parts) != len(key.parts):
        return False
    found = {(part.column, part.definition) for part in index.parts}
    return all(_stands(part, found, table, inspection) for part in key.parts)


def _stands(
    part: IndexPart, found: set[tuple[str, str]], table: str, inspection: Inspection
) -> bool:
    (name,) = inspection.column_names(table, [part.column])
    if part.collation.upper() == "BINARY":
        return any(column == name for column, _ in found)
    return any(column == name or (not column and name in sql) for column, sql in found)


def _problems(index: CatalogIndex) -> list[Problem]:
    problems = []
    if not index.valid:
        problems.append(Problem("its index is not valid"))
    if not index.nulls_distinct:
        problems.append(Problem("it allows one NULL only, SQLite allows any number"))
    return problems
