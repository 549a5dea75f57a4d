"""The encoding process refuses what the census ruled out, and is no trouble when it fails."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outgrow.load.fast import encoder as encoder_module
from outgrow.load.fast.encoder import Encoder, EncodingFailed
from outgrow.load.fast.job import Column, Form, Job

pytest.importorskip("adbc_driver_sqlite")
pytest.importorskip("pyarrow")

NAME = "v"


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    with Encoder() as shared:
        yield shared


def job(folder: Path, column: Column, *values: Any, block_rows: int = 100) -> Job:
    path = folder / "source.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE t ({NAME})")
        connection.executemany("INSERT INTO t VALUES (?)", ((value,) for value in values))
    header = path.read_bytes()[:100].hex()
    return Job(f"file:{path}?mode=ro", str(path), header, "t", (column,), block_rows)


def encoded(encoder: Encoder, asked: Job) -> tuple[bytes, int]:
    content, total = b"", 0
    for part, rows in encoder.encode(asked):
        content += part
        total += rows
    return content, total


TIMESTAMP = Column(Form.TIMESTAMP, NAME, lengths=(19,), separator=" ")
UTC = Column(Form.TIMESTAMP, NAME, lengths=(20,), separator="T", is_zoned=True)
GUARDED = f"CASE typeof({NAME}) WHEN 'text' THEN {NAME} ELSE abs(-9223372036854775807 - 1) END"

RULED_OUT: list[tuple[Column, Any, Any]] = [
    (Column(Form.BOOLEAN, NAME), 1, 2),
    (Column(Form.BOOLEAN, NAME), 0, -1),
    (Column(Form.BOOLEAN, NAME), 0, "yes"),
    (Column(Form.BIGINT, NAME, 0, 9), 9, 10),
    (Column(Form.BIGINT, NAME, 0, 9), 1, 1.5),
    (Column(Form.BIGINT, NAME, 0, 9), 1, "1"),
    (Column(Form.DOUBLE, NAME, -1.0, 9.0), 0.5, 2**53 + 1),
    (Column(Form.DOUBLE, NAME, -1.0, 9.0), 0.5, "0.5"),
    (Column(Form.NUMERIC, NAME, 0, 9, 2), 0.5, float("inf")),
    (Column(Form.NUMERIC, NAME, 0, 9, 2), 0.5, 0.125),
    (Column(Form.NUMERIC, NAME, 0, 1e300, 2), 0.5, 1e13),
    (Column(Form.TEXT, GUARDED), "1", 1),
    (Column(Form.TEXT, GUARDED), "1", 0.1),
    (Column(Form.TEXT, GUARDED), "1", b"1"),
    (Column(Form.NOTHING, NAME), None, 1),
    (Column(Form.NOTHING, NAME), None, "x"),
    (Column(Form.UUID, NAME), "0191d2f0-7b5c-7a31-8f00-0123456789ab", "0191d2f0"),
    (Column(Form.UUID, NAME), "0191d2f0-7b5c-7a31-8f00-0123456789ab", "g" * 36),
    (
        Column(Form.UUID, NAME),
        "0191d2f0-7b5c-7a31-8f00-0123456789ab",
        "0191D2F0-7B5C-7A31-8F00-0123456789AB",
    ),
    (Column(Form.DATE, NAME, lengths=(10,)), "2026-02-28", "2026-02-30"),
    (Column(Form.DATE, NAME, lengths=(10,)), "2026-02-28", "now"),
    (TIMESTAMP, "2026-02-28 10:00:00", "2026-02-28T10:00:00"),
    (TIMESTAMP, "2026-02-28 10:00:00", "2026-02-28 10:00"),
    (TIMESTAMP, "2026-02-28 10:00:00", "2026-02-28 24:00:00"),
    (TIMESTAMP, "2026-02-28 10:00:00", "2026-02-30 10:00:00"),
    (TIMESTAMP, "2026-02-28 10:00:00", "2026-02-28 10:00+01"),
    (UTC, "2026-02-28T10:00:00Z", "2026-02-28T10:00:00 "),
    (Column(Form.EPOCH, NAME, 0, 10**18, 1), 0, 253_402_300_800),
]


@pytest.mark.parametrize(("column", "good", "bad"), RULED_OUT)
@pytest.mark.parametrize("block_rows", [1, 100])
def test_what_the_census_ruled_out_is_refused(
    encoder: Encoder, tmp_path: Path, column: Column, good: Any, bad: Any, block_rows: int
) -> None:
    asked = job(tmp_path, column, good, good, good, block_rows=block_rows)
    assert encoded(encoder, asked)[1] == 3
    with pytest.raises(EncodingFailed):
        encoded(encoder, job(tmp_path, column, good, good, bad, block_rows=block_rows))
    assert encoder.is_usable


def test_a_file_that_was_written_to_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    asked = job(tmp_path, Column(Form.BIGINT, NAME, 0, 9), 1)
    with closing(sqlite3.connect(asked.path)) as connection, connection:
        connection.execute("INSERT INTO t VALUES (2)")
    with pytest.raises(EncodingFailed, match="not what the census saw"):
        encoded(encoder, asked)


def large(folder: Path) -> Job:
    return job(folder, Column(Form.TEXT, NAME), *(["x" * 10_000] * 3_000), block_rows=100)


def ends(pid: int) -> bool:
    """Whether the process is gone within some seconds, or dead and not yet waited for."""
    for _ in range(100):
        try:
            if " Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


def test_a_process_that_dies_is_told_and_begun_anew(tmp_path: Path) -> None:
    with Encoder() as encoder:
        asked = large(tmp_path)
        parts = encoder.encode(asked)
        next(parts)
        assert encoder.pid
        os.kill(encoder.pid, signal.SIGKILL)
        with pytest.raises(EncodingFailed, match="ended before it was done"):
            list(parts)
        assert encoded(encoder, asked)[1] == 3_000


def test_rows_that_nobody_wants_end_the_process(tmp_path: Path) -> None:
    with Encoder() as encoder:
        parts = encoder.encode(large(tmp_path))
        next(parts)
        pid = encoder.pid
        assert pid
        parts.close()
        assert ends(pid)
        assert encoded(encoder, job(tmp_path, Column(Form.BIGINT, NAME, 1, 1), 1))[1] == 1


def test_a_process_that_is_stuck_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = large(tmp_path)
    with Encoder() as encoder:
        parts = encoder.encode(asked)
        next(parts)
        monkeypatch.setattr(encoder_module, "_PATIENCE_MS", 200)
        pid = encoder.pid
        assert pid
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(EncodingFailed, match="gives nothing"):
            list(parts)
        assert ends(pid)


def test_the_process_ends_with_its_parent_and_not_with_ctrl_c(tmp_path: Path) -> None:
    asked = large(tmp_path)
    script = (
        "import sys\n"
        "from outgrow.load.fast.encoder import Encoder\n"
        "from outgrow.load.fast.job import Job\n"
        "encoder = Encoder()\n"
        "parts = encoder.encode(Job.load(sys.stdin.buffer.readline()))\n"
        "next(parts)\n"
        "print(encoder.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write(asked.dump())
    parent.stdin.flush()
    pid = int(parent.stdout.readline())
    os.kill(pid, signal.SIGINT)
    time.sleep(0.3)
    os.kill(pid, 0)
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    assert ends(pid)


def test_a_module_in_the_current_directory_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyarrow.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with Encoder() as encoder:
        asked = job(tmp_path, Column(Form.BIGINT, NAME, 1, 1), 1)
        assert encoded(encoder, asked) == (
            b"\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x01",
            1,
        )


def test_without_the_extra_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "_NEEDED", ("no_such_module",))
    encoder = Encoder()
    encoder.start()
    assert not encoder.is_usable
    assert encoder.pid is None


def test_a_table_that_is_not_there_is_refused_and_the_process_stays(
    encoder: Encoder, tmp_path: Path
) -> None:
    asked = job(tmp_path, Column(Form.BIGINT, NAME, 1, 1), 1)
    with pytest.raises(EncodingFailed, match="no such table"):
        encoded(encoder, replace(asked, table="absent"))
    assert encoded(encoder, asked)[1] == 1


def test_the_way_is_chosen_by_size_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTGROW_LOAD", raising=False)
    with Encoder() as encoder:
        encoder.prepare(1 << 20)
        assert encoder.pid is None
        encoder.prepare(1 << 30)
        assert encoder.pid
        assert [encoder.takes(1 << 10), encoder.takes(1 << 30)] == [False, True]
    monkeypatch.setenv("OUTGROW_LOAD", "fast")
    with Encoder() as encoder:
        encoder.prepare(0)
        assert encoder.pid
        assert encoder.takes(0)
    monkeypatch.setenv("OUTGROW_LOAD", "rows")
    with Encoder() as encoder:
        encoder.prepare(1 << 40)
        assert encoder.pid is None
        assert not encoder.takes(1 << 40)
