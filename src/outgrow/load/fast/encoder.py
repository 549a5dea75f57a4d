"""The encoding process as the loader sees it: begun when needed, and ended whatever happens."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from importlib.util import find_spec

from outgrow.load.fast.job import DONE, FRAME, REFUSED, ROWS, Job
from outgrow.load.fast.way import Way

#: Bytes that are read from the pipe at once: they stay in the processor's cache.
_PART_BYTES = 128 << 10

#: A process that gives nothing for so long, in milliseconds, is stuck.
_PATIENCE_MS = 120_000

#: A process that fails more often is not begun again.
_FAILURES = 3

#: What the process imports and the extra ``fast`` brings.
_NEEDED = ("adbc_driver_sqlite", "pyarrow", "numpy")


class EncodingFailed(Exception):
    """The process refused a table, or is gone; the rows go the other way."""


def is_installed() -> bool:
    """Whether the extra ``fast`` is there."""
    return bool(sys.executable) and all(find_spec(name) is not None for name in _NEEDED)


class Encoder:
    """A process that encodes tables, one after the other.

    It is not there until it is worth its start; after a failure it is started anew.
    """

    def __init__(self, way: Way | None = None) -> None:
        self._way = Way.wished() if way is None else way
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._was_started = False
        self._part = bytearray(_PART_BYTES)

    @property
    def is_usable(self) -> bool:
        """Whether it may be asked."""
        return self._failures < _FAILURES and is_installed()

    @property
    def pid(self) -> int | None:
        """The process, if there is one."""
        return self._process.pid if self._process else None

    def prepare(self, all_bytes: int) -> None:
        """Begin the process if it is worth it for tables of so many bytes."""
        if self._way.needs_process(all_bytes):
            self.start()

    def takes(self, table_bytes: int) -> bool:
        """Whether a table of so many bytes is to be given to it."""
        return self._was_started and self.is_usable and self._way.is_worth_asking(table_bytes)

    def start(self) -> None:
        """Begin the process, which takes its time beside this one; a second call does nothing."""
        if self._process is None and self.is_usable:
            self._was_started = True
            with suppress(OSError):
                self._process = subprocess.Popen(
                    # -P: what lies in the current directory is no module of this program.
                    [sys.executable, "-P", "-m", "outgrow.load.fast.process"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    # NumPy's library for matrices would begin a thread for each core.
                    env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
                )

    def encode(self, job: Job) -> Generator[tuple[memoryview, int]]:
        """Give a table's rows in parts, with the rows of a block at its last part.

        A part is overwritten by the next one.

        Raises:
            EncodingFailed: the process refused the table, or is gone.

        """
        self.start()
        done = False
        try:
            self._ask(job)
            total = 0
            while True:
                kind, length, rows = FRAME.unpack(self._take(FRAME.size))
                if kind == DONE:
                    _require(rows == total)
                    done = True
                    return
                if kind == REFUSED:
                    said = bytes(self._take(length)).decode(errors="replace")
                    done = True
                    raise EncodingFailed(said)
                _require(kind == ROWS)
                total += rows
                yield from self._parts(length, rows)
        finally:
            if not done:
                # Rows that nobody wants any more are in the pipe.
                self._failures += 1
                self.close()

    def _ask(self, job: Job) -> None:
        if self._process is None or self._process.stdin is None:
            raise EncodingFailed("the process could not be started")
        try:
            rest = memoryview(job.dump())
            while rest:
                rest = rest[self._process.stdin.write(rest) or 0 :]
        except OSError as error:
            raise EncodingFailed("the process is gone") from error

    def _parts(self, length: int, rows: int) -> Iterator[tuple[memoryview, int]]:
        while length:
            part = self._read(min(length, _PART_BYTES))
            length -= len(part)
            yield part, 0 if length else rows

    def _take(self, length: int) -> bytes:
        """Read so many bytes."""
        taken = bytearray()
        while len(taken) < length:
            taken += self._read(min(length - len(taken), _PART_BYTES))
        return bytes(taken)

    def _read(self, most: int) -> memoryview:
        """Read what is there, and wait until there is something."""
        assert self._process is not None
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        if not waiting.poll(_PATIENCE_MS):
            raise EncodingFailed("the process gives nothing any more")
        part = memoryview(self._part)[:most]
        count = os.readv(pipe, [part])
        if not count:
            raise EncodingFailed("the process ended before it was done")
        return part[:count]

    def close(self) -> None:
        """End the process; another table begins a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Encoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _require(condition: bool) -> None:
    if not condition:
        raise EncodingFailed("the process gives what was not asked for")
