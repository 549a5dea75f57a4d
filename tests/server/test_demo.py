"""The demo shows the whole way, and what it prints at its end can be pasted."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import environment


class Demo(NamedTuple):
    """A demo that ran: its folder, what it said, and the plan that it wrote."""

    folder: Path
    done: subprocess.CompletedProcess[str]
    plan: str


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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo once for all tests, which leave the plan and the database as they like."""
    folder = tmp_path_factory.mktemp("demo")
    done = run("outgrow demo --size 1", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return Demo(folder, done, (folder / ".outgrow" / "demo" / "outgrow.toml").read_text())


def test_every_command_that_the_demo_prints_works(demo: Demo) -> None:
    folder, done, _ = demo
    first = done.stderr.splitlines()[:2]
    assert any("seconds" in line for line in first), "it says at the start how long it takes"
    commands = [line.strip() for line in done.stdout.splitlines() if line.startswith("  outgrow ")]
    assert any(command == "outgrow psql" for command in commands)
    assert len(commands) >= 4
    for command in commands:
        ran = run(command, folder)
        # The reference application has keys that can't stand: verify says so with status 4.
        expected = (0, 4) if " verify " in command else (0,)
        assert ran.returncode in expected, (command, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
    rows = run("outgrow psql -- -Atc 'SELECT count(*) FROM workflow_history'", folder)
    files = sorted((folder / ".outgrow" / "demo").glob("*.db"))
    assert [file.name for file in files] == ["database.db", "workflow_history.db"]
    assert int(rows.stdout) == distinct_workflows(files)


def distinct_workflows(files: list[Path]) -> int:
    """Count what stays of both files' workflows: one row for each key."""
    with closing(sqlite3.connect(files[0])) as connection:
        connection.execute("ATTACH ? AS other", (str(files[1]),))
        ((count,),) = connection.execute(
            "SELECT count(*) FROM (SELECT adw_id FROM main.workflow_history"
            " UNION SELECT adw_id FROM other.workflow_history)"
        )
    return int(count)


def test_the_demo_shows_the_lines_that_outgrow_asks_for(demo: Demo) -> None:
    folder, done, plan = demo
    lines = [line for line in done.stderr.splitlines() if line.startswith(("[tables.", "prefer"))]
    asked = run("outgrow migrate .outgrow/demo/*.db --dry-run --json", folder)
    assert asked.returncode == 3
    fixes = {each["fix"] for each in json.loads(asked.stdout)["findings"]}
    offered = {line.removeprefix("# or ") for fix in fixes for line in fix.splitlines()}
    assert lines
    assert set(lines) <= offered
    assert {line for line in lines if line.startswith("[")} == {
        line for line in offered if line.startswith("[tables.")
    }
    assert plan.splitlines() == lines


def test_a_second_demo_replaces_the_first(demo: Demo) -> None:
    assert run("outgrow demo --size 1", demo.folder).returncode == 0
