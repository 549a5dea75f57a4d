"""``outgrow inspect``: what the files declare, each and together, without counting a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.several import read_all
from outgrow.pipeline.waiting import waits
from outgrow.sqlite.extract import replayable_schema
from outgrow.sqlite.labels import file_labels

KINDS = ("tables", "indexes", "views", "triggers")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found; ``conflicts`` are objects of one name that differ between files.

    ``waits`` tells of the files whose writers will notice a migration.
    """

    sources: tuple[SourceDatabase, ...]
    conflicts: tuple[Mapping[str, str], ...]
    extracted: tuple[Path, ...]
    waits: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all files."""
        return (*(finding for source in self.sources for finding in source.findings), *self.waits)

    def unified(self, kind: str) -> tuple[str, ...]:
        """The names of a kind over all files, one each, in order of appearance."""
        names: dict[str, str] = {}
        for source in self.sources:
            for name in named(source)[kind]:
                names.setdefault(fold(name), name)
        return tuple(names.values())

    def as_json(self) -> dict[str, Any]:
        """Give the object of ``inspect --json``."""
        unified = {kind: list(self.unified(kind)) for kind in KINDS}
        return {
            "files": [
                {
                    "file": source.file,
                    "path": source.path,
                    "bytes": source.size,
                    "counts": {kind: len(named(source)[kind]) for kind in KINDS},
                    **{kind: list(named(source)[kind]) for kind in KINDS},
                }
                for source in self.sources
            ],
            "unified": {
                "counts": {kind: len(unified[kind]) for kind in KINDS},
                **unified,
            },
            "conflicts": list(self.conflicts),
            "findings": [finding.as_json() for finding in self.findings],
        }


def inspect(paths: list[Path], *, extract: Path | None = None, progress: Progress) -> Inspection:
    """Read the catalogs of all files, and write their schemas to a folder when asked.

    A page of the schema that is lost takes tables with it without a word, and only a look at all
    pages tells.

    Raises:
        SourceError: a file can't be read, or is damaged.
        UsageError: one file was named twice.

    """
    with ExitStack() as stack:
        snapshots, sources = read_all(paths, stack, progress=progress)
        extracted = []
        if extract is not None:
            extract.mkdir(parents=True, exist_ok=True)
            for label, snapshot in zip(file_labels(paths), snapshots, strict=True):
                path = extract / f"sqlite_schema_{label}.sql"
                path.write_text(replayable_schema(snapshot), encoding="utf-8", newline="\n")
                extracted.append(path)
    found = inspected(sources, extracted)
    return replace(found, waits=tuple(waits(paths, [source.file for source in sources])))


def inspected(sources: Sequence[SourceDatabase], extracted: Sequence[Path] = ()) -> Inspection:
    """Compare what files declare."""
    return Inspection(tuple(sources), tuple(_conflicts(sources)), tuple(extracted))


def named(source: SourceDatabase) -> dict[str, tuple[str, ...]]:
    """The names of a file's objects by kind; indexes are those made by CREATE INDEX."""
    return {
        "tables": tuple(table.name for table in source.tables),
        "indexes": tuple(index.name for table in source.tables for index in table.indexes),
        "views": tuple(view.name for view in source.views),
        "triggers": tuple(trigger.name for trigger in source.triggers),
    }


def _conflicts(sources: Iterable[SourceDatabase]) -> list[dict[str, str]]:
    """Find objects of one name whose definitions differ between files."""
    conflicts = []
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for source in sources:
        for kind, name, sql in _definitions(source):
            known = first.setdefault((kind, fold(name)), (source.file, sql))
            if known[1] != sql:
                conflicts.append(
                    {
                        "kind": kind,
                        "name": name,
                        "files": f"{known[0]}, {source.file}",
                        "says": f"{known[0]} and {source.file} define it differently",
                    }
                )
    return conflicts


def _definitions(source: SourceDatabase) -> list[tuple[str, str, str]]:
    tables = [("tables", table.name, table.sql) for table in source.tables]
    indexes = [
        ("indexes", index.name, index.sql) for table in source.tables for index in table.indexes
    ]
    views = [("views", view.name, view.sql) for view in source.views]
    triggers = [("triggers", trigger.name, trigger.sql) for trigger in source.triggers]
    return [
        (kind, name, " ".join(sql.split()))
        for kind, name, sql in tables + indexes + views + triggers
    ]
