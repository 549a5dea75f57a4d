"""Processes that run ``outgrow``, forked from one that has imported it already.

Each is a process of its own, with its arguments, folder, environment and exit status. It doesn't
start Python and import everything, which takes longer than most commands do.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

_SECONDS = 240


class Processes:
    """Runs commands one after another; the process that is forked is started when it's needed."""

    def __init__(self) -> None:
        self._parent: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

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


def warm() -> None:
    """Import all of outgrow once, and what it imports when it needs it."""
    import outgrow

    modules = pkgutil.walk_packages(outgrow.__path__, "outgrow.")
    # What encodes blocks of rows has a process of its own, and brings threads.
    names = [
        each.name for each in modules if "__main__" not in each.name and ".fast." not in each.name
    ]
    for name in (*names, "syntaqlite", "tomlkit", "dotenv"):
        with suppress(Exception):  # the command that needs it tells what is wrong
            importlib.import_module(name)
    # Else each child copies it all while it ends: https://docs.python.org/3/library/gc.html#gc.freeze
    gc.collect()
    gc.freeze()


def _serve() -> None:
    warm()
    order = _wait_for_orders()
    if order is not None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        _become(order)
        _end(_status_of(lambda: runpy.run_module("outgrow", run_name="__main__", alter_sys=True)))


def _status_of(run: Callable[[], object]) -> int:
    """Run what ends by sys.exit(); gives the status that Python would end with."""
    try:
        run()
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001  told as Python does
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _end(status: int) -> NoReturn:
    """End as Python does, but take nothing apart: that would copy all that the parent imported."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve()
