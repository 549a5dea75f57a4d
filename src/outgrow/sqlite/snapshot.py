"""One consistent view of a SQLite file, without changing a byte of it or beside it.

SQLite's own read-only mode is not enough: on a closed WAL file it leaves ``-wal`` and ``-shm``
behind, a hot journal it can't roll back, and ``immutable=1`` misses what is in the WAL
(https://www.sqlite.org/wal.html#read_only_databases). So a file is read in place where that
leaves no trace, and from a private copy everywhere else. A file without a WAL is copied, too,
where it is read for long: nobody can commit to it while it is read in place.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import apsw

from outgrow.errors import SourceError
from outgrow.model.homes import Homes
from outgrow.sqlite.copying import PrivateFolder, copy_database, has_room, require_room, sweep
from outgrow.sqlite.failures import CORRUPT, LOCKED, MOVING, RECOVER, TRUNCATED, reading
from outgrow.sqlite.header import Header, check_file, open_file, parse_header
from outgrow.sqlite.rows import stand_in_collation

#: How long another process may hold the file locked before we give up, in milliseconds.
BUSY_TIMEOUT_MS = 5_000

_HEADER_BYTES = 100
_FIRST_READ = "SELECT count(*) FROM sqlite_schema"
_ATTEMPTS = 5
_COMPANIONS = ("-wal", "-journal")


@dataclass(frozen=True, slots=True)
class Address:
    """How another process opens the same state of a file.

    Args:
        uri: with the parameters that SQLite needs (https://www.sqlite.org/uri.html).
        path: of the file itself.
        header: its first bytes; another change counter there is another file
            (https://www.sqlite.org/fileformat2.html#file_change_counter).
        label: what a person calls it.

    """

    uri: str
    path: str
    header: bytes
    label: str


class Snapshot:
    """An open read transaction on a SQLite file, in place or on a private copy.

    Attributes:
        path: the file as it was named by the caller.
        homes: the places of its objects, and what the file is called: its base name by default.
        connection: inside one read transaction; nobody may commit or roll it back.
        fingerprint: differs whenever the database or its WAL was changed.
        copied_bytes: size of the private copy, 0 when the file is read in place.
        unknown_collations: collations that only the application knows, as far as statements
            met them. They compare here by code point: never trust an index that uses one.

    """

    def __init__(
        self,
        path: Path,
        connection: apsw.Connection,
        fingerprint: str,
        copy: tempfile.TemporaryDirectory[str] | None,
        copied_bytes: int,
        homes: Homes | None = None,
    ) -> None:
        self.path = path
        self.connection = connection
        self.fingerprint = fingerprint
        self.copied_bytes = copied_bytes
        self.homes = homes or Homes(path.name)
        self.unknown_collations = _add_collations_when_needed(connection)
        # The finalizer also runs when the interpreter exits.
        self._release = weakref.finalize(self, _release, connection, copy)

    @property
    def file(self) -> str:
        """What the file is called in every place that a person sees."""
        return self.homes.file

    @property
    def size(self) -> int:
        """Bytes of the database."""
        pages, page = self.connection.pragma("page_count"), self.connection.pragma("page_size")
        return int(pages) * int(page)

    @property
    def may_grow(self) -> bool:
        """Whether another connection might see more: a WAL in place grows while it is read.

        Without a WAL nobody commits while SQLite's SHARED lock is held, and nobody else writes to
        a private copy.
        """
        opened = self.connection.filename
        is_wal = self.connection.pragma("journal_mode") == "wal"
        return not opened or (is_wal and Path(opened) == Path(os.path.realpath(self.path)))

    def again(self) -> Snapshot | None:
        """Open another connection to the same state, for another thread.

        ``None`` if it may grow, or another file has taken its place. It has to be closed before
        this one.
        """
        if self.may_grow:
            return None
        opened = Path(self.connection.filename)
        if self.connection.pragma("journal_mode") == "wal":
            connection = _begin(str(opened), apsw.SQLITE_OPEN_READWRITE)
        else:
            connection = _begin(_uri(opened), apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        if connection.read("main", 0, 0, _HEADER_BYTES) != self._header:
            connection.close()
            return None
        return Snapshot(
            self.path, connection, self.fingerprint, None, self.copied_bytes, self.homes
        )

    @property
    def _header(self) -> tuple[bool, bytes]:
        """The first bytes, and whether they are all there."""
        return self.connection.read("main", 0, 0, _HEADER_BYTES)

    def address(self) -> Address | None:
        """Tell how another process sees the same; ``None`` if it may see more.

        A file without a WAL can't change while this snapshot holds SQLite's SHARED lock, so it is
        read as if nobody could write to it: no lock, and no waiting for one
        (https://www.sqlite.org/uri.html#uriimmutable).
        """
        if self.may_grow:
            return None
        opened = Path(self.connection.filename)
        is_wal = self.connection.pragma("journal_mode") == "wal"
        whole, header = self._header
        if not whole:
            return None
        uri = _uri(opened) + ("" if is_wal else "&immutable=1")
        return Address(uri, str(opened), header, str(self.path))

    def is_outdated(self) -> bool:
        """Whether the file or its WAL was written to since the snapshot was taken."""
        real = self.path.resolve()
        now = _stamped(*(_Stamp.of(beside(real, suffix)) for suffix in ("", "-wal")))
        return self.fingerprint.partition("-")[2] != now

    def close(self) -> None:
        """End the transaction and remove the private copy; a second call does nothing."""
        self._release()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_snapshot(
    path: str | os.PathLike[str], *, scratch: Path | None = None, lasting: bool = False
) -> Snapshot:
    """Open a consistent view of a SQLite file.

    Args:
        path: the database file.
        scratch: directory for a private copy, should one be needed; the system's by default.
        lasting: it will be read for long, so that nobody who writes to it shall have to wait
            longer than a copy takes, if there is room for one.

    Raises:
        SourceError: the file can't be read (codes OG-100 to OG-112).

    """
    named = Path(path)
    real = Path(os.path.realpath(named))
    where = str(named)
    room = scratch or Path(tempfile.gettempdir())
    sweep(room)
    for attempt in range(_ATTEMPTS):
        check_file(real, where)
        before = _Stamp.of(real)
        with reading(where), _held(real, where) as guard:
            state = _State.of(real, guard)
            # Who puts another file in its place may do so between any two of these steps.
            if before and state.database and before.inode == state.database.inode:
                snapshot = _open_held(named, real, guard, state, room, lasting=lasting)
                if snapshot is not None:
                    return snapshot
        time.sleep(0.1 * 2**attempt)
    raise SourceError(
        MOVING,
        f"another process wrote to the file during each of {_ATTEMPTS} attempts to copy it",
        where=where,
        fix="Stop the writer for a moment and try again",
    )


def open_address(address: Address) -> Snapshot:
    """Open in this process what another one holds open.

    Raises:
        apsw.Error: it can't be opened, or is no longer the same file.

    """
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = _begin(address.uri, flags)
    _, header = connection.read("main", 0, 0, _HEADER_BYTES)
    if header != address.header:
        connection.close()
        raise apsw.Error("the file was written to")
    return Snapshot(Path(address.label), connection, "", None, 0)


@contextmanager
def _held(real: Path, where: str) -> Iterator[apsw.VFSFile]:
    """Hold SQLite's SHARED lock: no one may meanwhile commit to the file or delete its WAL.

    Everything that decides how to open it is looked at under this lock. The file is read through
    SQLite's own VFS, since closing a plain file descriptor would drop every lock this process
    holds on it (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """
    guard = open_file(real)
    try:
        _lock_shared(guard, where)
        yield guard
    finally:
        guard.xClose()


def _lock_shared(guard: apsw.VFSFile, where: str) -> None:
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            guard.xLock(apsw.SQLITE_LOCK_SHARED)
        except apsw.BusyError as error:
            if time.monotonic() >= deadline:
                raise SourceError(
                    LOCKED,
                    f"another process held it locked for {BUSY_TIMEOUT_MS // 1000} seconds",
                    where=where,
                    fix="Stop that process, or wait until its transaction is done",
                ) from error
            time.sleep(0.02)
        else:
            return


def _add_collations_when_needed(connection: apsw.Connection) -> set[str]:
    """Let statements prepare that name unknown collations; give the set of names so far."""
    names: set[str] = set()

    def add(connection: apsw.Connection, name: str) -> None:
        names.add(name)
        connection.create_collation(name, stand_in_collation)

    connection.collation_needed(add)
    return names


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What changes when a file changes; ``None`` stands for a file that isn't there."""

    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> _Stamp | None:
        try:
            stat = path.stat()
        except FileNotFoundError:
            return None
        return cls(stat.st_ino, stat.st_size, stat.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class _State:
    """The database, its WAL and its journal at one moment."""

    header: Header
    database: _Stamp | None
    wal: _Stamp | None
    journal: _Stamp | None

    @classmethod
    def of(cls, real: Path, guard: apsw.VFSFile) -> _State:
        header = parse_header(guard.xRead(100, 0))
        return cls(header, *(_Stamp.of(beside(real, suffix)) for suffix in ("", *_COMPANIONS)))

    @property
    def fingerprint(self) -> str:
        return f"{self.header.change_counter:x}-{_stamped(self.database, self.wal)}"

    @property
    def is_alone(self) -> bool:
        """Whether all that is committed is in the database, unless there is a hot journal."""
        return not self.header.is_wal and not (self.wal and self.wal.size)

    @property
    def bytes(self) -> int:
        return sum(stamp.size for stamp in (self.database, self.wal, self.journal) if stamp)


def _stamped(*stamps: _Stamp | None) -> str:
    # An empty WAL holds as much as none, and anyone who only reads may leave one.
    parts = (
        part
        for each in stamps
        for part in ((each.size, each.modified_ns) if each and each.size else (0, 0))
    )
    return "-".join(f"{part:x}" for part in parts)


def beside(real: Path, suffix: str) -> Path:
    """Name a file that SQLite keeps beside a database (``-wal``, ``-shm``, ``-journal``)."""
    return real.with_name(real.name + suffix)


def _open_held(
    named: Path, real: Path, guard: apsw.VFSFile, state: _State, room: Path, *, lasting: bool
) -> Snapshot | None:
    """Open the file while it is held; ``None`` if it changed under the copying."""
    connection: apsw.Connection | None = None
    if _leaves_no_trace(real, state, guard):
        if lasting and state.is_alone and has_room(guard.xFileSize(), room):
            # A transaction under way has a journal, but has changed nothing yet.
            return _open_copy(named, real, guard, replace(state, journal=None), room)
        try:
            connection = _begin(_uri(real), apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        except (apsw.ReadOnlyError, apsw.CantOpenError):
            connection = None  # an -shm we may not write, for one: the copy needs no rights
        except apsw.CorruptError as error:
            raise _damaged(state, str(named), error) from error
    if connection is not None:
        return Snapshot(named, connection, state.fingerprint, None, 0)
    return _open_copy(named, real, guard, state, room)


def _leaves_no_trace(real: Path, state: _State, guard: apsw.VFSFile) -> bool:
    if state.wal and state.wal.size:
        return beside(real, "-shm").exists()
    return not state.header.is_wal and not _is_hot(real, state, guard)


def _is_hot(real: Path, state: _State, guard: apsw.VFSFile) -> bool:
    """Whether a writer died: a journal that nobody is writing, with a header that is not wiped.

    The rule is SQLite's own (https://www.sqlite.org/lockingv3.html#hot_journals).
    """
    if not state.journal or not state.journal.size or guard.xCheckReservedLock():
        return False
    # Whoever gives a transaction up deletes its journal.
    with suppress(FileNotFoundError), beside(real, "-journal").open("rb") as journal:
        return journal.read(1) not in (b"", b"\0")
    return False


def _uri(real: Path) -> str:
    return f"file://{quote(str(real))}?mode=ro"


def _begin(name: str, flags: int) -> apsw.Connection:
    """Connect and start the read transaction."""
    connection = apsw.Connection(name, flags=flags)
    try:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        # Without this the last one to close a WAL database checkpoints and deletes the WAL.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.execute("BEGIN")
        load_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def load_schema(connection: apsw.Connection) -> None:
    """Read the schema; a single definition that SQLite can't load must not hide all the others.

    ``writable_schema`` makes SQLite skip it (https://www.sqlite.org/pragma.html); the catalog
    tells which one it was.
    """
    try:
        connection.execute(_FIRST_READ).fetchall()
    except apsw.CorruptError as error:
        if "malformed database schema" not in str(error):
            raise
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(_FIRST_READ).fetchall()


def _open_copy(
    named: Path, real: Path, guard: apsw.VFSFile, state: _State, room: Path
) -> Snapshot | None:
    require_room(str(named), state.bytes, room)
    copy = PrivateFolder(room)
    with ExitStack() as undo:
        undo.callback(copy.cleanup)
        target = Path(copy.name) / "copy.db"
        if not _copy_files(real, guard, state, target):
            return None
        try:
            connection = _begin(str(target), apsw.SQLITE_OPEN_READWRITE)
        except apsw.CorruptError as error:
            raise _damaged(state, str(named), error) from error
        undo.pop_all()
    return Snapshot(named, connection, state.fingerprint, copy, state.bytes)


def _copy_files(real: Path, guard: apsw.VFSFile, state: _State, target: Path) -> bool:
    """Copy the database and what belongs to it; False if something changed on the way."""
    copy_database(guard, target)
    for suffix, stamp in zip(_COMPANIONS, (state.wal, state.journal), strict=True):
        # Plain file operations are safe here: SQLite holds no locks on these files.
        if stamp is not None:
            with suppress(FileNotFoundError):
                shutil.copyfile(beside(real, suffix), beside(target, suffix))
    now = _State.of(real, guard)
    return (replace(now, journal=None) if state.journal is None else now) == state


def _damaged(state: _State, where: str, error: apsw.Error) -> SourceError:
    size = state.database.size if state.database else 0
    if state.header.expected_bytes > size:
        return SourceError(
            TRUNCATED,
            f"the file has {size:,} bytes, but its header says {state.header.expected_bytes:,}",
            where=where,
            fix="Copy it again from where it came, or restore a backup",
        )
    return SourceError(CORRUPT, f"SQLite says: {error}", where=where, fix=RECOVER)


def _release(connection: apsw.Connection, copy: tempfile.TemporaryDirectory[str] | None) -> None:
    connection.close()
    if copy is not None:
        copy.cleanup()
