"""What a command prints may not arrive: that is one line or silence, and changes no work."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from commands import OUTGROW, environment

COMMANDS = [
    ("--help",),
    ("--version",),
    ("inspect", "app.db"),
    ("inspect", "app.db", "--json"),
    ("plan", "app.db", "--json"),
    ("schema", "app.db"),
    ("migrate", "app.db", "--dry-run", "--json"),
    ("backup", "app.db", "--dir", "copies"),
    ("check",),
    ("init", "--dry-run"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    return tmp_path


def run(folder: Path, command: tuple[str, ...], **streams: int) -> tuple[int, str]:
    settings = environment() | {"SQLITE_PATH": "app.db"}
    done = subprocess.run(
        [*OUTGROW, *command],
        **{"stderr": subprocess.PIPE, **streams},
        cwd=folder,
        env=settings,
        check=False,
        timeout=60,
    )
    return done.returncode, (done.stderr or b"").decode()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_full_disk_under_the_output(folder: Path, command: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    status, told = run(folder, command, stdout=full)
    os.close(full)
    assert status == 1
    last = told.splitlines()[-1]
    assert last.startswith(
        "error: OG-703 standard output: what the command prints can't be written"
    )
    assert "No space left on device" in last
    assert [line for line in told.splitlines() if line.startswith("error")] == [last]
    assert "Traceback" not in told
    assert "Exception" not in told


@pytest.mark.parametrize("command", [*COMMANDS[2:4], *COMMANDS[-3:]], ids=" ".join)
def test_a_reader_that_has_gone(folder: Path, command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    status, told = run(folder, command, stdout=writing)
    os.close(writing)
    assert (status, [line for line in told.splitlines() if "rror" in line]) == (0, [])


def test_the_exit_status_stays_where_the_output_is_lost(folder: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    status, told = run(folder, ("inspect", "none.db", "--json"), stdout=full)
    assert (status, "OG-100" in told, "OG-703" in told) == (1, True, True)
    status, told = run(folder, ("migrate", "app.db", "--to", "mysql://h/x", "--json"), stdout=full)
    assert (status, "Traceback" in told) == (2, False)
    status, _ = run(folder, ("inspect", "app.db"), stdout=subprocess.DEVNULL, stderr=full)
    assert status == 0, "nobody can be told, and nothing went wrong"
    os.close(full)


def test_output_that_is_closed(folder: Path) -> None:
    for command in ("inspect app.db", "schema app.db", "--help"):
        shell = f"exec {' '.join(OUTGROW)} {command} >&-"
        done = subprocess.run(
            ["sh", "-c", shell], cwd=folder, stderr=subprocess.PIPE, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["inspect app.db", "migrate ../app.db", "init", "demo"])
def test_a_current_directory_that_was_removed(folder: Path, command: str) -> None:
    (folder / "gone").mkdir()
    shell = f"cd gone && rmdir ../gone && exec {' '.join(OUTGROW)} {command}"
    done = subprocess.run(
        ["sh", "-c", shell], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: OG-704 the current directory can't be used: No such file")
