"""A file is read whole and consistent, and nothing of it or beside it changes."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from outgrow.errors import SourceError
from outgrow.sqlite import snapshot as snapshot_module
from outgrow.sqlite.failures import reading
from outgrow.sqlite.header import open_file
from outgrow.sqlite.snapshot import Snapshot, open_snapshot

Make = Callable[..., Path]
Process = Callable[..., "subprocess.Popen[str]"]

WAL_WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = wal")
connection.execute("CREATE TABLE t(x)")
connection.execute("INSERT INTO t VALUES (1)")
print("ready", flush=True)
for line in sys.stdin:
    connection.execute("INSERT INTO t VALUES (?)", (line.strip(),))
    print("done", flush=True)
"""

WAL_LEFT_BEHIND = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = wal")
connection.execute("CREATE TABLE t(x)")
connection.execute("INSERT INTO t VALUES (1)")
print("ready", flush=True)
os.kill(os.getpid(), 9)
"""

DIES_IN_A_TRANSACTION = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 5")
connection.execute("PRAGMA cache_spill = 1")
connection.execute("BEGIN")
connection.execute("UPDATE t SET x = randomblob(900)")
print("ready", flush=True)
os.kill(os.getpid(), 9)
"""

HOLDS_IT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("ready", flush=True)
sys.stdin.read()
"""


def _seen(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Give every file with its bytes and times. The -shm is shared memory: only its name counts."""
    return {
        path.name: (b"", 0, 0)
        if path.name.endswith("-shm")
        else (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in folder.iterdir()
        if path.is_file()
    }


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    before = _seen(path.parent)
    yield
    assert _seen(path.parent) == before


def rows(snapshot: Snapshot, table: str = "t") -> list[object]:
    return [row[0] for row in snapshot.connection.execute(f"SELECT * FROM {table}")]


def test_a_rollback_journal_file_is_read_in_place(make: Make) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    with untouched(path):
        with open_snapshot(path) as snapshot:
            assert rows(snapshot) == [1]
            assert (snapshot.copied_bytes, snapshot.file) == (0, "made.db")
        with pytest.raises(apsw.ConnectionClosedError):
            rows(snapshot)


def test_a_snapshot_cannot_write(make: Make) -> None:
    path = make("CREATE TABLE t(x)")
    with untouched(path), open_snapshot(path) as snapshot, pytest.raises(apsw.ReadOnlyError):
        snapshot.connection.execute("INSERT INTO t VALUES (1)")


def test_a_closed_wal_file_is_copied(make: Make) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    assert [found.name for found in path.parent.iterdir()] == ["made.db"]
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1]
        assert snapshot.copied_bytes == path.stat().st_size


def test_a_live_wal_writer_is_read_in_place_and_keeps_writing(
    tmp_path: Path, process: Process
) -> None:
    path = tmp_path / "live.db"
    writer = process(WAL_WRITER, str(path))
    with untouched(path), open_snapshot(path) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], 0)
    with open_snapshot(path) as snapshot:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write("2\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n", "the writer was blocked"
        assert rows(snapshot) == [1], "the snapshot moved"
    with open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1, "2"]
    assert {found.name for found in tmp_path.iterdir()} == {"live.db", "live.db-wal", "live.db-shm"}


def test_a_wal_that_a_killed_process_left_is_seen(tmp_path: Path, process: Process) -> None:
    path = tmp_path / "left.db"
    process(WAL_LEFT_BEHIND, str(path)).wait()
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1]


def test_a_wal_without_shared_memory_is_copied_and_seen(tmp_path: Path, process: Process) -> None:
    path = tmp_path / "left.db"
    process(WAL_LEFT_BEHIND, str(path)).wait()
    (tmp_path / "left.db-shm").unlink()
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1]
        assert snapshot.copied_bytes == sum(_sizes(path, "", "-wal"))


def _sizes(path: Path, *suffixes: str) -> list[int]:
    return [path.with_name(path.name + suffix).stat().st_size for suffix in suffixes]


def test_a_hot_journal_is_rolled_back_in_the_copy_only(make: Make, process: Process) -> None:
    path = make("CREATE TABLE t(x)")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(2000)])
    whole = path.read_bytes()
    process(DIES_IN_A_TRANSACTION, str(path)).wait()
    assert path.with_name("made.db-journal").stat().st_size
    assert path.read_bytes() != whole, "the cache did not spill: this tests nothing"
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == list(range(2000))
        assert snapshot.copied_bytes


