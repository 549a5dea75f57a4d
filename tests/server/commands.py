"""Run the command line as a person does: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from outgrow_processes import Processes

#: For the tests that do something to the process while it runs.
OUTGROW = [sys.executable, "-m", "outgrow"]
_PROCESSES = Processes()


def environment() -> dict[str, str]:
    """The environment without anything that could name another database."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and name != "DATABASE_URL"
    }


def outgrow(
    *arguments: object, cwd: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``settings`` are added to its environment."""
    return _PROCESSES.run(list(map(str, arguments)), cwd, environment() | settings)


def migrated(*arguments: object, status: int = 0) -> dict[str, Any]:
    """Run ``migrate --json`` and give its report; the exit status has to be as expected."""
    done = outgrow("migrate", *arguments, "--json")
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)
