"""A migration in a process group of its own, which is killed, or whose server is."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from commands import OUTGROW, environment

#: Nothing that has lost its parent or its server may need longer to end.
_SECONDS_TO_END = 120


class Victim:
    """``outgrow migrate`` that runs until something happens to it."""

    def __init__(self, source: Path, database: str, folder: Path, *options: str) -> None:
        self._began, self._ended = time.monotonic(), 0.0
        self._written = {name: folder / f"{name}-{os.urandom(4).hex()}" for name in ("out", "err")}
        with self._written["out"].open("wb") as out, self._written["err"].open("wb") as err:
            self._process = subprocess.Popen(
                [*OUTGROW, "migrate", str(source), "--to", database, "--json", *options],
                env=environment() | {"TMPDIR": str(temporary(folder))},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def seconds(self) -> float:
        """How long it has been running, or has run."""
        if self.has_ended:
            self._ended = self._ended or time.monotonic()
        return (self._ended or time.monotonic()) - self._began

    @property
    def status(self) -> int:
        """Its exit status; it has ended."""
        assert self._process.returncode is not None
        return self._process.returncode

    @property
    def out(self) -> str:
        return self._written["out"].read_text()

    @property
    def err(self) -> str:
        return self._written["err"].read_text()

    def kill(self) -> None:
        """``kill -9`` of the one process: those that it began have to end by themselves."""
        self._process.kill()
        self._process.wait()

    def wait(self) -> float:
        """Wait until it ends by itself; gives the seconds that took."""
        began = time.monotonic()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"migrate still runs after {_SECONDS_TO_END} s") from None
        return time.monotonic() - began

    def wait_for_the_others(self) -> float:
        """Wait until nothing is left of its group; gives the seconds that took."""
        return waited(lambda: not _members(self._process.pid), "a process of a dead migration")

    def close(self) -> None:
        """Leave no process and no file, whatever has happened."""
        for member in _members(self._process.pid):
            os.kill(member, signal.SIGKILL)
        self._process.wait()
        for path in self._written.values():
            path.unlink(missing_ok=True)

    def __enter__(self) -> Victim:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def temporary(folder: Path) -> Path:
    """Give the folder below ``folder`` where migrations put private copies of files."""
    found = folder / "temporary"
    found.mkdir(exist_ok=True)
    return found


def waited(what: Callable[[], bool], name: str) -> float:
    """Wait until it is so; gives the seconds that took, and fails when it never ends."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() < began + _SECONDS_TO_END, f"{name} is there for ever"
        time.sleep(0.005)
    return time.monotonic() - began


def _members(group: int) -> list[int]:
    """The living processes of a group; those that nobody has waited for are dead.

    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(") ")[2].split()
        except OSError:
            continue
        if fields and int(fields[2]) == group and fields[0] not in "ZX":
            found.append(int(path.parent.name))
    return found
