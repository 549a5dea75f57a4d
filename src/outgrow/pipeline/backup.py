"""Copies of SQLite files that stand in a folder for the day when they are needed."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from outgrow.errors import UsageError, define
from outgrow.pipeline.progress import Progress, Silent
from outgrow.postgres.locks import FileLock
from outgrow.sqlite.backup import check, copy_to, no_room, size_of
from outgrow.sqlite.catalog import other_names
from outgrow.sqlite.labels import file_labels
from outgrow.sqlite.snapshot import Snapshot, open_snapshot

NOT_WRITTEN = define("OG-553", "A backup could not be written")

_PARTIAL = ".partial"
#: A younger file may be one that another process is just beginning.
_SECONDS_TO_BEGIN = 60


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that is whole.

    Args:
        source: the file, as it was named.
        path: the copy; its checksum stands beside it in ``<path>.sha256``.
        size: in bytes.
        sha256: of the copy.
        unchecked: what SQLite's integrity check could not look at; empty where it saw everything.

    """

    source: str
    path: Path
    size: int
    sha256: str
    unchecked: str

    def as_json(self) -> dict[str, object]:
        """Give the object of ``--json``."""
        return {
            "source": self.source,
            "file": str(self.path),
            "bytes": self.size,
            "sha256": self.sha256,
            "unchecked": self.unchecked,
        }


def back_up(
    sources: Sequence[Path], folder: Path, *, progress: Progress | None = None
) -> list[Backup]:
    """Copy files as they are at one moment each; either all of them are there afterwards, or none.

    Raises:
        SourceError: a file can't be read or is damaged, or there is no room.
        UsageError: a file is named twice, or the folder can't be written.

    """
    progress = progress or Silent()
    folder = folder.absolute()
    labels = file_labels(sources)
    with ExitStack() as stack:
        snapshots = [stack.enter_context(open_snapshot(source)) for source in sources]
        for each in (told for snapshot in snapshots for told in other_names(snapshot)):
            progress.note(f"{each.where}: {each.says}")
        moment = datetime.now(UTC)
        _check_room(snapshots, folder)
        stack.enter_context(_writing(folder))
        stack.enter_context(_prepared(folder))
        copies = [stack.enter_context(_copied(each, folder, progress)) for each in snapshots]
        names = [f"{label}-{moment:%Y%m%dT%H%M%SZ}" for label in labels]
        with ExitStack() as undo:
            backups = []
            for copy, name in zip(copies, names, strict=True):
                path = _free(folder, name)
                undo.callback(path.unlink, missing_ok=True)
                undo.callback(_checksum_of(path).unlink, missing_ok=True)
                backups.append(copy.published(path))
            undo.pop_all()
    return backups


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy that is whole and still bears the name of an unfinished one."""

    source: str
    partial: Path
    size: int
    sha256: str
    unchecked: str

    def published(self, path: Path) -> Backup:
        """Give it its name; where it is, its checksum is."""
        handle = os.open(_checksum_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            # What sha256sum --check reads.
            file.write(f"{self.sha256}  {path.name}\n")
        self.partial.replace(path)
        _sync(path.parent)
        return Backup(self.source, path, self.size, self.sha256, self.unchecked)


@contextmanager
def _copied(snapshot: Snapshot, folder: Path, progress: Progress) -> Iterator[_Copy]:
    """Copy one file under the name of an unfinished one, which goes after an error."""
    where = str(snapshot.path)
    partial = folder / f".{uuid4().hex}{_PARTIAL}"
    # Held as long as it is worked at, so that others know what a killed process has left.
    lock = FileLock(partial)
    try:
        lock.take()
        size = size_of(snapshot)
        with progress.task(f"copying {snapshot.file}", size, unit="bytes") as tell:
            copy_to(snapshot, partial, tell)
        snapshot.close()  # nobody has to wait for what comes now
        _sync(partial)
        with progress.task(f"checking {snapshot.file}", 1, unit="file"):
            unchecked = check(partial, where)
        with partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield _Copy(where, partial, size, digest, unchecked)
    finally:
        partial.unlink(missing_ok=True)
        lock.close()


def _checksum_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _free(folder: Path, name: str) -> Path:
    """Give a name that is not taken: two backups may be of one second."""
    path, number = folder / f"{name}.db", 1
    while path.exists() or _checksum_of(path).exists():
        number += 1
        path = folder / f"{name}-{number}.db"
    return path


@contextmanager
def _prepared(folder: Path) -> Iterator[None]:
    """Make the folder, which git is not to keep; after an error what was made is removed."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    with ExitStack() as undo:
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            undo.callback(_remove_empty, each)
        if not any(folder.iterdir()):
            ignoring = folder / ".gitignore"
            ignoring.write_text("*\n", encoding="utf-8")
            undo.callback(ignoring.unlink, missing_ok=True)
        _sweep(folder)
        yield
        undo.pop_all()


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # somebody else has put something there
        folder.rmdir()


def _sweep(folder: Path) -> None:
    """Remove what killed processes have left."""
    for partial in folder.glob(f".*{_PARTIAL}"):
        with suppress(FileNotFoundError):
            if time.time() - partial.stat().st_mtime < _SECONDS_TO_BEGIN:
                continue
            lock = FileLock(partial)
            if lock.try_take():
                partial.unlink()
            lock.close()


def _check_room(snapshots: Sequence[Snapshot], folder: Path) -> None:
    """Raise SourceError where the copies don't fit."""
    needed = sum(size_of(snapshot) for snapshot in snapshots)
    above = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(above).free
    if free < needed:
        what = f"the copies need {needed / 1e6:,.1f} MB, and {above} has {free / 1e6:,.1f} MB left"
        raise no_room(str(snapshots[0].path), folder, what)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Tell the system's refusals as ours."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            NOT_WRITTEN,
            f"the backup can't be written: {error.strerror}",
            where=str(error.filename or folder),
            fix="Name another folder with --dir",
        ) from error


def _sync(path: Path) -> None:
    """Have the disk keep a file, or a folder's names, through a power failure."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
