"""Commands of outgrow in processes forked from a warm one: cheap, limited, and free to die."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from commands import environment

from outgrow_processes import warm

#: What an error begins with.
ERROR_LINE = re.compile(r"error: (OG-\d{3}) ")

#: More than any command on a small file may take, of a machine that does other things too.
_SECONDS = 60
#: What one process may have of its own, threads included: a command on a small file needs 60 MB.
_BYTES = 1 << 30


@dataclass(frozen=True)
class Ran:
    """How a command ended; a negative status is the signal that ended it."""

    arguments: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def is_a_mistake(self) -> bool:
        """Whether it ended by a mistake of outgrow's own."""
        return "Traceback" in self.err or "OG-700" in self.err

    def __str__(self) -> str:
        command = " ".join(self.arguments)
        return f"outgrow {command}\nstatus {self.status}\n{self.out[-600:]}\n{self.err[-2000:]}"


class Forked:
    """Runs commands one after another, each list of them in a process of its own.

    Args:
        folder: where their words and temporary files go.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "forked"
        self.temporary = folder / "temporary"
        self.folder.mkdir()
        self.temporary.mkdir()
        settings = {"TMPDIR": str(self.temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
        settings["POSTGRES_PORT"] = "1"  # an application's database: nobody answers there
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "torture.shared.forked", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment() | settings,
        )

    def run(self, *commands: Sequence[object], cwd: Path) -> list[Ran]:
        """Run commands; those behind one that died are left out."""
        told = [[*map(str, command)] for command in commands]
        assert self._parent.stdin
        assert self._parent.stdout
        order = {"commands": told, "cwd": str(cwd)}
        print(json.dumps(order), file=self._parent.stdin, flush=True)
        ended = json.loads(self._parent.stdout.readline())
        ran = []
        for arguments, status in zip(told, ended, strict=False):
            out, err = (_taken(self.folder / f"{len(ran)}.{end}") for end in ("out", "err"))
            ran.append(Ran(tuple(arguments), status, out, err))
        return ran

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._parent.terminate()
        self._parent.communicate()


def _taken(path: Path) -> str:
    if not path.exists():  # it died before
        return ""
    text = path.read_bytes().decode("utf-8", "backslashreplace")
    path.unlink()
    return text


def _serve(folder: Path) -> None:
    """Fork for each order, and say how its commands ended."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _run(order, folder)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))  # noqa: B023
        signal.alarm(_SECONDS)
        how = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        signal.alarm(0)
        written = folder / "ended"
        ended = [int(each) for each in written.read_text().split()] if written.exists() else []
        written.unlink(missing_ok=True)
        if len(ended) < len(order["commands"]):
            ended.append(how)
        elif how < 0:  # while it ended
            ended[-1] = how
        print(json.dumps(ended), flush=True)


def _run(order: dict[str, Any], folder: Path) -> None:
    import atexit
    import resource

    from outgrow.cli import main

    status = 70
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.chdir(order["cwd"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, command in enumerate(order["commands"]):
            for file, end in ((1, "out"), (2, "err")):
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                opened = os.open(folder / f"{number}.{end}", flags, 0o600)
                os.dup2(opened, file)
                os.close(opened)
            try:
                status = main(command)
            except SystemExit as ended:  # argparse's
                status = ended.code if isinstance(ended.code, int) else 1
            sys.stdout.flush()
            sys.stderr.flush()
            with (folder / "ended").open("a") as written:
                print(status, file=written)
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001  told by its traceback
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        status = 70
    finally:
        os._exit(status)


if __name__ == "__main__":
    warm()
    _serve(Path(sys.argv[1]))
