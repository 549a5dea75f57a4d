"""The outcome of a run as one plain object: what ``--json`` prints and ``outgrow.runs`` keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from outgrow.load.copying import Loaded
from outgrow.model.findings import Finding
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.steps import Counts, Missing, ObjectKind

Json = dict[str, Any]


class Status(StrEnum):
    """How a command ended; ``loaded`` is a migration that was asked not to verify."""

    VERIFIED = "verified"
    INCOMPLETE = "incomplete"
    LOADED = "loaded"
    DECISION = "decision"
    MISMATCH = "mismatch"
    FAILED = "failed"
    PLANNED = "planned"

    @property
    def exit_status(self) -> int:
        """The exit status that tells the same."""
        return _EXIT_STATUS[self]


_EXIT_STATUS = {
    Status.VERIFIED: 0,
    Status.LOADED: 0,
    Status.PLANNED: 0,
    Status.FAILED: 1,
    Status.DECISION: 3,
    Status.INCOMPLETE: 4,
    Status.MISMATCH: 5,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a run can tell; `as_json` gives the shape others rely on."""

    status: Status
    source: SourceDatabase
    plan: Plan
    objects: Mapping[ObjectKind, Counts]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    loaded: Mapping[str, Loaded]
    seconds: Mapping[str, float]
    server_version: str = ""
    resumed: int = 0

    def as_json(self) -> Json:
        """Give the object of CONTRACT ("migrate --json")."""
        return {
            "status": self.status.value,
            "target": {"server_version": self.server_version, "schema": self.plan.schema},
            "tables": [self._table(table) for table in self.source.tables if self._has(table)],
            "objects": {kind.value: self._objects(kind) for kind in ObjectKind},
            "findings": [finding.as_json() for finding in self.findings],
            "seconds": {
                name: round(self.seconds.get(name, 0.0), 3)
                for name in ("total", "census", "load", "indexes", "verify")
            },
        }

    def _has(self, table: SourceTable) -> bool:
        return self.plan.table(table.name).include

    def _table(self, table: SourceTable) -> Json:
        plan = self.plan.table(table.name)
        loaded = self.loaded.get(table.name, Loaded(0, 0, 0, 0))
        return {
            "source": {"file": self.source.file, "table": table.name},
            "name": plan.name,
            "rows_read": loaded.rows_read,
            "rows_loaded": loaded.rows_loaded,
            "rows_refused": loaded.rows_refused,
            "rows_merged": 0,
            "rows_superseded": 0,
            "values_repaired": loaded.values_repaired,
            "columns": [
                {
                    "source": column.source,
                    "name": column.name,
                    "source_type": table.column(column.source).declared,
                    "target_type": str(column.type),
                    "reason": column.reason,
                }
                for column in plan.columns
            ],
        }

    def _objects(self, kind: ObjectKind) -> Json:
        counts = self.objects.get(kind, Counts())
        return {
            "source": counts.source,
            "target": counts.target,
            "renamed": [
                {"from": renamed.source, "to": renamed.target}
                for renamed in self.plan.renamed
                if _PLURAL.get(renamed.kind) is kind
            ],
            "missing": [
                {"table": each.table, "name": each.name, "reason": each.reason}
                for each in self.missing
                if each.kind is kind
            ],
        }


_PLURAL = {
    "table": ObjectKind.TABLES,
    "index": ObjectKind.INDEXES,
    "view": ObjectKind.VIEWS,
    "trigger": ObjectKind.TRIGGERS,
}
