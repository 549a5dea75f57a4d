"""Foreign keys: columns, parent, actions, deferrability, and whether the rows were checked."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceForeignKey
from outgrow.model.steps import Built, ObjectKind
from outgrow.postgres.catalog import CatalogConstraint
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.FOREIGN_KEYS


def in_source(source: SourceDatabase) -> int:
    """Count the foreign keys."""
    return sum(len(table.foreign_keys) for table in source.tables)


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Find the key by its columns; of several over the same columns, the best one counts."""
    target = inspection.plan.table(built.table).name
    columns = inspection.column_names(built.table, _columns(built, inspection))
    found = [
        each
        for each in inspection.catalog.constraints_of(target, "foreign key")
        if each.columns == columns
    ]
    results = [
        list(_problems(declared, each, built, inspection))
        for declared in _declared(built, inspection)
        for each in found
    ]
    return min(results, key=len, default=None)


def _declared(built: Built, inspection: Inspection) -> list[SourceForeignKey]:
    keys = inspection.source_table(built).foreign_keys
    return [key for key in keys if ",".join(key.columns) == built.name and _leads(key, inspection)]


def _leads(key: SourceForeignKey, inspection: Inspection) -> bool:
    """Whether table and columns are there that a key names; others over its columns may not."""
    parents = [each for each in inspection.source.tables if fold(each.name) == fold(key.parent)]
    known = {fold(column.name) for parent in parents for column in parent.columns}
    return bool(parents) and all(fold(name) in known for name in key.parent_columns)


def _columns(built: Built, inspection: Inspection) -> tuple[str, ...]:
    return next((key.columns for key in _declared(built, inspection)), ())


def _problems(
    declared: SourceForeignKey, found: CatalogConstraint, built: Built, inspection: Inspection
) -> Iterator[Problem]:
    plan = inspection.plan.table(built.table)
    parent = inspection.source.table(declared.parent)
    key = parent.primary_key.columns if parent.primary_key else ()
    parent_columns = inspection.column_names(parent.name, declared.parent_columns or key)
    on_delete = "CASCADE" if declared.columns in plan.cascade else declared.on_delete
    facts = (
        ("it points to", found.parent, inspection.plan.table(parent.name).name),
        ("it points to", ", ".join(found.parent_columns), ", ".join(parent_columns)),
        ("it says ON DELETE", found.on_delete, on_delete or "NO ACTION"),
        ("it says ON UPDATE", found.on_update, declared.on_update or "NO ACTION"),
        ("deferrable:", _yes(found.deferrable), _yes(declared.deferrable)),
        (
            "initially deferred:",
            _yes(found.initially_deferred),
            _yes(declared.deferrable and declared.initially_deferred),
        ),
    )
    for says, is_now, should_be in facts:
        if is_now != should_be:
            yield Problem(f"{says} {is_now}, not {should_be}")
    if not found.validated and not _orphans(declared, built, inspection):
        yield Problem(
            "it is NOT VALID although SQLite finds a parent row for every value", tolerable=True
        )


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _orphans(declared: SourceForeignKey, built: Built, inspection: Inspection) -> int:
    facts = inspection.census.tables.get(inspection.source_table(built).name)
    return sum(
        each.orphans
        for each in (facts.foreign_keys if facts else ())
        if each.columns == declared.columns and fold(each.parent) == fold(declared.parent)
    )
