"""The demo shows the whole way, and what it prints at its end can be pasted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from commands import environment


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**environment(), "PATH": scripts},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_every_command_that_the_demo_prints_works(tmp_path: Path) -> None:
    done = run("outgrow demo --size 1", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    first = done.stderr.splitlines()[:2]
    assert any("seconds" in line for line in first), "it says at the start how long it takes"
    commands = [line.strip() for line in done.stdout.splitlines() if line.startswith("  outgrow ")]
    assert any(command == "outgrow psql" for command in commands)
    assert len(commands) >= 4
    for command in commands:
        ran = run(command, tmp_path)
        # The reference application has keys that can't stand: verify says so with status 4.
        expected = (0, 4) if " verify " in command else (0,)
        assert ran.returncode in expected, (command, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
    rows = run("outgrow psql -- -Atc 'SELECT count(*) FROM workflow_history'", tmp_path)
    assert int(rows.stdout) > 0


def test_a_second_demo_replaces_the_first(tmp_path: Path) -> None:
    assert run("outgrow demo --size 1", tmp_path).returncode == 0
    assert run("outgrow demo --size 1", tmp_path).returncode == 0
