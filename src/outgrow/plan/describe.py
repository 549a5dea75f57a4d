"""A plan as plain data: for ``outgrow plan --json`` and for the table that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from outgrow.model.findings import Finding
from outgrow.model.plan import ColumnPlan, Plan, TablePlan
from outgrow.model.source import SourceDatabase


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that people read."""

    table: str
    column: str
    declared: str
    becomes: str
    why: str


def rows(plan: Plan, source: SourceDatabase) -> Iterator[Row]:
    """Give a line for each column of the included tables, in source order."""
    for table in plan.tables:
        if table.include:
            declared = _declared(source, table)
            for column in table.columns:
                shape = column.type.shape
                spelled = f" ({shape})" if shape is not None else ""
                yield Row(
                    table.source,
                    column.source,
                    declared[column.source],
                    f"{column.type}{spelled}",
                    column.reason,
                )


def as_json(
    plan: Plan, source: SourceDatabase, files: Sequence[str], findings: Iterable[Finding]
) -> dict[str, Any]:
    """Give the whole plan as JSON's types, with the names of the files it is for."""
    return {
        "file": plan.file,
        "files": [*files],
        "policy": plan.policy.value,
        "schema": plan.schema,
        "tables": [_table(source, table) for table in plan.tables],
        "renamed": [
            {"kind": each.kind, "from": each.source, "to": each.target, "reason": each.reason}
            for each in plan.renamed
        ],
        "findings": [finding.as_json() for finding in findings],
    }


def _declared(source: SourceDatabase, table: TablePlan) -> dict[str, str]:
    return {column.name: column.declared for column in source.table(table.source).columns}


def _table(source: SourceDatabase, table: TablePlan) -> dict[str, Any]:
    declared = _declared(source, table)
    return {
        "source": table.source,
        "name": table.name,
        "include": table.include,
        "identity": table.identity,
        "unique": [list(columns) for columns in table.unique],
        "cascade": [list(columns) for columns in table.cascade],
        "columns": [_column(column, declared[column.source]) for column in table.columns],
    }


def _column(column: ColumnPlan, declared: str) -> dict[str, Any]:
    shape = column.type.shape
    return {
        "source": column.source,
        "name": column.name,
        "source_type": declared,
        "target_type": str(column.type),
        "shape": None if shape is None else shape.notation,
        "reason": column.reason,
        "evidence": list(column.evidence),
        "counterexamples": [
            {"value": each.value, "count": each.count, "key": each.key}
            for each in column.counterexamples
        ],
        "overridden": column.overridden,
        "quarantined": column.quarantined,
        "repaired": column.repaired,
    }
