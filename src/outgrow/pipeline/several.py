"""The files that were named, opened as one database: one as it is, several united."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from outgrow.errors import DecisionNeeded, define
from outgrow.model.findings import Finding, Severity
from outgrow.model.homes import Homes
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.uniting import Conflict, United
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.waiting import NOTICEABLE, waits
from outgrow.plan.settling import block_of, read_settlements
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.damage import require_whole
from outgrow.sqlite.snapshot import Snapshot, open_snapshot
from outgrow.unite.labels import labels
from outgrow.unite.uniting import unite

UNSETTLED = define("OG-503", "Several files disagree, and a person has to say which is right")
VERSIONS_DIFFER = define("OG-504", "Several files have different versions (PRAGMA user_version)")


@dataclass(frozen=True, slots=True)
class Opened:
    """What is moved: ``snapshot`` is one file, or the private database that holds several.

    ``files`` are the files as they were before they were united, ``snapshots`` those of them.
    """

    files: tuple[SourceDatabase, ...]
    snapshots: tuple[Snapshot, ...]
    snapshot: Snapshot
    source: SourceDatabase
    united: United


@contextmanager
def opened(paths: Sequence[Path], plan: str | None, *, progress: Progress) -> Iterator[Opened]:
    """Open files for as long as the context lasts, and unite them if there are several.

    Args:
        paths: the files, in the order that decides whose rows keep their ids.
        plan: the text of the plan file, which may settle what the files disagree about.
        progress: told while the files are united.

    Raises:
        SourceError: a file can't be read, or is damaged.
        PlanError: the plan file is wrong about uniting.
        UsageError: one file was named twice.

    """
    with ExitStack() as stack:
        for wait in waits(paths):
            progress.note(f"{wait.where}: {wait.says}")
        snapshots, files = read_all(paths, stack, progress=progress)
        settlements = read_settlements(plan or "", files)
        if len(paths) == 1:
            united = United((files[0].file,), settlements=settlements)
            yield Opened(files, tuple(snapshots), snapshots[0], files[0], united)
            return
        tables = sum(len(file.tables) for file in files)
        with progress.task("unite the files", tables, unit="tables") as advance:
            union = unite(
                snapshots, settlements, progress=lambda _table, done, _total: advance(done)
            )
        snapshot = stack.enter_context(union.snapshot)
        source = replace(read_catalog(snapshot), user_version=files[0].user_version)
        findings = (*union.united.findings, *_versions(files))
        united = replace(union.united, findings=findings)
        yield Opened(files, tuple(snapshots), snapshot, source, united)


def _versions(files: Sequence[SourceDatabase]) -> Iterator[Finding]:
    """Tell of versions that applications keep in their files, where they differ."""
    first, *others = files
    for file in others:
        if file.user_version != first.user_version:
            says = (
                f"its user_version is {file.user_version}, and that of {first.file} is "
                f"{first.user_version}: the database gets the first file's"
            )
            fix = "Name that file first whose version the application shall find"
            yield Finding(VERSIONS_DIFFER, Severity.WARNING, file.file, says, fix)


def read_all(
    paths: Sequence[Path], stack: ExitStack, *, progress: Progress
) -> tuple[list[Snapshot], tuple[SourceDatabase, ...]]:
    """Open files until the stack is unwound, see what they declare, and that they are whole.

    Raises SourceError, and UsageError where one file was named twice.
    """
    began = monotonic()
    snapshots = _open_all(paths, stack)
    seconds = monotonic() - began
    copied = sum(snapshot.copied_bytes for snapshot in snapshots) / 1e6
    if copied >= 1 and seconds >= NOTICEABLE:
        progress.note(f"reading a private copy of {copied:,.0f} MB, made in {seconds:.1f} s")
    files = tuple(read_catalog(snapshot) for snapshot in snapshots)
    with progress.task("look for damage", len(files), unit="files") as advance:
        for done, snapshot in enumerate(snapshots):
            advance(done)
            require_whole(snapshot)
    return snapshots, files


def _open_all(paths: Sequence[Path], stack: ExitStack) -> list[Snapshot]:
    """Open files for long, each called by a name that no other has."""
    snapshots = [stack.enter_context(open_snapshot(path, lasting=True)) for path in paths]
    for snapshot, label in zip(snapshots, labels(snapshots), strict=True):
        snapshot.homes = Homes(label)
    return snapshots


def findings_of(united: United) -> tuple[Finding, ...]:
    """Tell how the files were united, and what nobody has settled yet."""
    return (*united.findings, *(_told(each, united.conflicts) for each in united.conflicts))


def require_settled(united: United) -> None:
    """Raise DecisionNeeded, with all that the files disagree about, unless it is settled."""
    if not united.conflicts:
        return
    told = tuple(_told(each, united.conflicts) for each in united.conflicts)
    tables = dict.fromkeys(each.table for each in united.conflicts)
    raise DecisionNeeded(
        UNSETTLED,
        f"{' and '.join(united.files)} disagree about {', '.join(tables)}",
        fix="Add the lines below to a plan file and name it with --plan, or let "
        "outgrow plan … -o FILE write one",
        findings=told,
    )


def _told(conflict: Conflict, conflicts: Sequence[Conflict]) -> Finding:
    """Give a conflict's finding with the lines that settle its table."""
    alike = [each for each in conflicts if fold(each.table) == fold(conflict.table)]
    lines = "\n".join(block_of(alike))
    where = "Add to the plan file (below the first line, where that stands already)"
    return replace(conflict.finding, fix=f"{where}:\n{lines}")
