"""Private copies of files: room for them, how long they take, and none of them left behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

import apsw

from outgrow.errors import SourceError
from outgrow.sqlite.failures import NO_SPACE, reading
from outgrow.sqlite.header import check_file, open_file, parse_header

_CHUNK_BYTES = 4 << 20
_PREFIX = "outgrow-copy-"

#: A younger folder may be one that another process is just making.
_SECONDS_TO_BEGIN = 60

#: How much is copied on trial, in pieces from all over the file, to know how long the whole takes.
_TRIAL_PIECES, _TRIAL_BYTES = 8, 2 << 20


class PrivateFolder(tempfile.TemporaryDirectory[str]):
    """A folder that goes with this process; `sweep` removes what a killed one has left.

    Args:
        room: where to make it; the system's temporary folder by default.

    """

    def __init__(self, room: Path | None = None) -> None:
        room = room or Path(tempfile.gettempdir())
        super().__init__(prefix=_PREFIX, dir=room, ignore_cleanup_errors=True)
        lock = os.open(self.name, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)


def sweep(room: Path) -> None:
    """Remove folders of ours that no process holds any more."""
    for folder in room.glob(f"{_PREFIX}*"):
        # Somebody else's, or gone meanwhile, or still in use.
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                found = os.fstat(lock)
                is_young = time.time() - found.st_mtime < _SECONDS_TO_BEGIN
                if found.st_uid == os.geteuid() and not is_young:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long those wait who write to a file without a WAL, while it is copied.

    Args:
        bytes: to copy.
        seconds: about how long that takes; ``None`` where there is no room for a copy, so that
            they wait as long as the file is read.
        room: where the copy is made.

    """

    bytes: int
    seconds: float | None
    room: Path


def foreseen_wait(path: Path, room: Path | None = None) -> Wait | None:
    """Measure how long a copy will take, by copying some of it; ``None`` if nobody will wait.

    Raises:
        SourceError: the file can't be read.

    """
    real, room = Path(os.path.realpath(path)), room or Path(tempfile.gettempdir())
    check_file(real, str(path))
    with reading(path):
        file = open_file(real)
        try:
            if parse_header(file.xRead(100, 0)).is_wal:
                return None
            size = file.xFileSize()
            if not has_room(size, room):
                return Wait(size, None, room)
            return Wait(size, size * _seconds_a_byte(file, size, room), room)
        finally:
            file.xClose()


def _seconds_a_byte(file: apsw.VFSFile, size: int, room: Path) -> float:
    """Copy some pieces; one of them may have met a busy moment, so the one in the middle counts."""
    taken, done = [], 0
    with tempfile.TemporaryFile(dir=room) as out:
        for number in range(_TRIAL_PIECES):
            offset = max(done, size * number // _TRIAL_PIECES)
            piece = min(_TRIAL_BYTES, size - offset)
            if piece <= 0:
                break
            began = time.perf_counter()
            out.write(file.xRead(piece, offset))
            taken.append((time.perf_counter() - began) / piece)
            done += piece
    return median_low(taken)


def has_room(needed: int, room: Path) -> bool:
    """Whether so many bytes are free."""
    return shutil.disk_usage(room).free >= needed


def require_room(where: str, needed: int, room: Path) -> None:
    """Raise SourceError where a copy does not fit."""
    if not has_room(needed, room):
        free = shutil.disk_usage(room).free
        raise SourceError(
            NO_SPACE,
            f"a private copy is needed to read it without changing it: {_size(needed)}, "
            f"but {room} has {_size(free)} left",
            where=where,
            fix="Name a roomier directory in TMPDIR, or close the application so that no -wal "
            "or -journal is left",
        )


def copy_database(guard: apsw.VFSFile, target: Path) -> None:
    """Copy a file through SQLite's VFS, which keeps the locks that this process holds on it."""
    size = guard.xFileSize()
    with target.open("wb") as out:
        for offset in range(0, size, _CHUNK_BYTES):
            out.write(guard.xRead(min(_CHUNK_BYTES, size - offset), offset))


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
