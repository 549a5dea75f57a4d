"""Processes that run ``outgrow``, forked from one that has imported it already.

Each is a process of its own, with its arguments, folder, environment and exit status. It doesn't
start Python and import everything, which takes longer than most commands do.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

_SECONDS = 240


class Processes:
    """Runs commands one after another; the process that is forked is started when it's needed."""

    def __init__(self) -> None:
        self._parent: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def run(
        self, arguments: list[str], cwd: Path | None, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run ``outgrow`` to its end, as subprocess.run() does."""
        with self._lock, tempfile.TemporaryDirectory() as folder:
            written = {name: str(Path(folder) / name) for name in ("stdout", "stderr")}
            order = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": dict(env)}
            try:
                status = self._answer(json.dumps(order | written))
            except BaseException:
                self.close()
                raise
            said = {name: Path(path).read_text() for name, path in written.items()}
        return subprocess.CompletedProcess(["outgrow", *arguments], status, **said)

    def _answer(self, order: str) -> int:
        if self._parent is None:
            self._parent = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            atexit.register(self.close)
        assert self._parent.stdin and self._parent.stdout
        print(order, file=self._parent.stdin, flush=True)
        return int(self._parent.stdout.readline())

    def close(self) -> None:
        """End the process that is forked, and what it runs."""
        if self._parent is not None:
            self._parent.terminate()
            self._parent.communicate()
            self._parent = None


def _wait_for_orders() -> dict[str, Any] | None:
    """Fork for each order; gives it in the child, and None in the parent at the end."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            order: dict[str, Any] = json.loads(line)
            return order
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))  # noqa: B023
        signal.alarm(_SECONDS)
        ended = os.waitpid(child, 0)[1]
        signal.alarm(0)
        print(os.waitstatus_to_exitcode(ended), flush=True)
    return None


def _become(order: dict[str, Any]) -> None:
    """Make this process the one that was ordered."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    files = (
        (os.devnull, os.O_RDONLY),
        *((order[name], os.O_WRONLY | os.O_CREAT) for name in ("stdout", "stderr")),
    )
    for number, (path, flags) in enumerate(files):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - the new one
    sys.argv[1:] = order["arguments"]
    sys.path[0] = order["cwd"]


def _serve() -> None:
    import gc
    import importlib
    import pkgutil
    import runpy
    from contextlib import suppress

    from outgrow.cli import commands

    for each in pkgutil.iter_modules(commands.__path__):
        with suppress(Exception):  # the command that needs it tells what is wrong
            importlib.import_module(f"{commands.__name__}.{each.name}")
    # Else each child copies it all while it ends: https://docs.python.org/3/library/gc.html#gc.freeze
    gc.collect()
    gc.freeze()
    order = _wait_for_orders()
    if order is not None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        _become(order)
        runpy.run_module("outgrow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve()