def test_a_torn_first_page_is_taken_from_the_wal(make: Make, tmp_path: Path) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x)")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("INSERT INTO t VALUES (1); CREATE TABLE u(x)")
        copy = tmp_path / "copy.db"
        copy.write_bytes(b"?" * 64 + path.read_bytes()[64:])
        shutil.copyfile(f"{path}-wal", f"{copy}-wal")
    with open_snapshot(copy) as snapshot:
        assert rows(snapshot) == [1]


def test_a_torn_first_page_is_rolled_back_too(make: Make, process: Process) -> None:
    path = make("CREATE TABLE t(x)")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(2000)])
    process(DIES_IN_A_TRANSACTION, str(path)).wait()
    torn = bytearray(path.read_bytes())
    torn[:64] = b"?" * 64
    path.write_bytes(torn)
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == list(range(2000))


def test_a_transaction_under_way_is_not_a_hot_journal(make: Make, process: Process) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    writer = process(HOLDS_IT.replace("EXCLUSIVE", "IMMEDIATE"), str(path))
    with open_snapshot(path) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], 0)
    assert writer.poll() is None


def test_a_persistent_journal_is_not_hot(make: Make) -> None:
    path = make("PRAGMA journal_mode = persist; CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    assert path.with_name("made.db-journal").stat().st_size
    with untouched(path), open_snapshot(path) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], 0)


def test_a_file_that_is_read_for_long_is_copied_so_that_writers_go_on(make: Make) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    with untouched(path), open_snapshot(path, lasting=True) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], path.stat().st_size)
    with open_snapshot(path, lasting=True) as snapshot:
        assert committing(path) == "committed"
        assert rows(snapshot) == [1], "the snapshot moved"
        assert snapshot.is_outdated()
        other = snapshot.again()
        assert other is not None
        with other:
            assert rows(other) == [1]


def test_a_file_for_which_there_is_no_room_is_read_in_place_however_long(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    usage = shutil.disk_usage(tempfile.gettempdir())
    monkeypatch.setattr(shutil, "disk_usage", lambda room: usage._replace(free=5000))
    with untouched(path), open_snapshot(path, lasting=True) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], 0)
        assert committing(path) == "locked"


