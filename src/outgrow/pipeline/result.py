"""The outcome of a run as one plain object: what ``--json`` prints and ``outgrow.runs`` keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.steps import Counts, Missing, ObjectKind
from outgrow.model.uniting import Origin, United

if TYPE_CHECKING:  # it brings the driver, which a plan does not need
    from outgrow.load.copying import Loaded

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


def sound_status(
    missing: Collection[Missing], loaded: Mapping[str, Loaded], *, compared: bool
) -> Status:
    """Tell how a run ended that found no mismatch."""
    if missing or any(each.rows_refused or each.values_repaired for each in loaded.values()):
        return Status.INCOMPLETE
    return Status.VERIFIED if compared else Status.LOADED


@dataclass(frozen=True, slots=True)
class Kept:
    """What an interrupted run had done, and the one that continued it did not do again.

    ``rows`` are those of the ``tables``; ``steps`` are all that the journal knew.
    """

    tables: int
    rows: int
    steps: int

    def as_json(self) -> Json:
        """Give the numbers by name."""
        return {"tables": self.tables, "rows": self.rows, "steps": self.steps}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a run can tell; `as_json` gives the shape others rely on."""

    status: Status
    files: tuple[SourceDatabase, ...]
    source: SourceDatabase
    united: United
    plan: Plan
    objects: Mapping[ObjectKind, Counts]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    loaded: Mapping[str, Loaded]
    seconds: Mapping[str, float]
    server_version: str = ""
    kept: Kept | None = None

    def as_json(self) -> Json:
        """Give the object of CONTRACT ("migrate --json")."""
        return {
            "status": self.status.value,
            "target": {"server_version": self.server_version, "schema": self.plan.schema},
            "tables": [self._table(origin) for origin in self.united.origins],
            "objects": {kind.value: self._objects(kind) for kind in ObjectKind},
            "findings": [finding.as_json() for finding in self.findings],
            "continued": self.kept and self.kept.as_json(),
            "seconds": {
                name: round(self.seconds.get(name, 0.0), 3)
                for name in ("total", "census", "load", "indexes", "verify")
            },
        }

    def _table(self, origin: Origin) -> Json:
        """Tell of one table of one file; what was united is told of each file that had it."""
        plan = self.plan.table(origin.united)
        table = self._own_table(origin)
        refused, repaired = self._set_aside(origin)
        gone = origin.merged + origin.superseded + refused
        return {
            "source": {"file": origin.file, "table": origin.table},
            "name": plan.name,
            "rows_read": origin.rows,
            "rows_loaded": origin.rows - gone + self._unforeseen(origin),
            "rows_refused": refused,
            "rows_merged": origin.merged,
            "rows_superseded": origin.superseded,
            "ids_moved_by": origin.moved,
            "values_repaired": repaired,
            "columns": [
                {
                    "source": source,
                    "name": plan.column(united).name,
                    "source_type": table.column(source).declared,
                    "target_type": str(plan.column(united).type),
                    "reason": plan.column(united).reason,
                }
                for source, united in origin.columns
            ],
        }

    def _own_table(self, origin: Origin) -> SourceTable:
        return next(file for file in self.files if file.file == origin.file).table(origin.table)

    def _set_aside(self, origin: Origin) -> tuple[int, int]:
        """Count the rows and the values of one file's table that PostgreSQL can't hold."""
        loaded = self._loaded(origin)
        shared = self._shared(origin)
        refused, repaired = loaded.of_files.get(origin.file, (0, 0))
        if shared[0] is origin:
            # A table that hides its rowid doesn't tell which file a row is from.
            refused += loaded.rows_refused - sum(each for each, _ in loaded.of_files.values())
            repaired += loaded.values_repaired - sum(each for _, each in loaded.of_files.values())
        return refused, repaired

    def _unforeseen(self, origin: Origin) -> int:
        """Count the rows more (or less) that the target has: 0 unless something is wrong.

        Nobody knows from which file they would be; the first one's entry tells of them.
        """
        shared = self._shared(origin)
        if shared[0] is not origin:
            return 0
        foreseen = sum(each.rows - each.merged - each.superseded for each in shared)
        loaded = self._loaded(origin)
        return loaded.rows_loaded + loaded.rows_refused - foreseen

    def _shared(self, origin: Origin) -> list[Origin]:
        return [each for each in self.united.origins if each.united == origin.united]

    def _loaded(self, origin: Origin) -> Loaded:
        return self.loaded[origin.united]

    def _renamed(self) -> Iterator[tuple[str, str, str]]:
        """Give kind, name in its file and name in the target of all that had to be renamed."""
        final = {(each.kind, fold(each.source)): each.target for each in self.plan.renamed}
        for each in self.united.renamed:
            united = (each.kind, fold(each.target))
            yield each.kind, each.source, final.pop(united, fold(each.target))
        for each in self.plan.renamed:
            if (each.kind, fold(each.source)) in final:
                yield each.kind, each.source, each.target

    def _objects(self, kind: ObjectKind) -> Json:
        counts = self.objects.get(kind, Counts())
        left_out = sum(1 for each in self.united.left_out if each.kind is kind)
        return {
            "source": counts.source + left_out,
            "target": counts.target,
            "renamed": [
                {"from": source, "to": target}
                for renamed, source, target in self._renamed()
                if _PLURAL.get(renamed) is kind
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
