"""Files in every state in which an application leaves them, while nobody writes to them."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from torture.live import writer

#: Transactions that each file has seen, all by one writer.
_TRANSACTIONS = 30


@dataclass(frozen=True, slots=True)
class State:
    """A file ``app.db`` in a folder of its own, and what it holds."""

    name: str
    folder: Path

    @property
    def history(self) -> dict[int, int]:
        """The writer of each transaction."""
        return dict.fromkeys(range(1, _TRANSACTIONS + 1), 0)


@contextmanager
def states(base: Path, folder: Path, seed: str) -> Iterator[list[State]]:
    """Make the files; one of them is open in this process as long as the context lasts."""
    made = [
        State(f"closed, {journal}", _closed(base, folder, seed, journal))
        for journal in ("delete", "persist", "truncate", "wal")
    ]
    open_ = folder / "open"
    with closing(_opened(base, open_, "wal")) as connection:
        _write(connection, seed)
        left = shutil.copytree(open_, folder / "left")
        bare = shutil.copytree(open_, folder / "bare")
        (bare / "app.db-shm").unlink()
        yield [
            *made,
            State("open, wal", open_),
            State("left by a crash, wal", left),
            State("left by a crash, wal without its index", bare),
            State("left by a crash, journal", _with_hot_journal(folder / "truncate")),
        ]


def seen(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Every file's bytes, time and inode; the -shm is shared memory: that it is there counts."""
    return {
        path.name: (
            "" if path.name.endswith("-shm") else hashlib.sha256(path.read_bytes()).hexdigest(),
            0 if path.name.endswith("-shm") else path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
        for path in folder.iterdir()
    }


def _closed(base: Path, folder: Path, seed: str, journal: str) -> Path:
    made = folder / journal
    with closing(_opened(base, made, journal)) as connection:
        _write(connection, seed)
    return made


def _with_hot_journal(made: Path) -> Path:
    """Copy a file in the midst of a transaction that has written to it."""
    before = (made / "app.db").read_bytes()
    copy = made.with_name("hot")
    with closing(sqlite3.connect(made / "app.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = truncate")
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN")
        connection.execute("UPDATE items SET content = randomblob(200)")
        shutil.copytree(made, copy)
        connection.execute("ROLLBACK")
    # Else it would show nothing.
    assert (copy / "app.db").read_bytes() != before
    assert (copy / "app.db-journal").stat().st_size
    return copy


def _opened(base: Path, folder: Path, journal: str) -> sqlite3.Connection:
    folder.mkdir()
    shutil.copyfile(base, folder / "app.db")
    connection = sqlite3.connect(folder / "app.db", isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    return connection


def _write(connection: sqlite3.Connection, seed: str) -> None:
    for n in range(1, _TRANSACTIONS + 1):
        connection.execute("BEGIN")
        writer.write(connection, seed, 0, n)
        connection.execute("COMMIT")