HOLDS_CHANGES = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE t SET x = 2")
print("ready", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
print("done", flush=True)
"""


def test_a_copy_has_nothing_of_a_transaction_under_way(make: Make, process: Process) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    writer = process(HOLDS_CHANGES, str(path))
    assert path.with_name("made.db-journal").stat().st_size
    with open_snapshot(path, lasting=True) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes) == ([1], path.stat().st_size)
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n", "the writer was blocked"
        assert rows(snapshot) == [1]


def test_a_journal_that_vanishes_while_it_is_looked_at_is_not_hot(make: Make) -> None:
    """Its transaction was given up."""
    path = make("CREATE TABLE t(x)")
    guard = open_file(path)
    try:
        state = snapshot_module._State.of(path, guard)
        state = replace(state, journal=snapshot_module._Stamp(1, 512, 0))
        assert not snapshot_module._is_hot(path, state, guard)
    finally:
        guard.xClose()


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_file_that_is_replaced_while_it_is_opened_is_opened_again(
    make: Make, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make(f"PRAGMA journal_mode = {mode}; CREATE TABLE t(x); INSERT INTO t VALUES ('old')")
    new = make("CREATE TABLE t(x); INSERT INTO t VALUES ('new')", "new.db")
    opening = [new]

    def replaced(real: Path) -> apsw.VFSFile:
        guard = open_file(real)
        while opening:
            opening.pop().replace(real)
        return guard

    monkeypatch.setattr(snapshot_module, "open_file", replaced)
    with open_snapshot(old, lasting=True) as snapshot:
        assert rows(snapshot) == ["new"]
        assert not snapshot.is_outdated()


def test_a_file_that_is_replaced_is_read_by_one_connection(make: Make) -> None:
    """Another one would open the file that has come in its place."""
    old = make("CREATE TABLE t(x); INSERT INTO t VALUES ('old')")
    new = make("CREATE TABLE t(x); INSERT INTO t VALUES ('new'); DELETE FROM t", "new.db")
    with open_snapshot(old) as snapshot:
        new.replace(old)
        assert snapshot.again() is None
        assert rows(snapshot) == ["old"]


NAMES = [
    "with space.db",
    "what?mode=rw.db",
    "100%.db",
    "#1.db",
    "żółw 🐢.db",
    "a&b;c'd\"e.db",
    "%41",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_any_path(make: Make, name: str, mode: str) -> None:
    path = make(f"PRAGMA journal_mode = {mode}; CREATE TABLE t(x); INSERT INTO t VALUES (1)", name)
    with untouched(path), open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1]
        assert snapshot.file == name


def test_a_link_is_followed_to_the_files_beside_its_target(
    tmp_path: Path, process: Process
) -> None:
    path = tmp_path / "real.db"
    process(WAL_WRITER, str(path))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.db"
    link.symlink_to(path)
    with open_snapshot(link) as snapshot:
        assert (rows(snapshot), snapshot.copied_bytes, snapshot.file) == ([1], 0, "link.db")
    assert [found.name for found in folder.iterdir()] == ["link.db"]


def test_two_snapshots_of_one_file_do_not_disturb_each_other(make: Make, process: Process) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    with open_snapshot(path) as first:
        with open_snapshot(path) as second:
            assert rows(second) == [1]
        # Closing the second must not drop the locks of the first: nobody may commit now.
        assert committing(path) == "locked"
        assert rows(first) == [1]


COMMITS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.2)
try:
    connection.execute("INSERT INTO t VALUES (2)")
    print("committed")
except sqlite3.OperationalError:
    print("locked")
"""


def committing(path: Path) -> str:
    """Tell what comes of it when another process commits: "committed" or "locked"."""
    done = subprocess.run(
        [sys.executable, "-c", COMMITS, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_with_a_closed_wal_file(make: Make) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    path.parent.chmod(0o500)
    try:
        with untouched(path), open_snapshot(path) as snapshot:
            assert rows(snapshot) == [1]
    finally:
        path.parent.chmod(0o700)


def test_the_fingerprint_follows_the_content(tmp_path: Path, process: Process, make: Make) -> None:
    path = make("CREATE TABLE t(x)")
    with open_snapshot(path) as snapshot:
        first = snapshot.fingerprint
    with open_snapshot(path) as snapshot:
        assert snapshot.fingerprint == first
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO t VALUES (1)")
    with open_snapshot(path) as snapshot:
        assert snapshot.fingerprint != first

    live = tmp_path / "live.db"
    writer = process(WAL_WRITER, str(live))
    with open_snapshot(live) as snapshot:
        first = snapshot.fingerprint
    assert writer.stdin is not None and writer.stdout is not None
    writer.stdin.write("2\n")
    writer.stdin.flush()
    writer.stdout.readline()
    with open_snapshot(live) as snapshot:
        assert snapshot.fingerprint != first


def test_the_copy_is_private_and_goes_away(make: Make, tmp_path: Path) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x)")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    snapshot = open_snapshot(path, scratch=scratch)
    (folder,) = scratch.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    snapshot.close()
    snapshot.close()
    assert list(scratch.iterdir()) == []
    abandoned = open_snapshot(path, scratch=scratch)
    assert abandoned.copied_bytes
    del abandoned
    gc.collect()
    assert list(scratch.iterdir()) == []


def test_the_copy_goes_away_when_the_program_ends(make: Make, tmp_path: Path) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x)")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program = (
        "import sys; from pathlib import Path; from outgrow.sqlite.snapshot import open_snapshot;"
        "kept = open_snapshot(sys.argv[1], scratch=Path(sys.argv[2])); sys.exit(3)"
    )
    ended = subprocess.run([sys.executable, "-c", program, path, scratch], check=False)
    assert ended.returncode == 3
    assert list(scratch.iterdir()) == []


