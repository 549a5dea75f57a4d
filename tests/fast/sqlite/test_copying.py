"""Private copies: how long writers will wait for one, and that none is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from outgrow.errors import SourceError
from outgrow.sqlite.copying import foreseen_wait
from outgrow.sqlite.snapshot import open_snapshot

Make = Callable[..., Path]
Process = Callable[..., "subprocess.Popen[str]"]

FILLED = (
    "CREATE TABLE t(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {0})"
    " INSERT INTO t SELECT randomblob(10000) FROM n"
)


@pytest.mark.parametrize("megabytes", [0, 3, 9, 45])
def test_the_wait_is_about_what_a_copy_takes(make: Make, megabytes: int) -> None:
    path = make(FILLED.format(megabytes * 100))
    wait = foreseen_wait(path, path.parent)
    began = time.perf_counter()
    shutil.copyfile(path, path.with_name("copy.db"))
    copied = time.perf_counter() - began
    assert wait is not None and wait.seconds is not None
    assert wait.bytes == path.stat().st_size
    # Other tests use the same disk.
    assert 0 < wait.seconds < 30 * copied + 0.5
    assert sorted(each.name for each in path.parent.iterdir()) == ["copy.db", "made.db"]


def test_nobody_waits_for_who_reads_a_wal_file(make: Make) -> None:
    assert foreseen_wait(make("PRAGMA journal_mode = wal; CREATE TABLE t(x)")) is None


def test_without_room_they_wait_as_long_as_it_is_read(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("CREATE TABLE t(x)")
    usage = shutil.disk_usage(tempfile.gettempdir())
    monkeypatch.setattr(shutil, "disk_usage", lambda room: usage._replace(free=5000))
    wait = foreseen_wait(path)
    assert wait is not None and wait.seconds is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="OG-100"):
        foreseen_wait(tmp_path / "nothing.db")


COPIES = """
import sys; from pathlib import Path; from outgrow.sqlite.copying import PrivateFolder
folder = PrivateFolder(Path(sys.argv[1]))
Path(folder.name, "copy.db").touch()
print("ready", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_left_goes_when_the_next_file_is_opened(
    tmp_path: Path, make: Make, process: Process
) -> None:
    """Also where that one needs no copy."""
    path, room = make("CREATE TABLE t(x)"), tmp_path / "room"
    room.mkdir()
    killed, alive = process(COPIES, str(room)), process(COPIES, str(room))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    (room / "outgrow-copy-file").touch()
    (room / "outgrow-copy-link").symlink_to(room)
    assert len(list(room.iterdir())) == 4
    with open_snapshot(path, scratch=room):
        assert len(list(room.iterdir())) == 4, "they are too young to be judged"
    for folder in room.iterdir():
        os.utime(folder, (0, 0), follow_symlinks=False)
    with open_snapshot(path, scratch=room):
        left = {each.name for each in room.iterdir()}
    assert left >= {"outgrow-copy-file", "outgrow-copy-link"}
    assert len(left) == 3, "the copy of a process that goes on, and what is no folder of ours"
    assert alive.poll() is None