def test_a_file_that_moves_under_the_copy_is_copied_again(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    copy = snapshot_module.copy_database
    copies: list[Path] = []

    def copy_while_it_moves(guard: apsw.VFSFile, target: Path) -> None:
        copy(guard, target)
        copies.append(target)
        if len(copies) == 1:
            subprocess.run([sys.executable, "-c", COMMITS, str(path)], check=True)

    monkeypatch.setattr(snapshot_module, "copy_database", copy_while_it_moves)
    with open_snapshot(path) as snapshot:
        assert rows(snapshot) == [1, 2]
    assert copies and not copies[0].exists()


def test_a_file_that_never_rests(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x)")
    copy = snapshot_module.copy_database

    def copy_while_it_moves(guard: apsw.VFSFile, target: Path) -> None:
        copy(guard, target)
        os.utime(path)

    monkeypatch.setattr(snapshot_module, "copy_database", copy_while_it_moves)
    monkeypatch.setattr(snapshot_module.time, "sleep", lambda seconds: None)
    assert code(path) == "OG-111"


def code(path: Path | str) -> str:
    with pytest.raises(SourceError) as caught:
        open_snapshot(path)
    told = str(caught.value)
    assert "\n" not in told and caught.value.fix, told
    return str(caught.value.code)


def test_no_room_for_the_copy(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    usage = shutil.disk_usage(tempfile.gettempdir())
    monkeypatch.setattr(shutil, "disk_usage", lambda room: usage._replace(free=5000))
    with untouched(path):
        assert code(path) == "OG-110"


def test_missing_directory_pipe_and_empty(tmp_path: Path) -> None:
    assert code(tmp_path / "nothing.db") == "OG-100"
    assert not (tmp_path / "nothing.db").exists()
    assert code(tmp_path / "nothing.db" / "deeper") == "OG-100"
    assert code(tmp_path) == "OG-101"
    os.mkfifo(tmp_path / "pipe")
    assert code(tmp_path / "pipe") == "OG-101"
    (tmp_path / "empty.db").touch()
    assert code(tmp_path / "empty.db") == "OG-104"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(make: Make) -> None:
    path = make("CREATE TABLE t(x)")
    path.chmod(0)
    assert code(path) == "OG-102"


def test_other_files(tmp_path: Path, make: Make) -> None:
    path = tmp_path / "other.db"
    path.write_text("id,name\n1,Ann\n" * 100)
    assert code(path) == "OG-103"
    path.write_bytes(os.urandom(8192))
    assert code(path) == "OG-105"
    path.write_bytes(b"** This file contains an SQLite 2.1 database **" + bytes(1000))
    assert code(path) == "OG-109"
    newer = bytearray(make("CREATE TABLE t(x)").read_bytes())
    newer[18:20] = b"\3\3"
    path.write_bytes(newer)
    assert code(path) == "OG-109"
    path.write_bytes(newer[:18] + b"\1\1" + newer[20:47] + b"\5" + newer[48:])
    assert code(path) == "OG-109"


def test_only_the_last_byte_of_the_schema_format_counts(make: Make) -> None:
    path = make("CREATE TABLE t(x)")
    data = path.read_bytes()
    path.write_bytes(data[:44] + b"\x81" + data[45:])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    open_snapshot(path).close()


def test_encrypted_behind_a_plain_header(tmp_path: Path, make: Make) -> None:
    plain = make("CREATE TABLE t(x)").read_bytes()
    path = tmp_path / "encrypted.db"
    path.write_bytes(plain[:16] + os.urandom(len(plain) - 16))
    assert code(path) in ("OG-105", "OG-107", "OG-109", "OG-106")


@pytest.fixture
def big(make: Make) -> Path:
    return make(
        "CREATE TABLE t(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT"
        " 5000) INSERT INTO t SELECT printf('%.200c', 'x') FROM n"
    )


def test_a_truncated_file(big: Path) -> None:
    big.write_bytes(big.read_bytes()[:50_000])
    with untouched(big):
        assert code(big) == "OG-106"


def test_damage_found_on_the_way(big: Path) -> None:
    content = bytearray(big.read_bytes())
    content[200_000:300_000] = b"\xff" * 100_000
    big.write_bytes(content)
    with (
        open_snapshot(big) as snapshot,
        pytest.raises(SourceError) as caught,
        reading(snapshot, "t"),
    ):
        rows(snapshot)
    assert (str(caught.value.code), caught.value.where) == ("OG-107", "made.db:t")


def test_a_file_that_is_held_locked(
    make: Make, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("CREATE TABLE t(x)")
    process(HOLDS_IT, str(path))
    monkeypatch.setattr(snapshot_module, "BUSY_TIMEOUT_MS", 200)
    with untouched(path):
        assert code(path) == "OG-108"


def test_an_unknown_collation_still_prepares(tmp_path: Path) -> None:
    path = tmp_path / "collated.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_collation("of the app", lambda a, b: (a > b) - (a < b))
        connection.execute('CREATE TABLE t(x COLLATE "of the app")')
        connection.execute("CREATE INDEX i ON t(x)")
        connection.execute("INSERT INTO t VALUES ('b'), ('a')")
    with open_snapshot(path) as snapshot:
        ordered = snapshot.connection.execute("SELECT x FROM t NOT INDEXED ORDER BY x")
        assert [row[0] for row in ordered] == ["a", "b"]
        assert snapshot.unknown_collations == {"of the app"}
