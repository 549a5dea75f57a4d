"""A second process that compares tables beside this one, for Python compares on one core only.

    python -m outgrow.verify.second

Its results are those of `compare_table`; a table on which it fails is compared here again, so that
whatever is wrong is told in the same words. It ends with its input.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Any

from outgrow.model.census import TableFacts
from outgrow.model.plan import TablePlan
from outgrow.model.source import SourceTable
from outgrow.postgres.target import Target, connect
from outgrow.sqlite.snapshot import Address, open_address
from outgrow.verify.differences import TableComparison
from outgrow.verify.quarantine import Quarantined
from outgrow.verify.values import compare_table

#: Tables that together have fewer bytes are compared before the process has begun.
_WORTH_STARTING = 16 << 20

#: A table of fewer bytes is not worth telling another process of it.
_WORTH_ASKING = 256 << 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where both sides are, and whose quarantine counts."""

    source: Address
    target: Target
    schema: str
    final_schema: str
    run: int | None


@dataclass(frozen=True, slots=True)
class Task:
    """One table to compare."""

    table: SourceTable
    plan: TablePlan
    facts: TableFacts | None

    @property
    def bytes(self) -> int:
        """How much there is to compare."""
        return self.facts.bytes if self.facts else 0


def share(
    tasks: Sequence[Task], place: Place | None, here: Callable[[Task], TableComparison]
) -> list[TableComparison]:
    """Compare tables here and, where that is quicker, in a second process; in their order.

    The largest go first, each to who is free.
    """
    waiting = _Waiting(tasks)
    found: dict[str, TableComparison] = {}
    worth = sum(task.bytes for task in tasks) >= _WORTH_STARTING and len(tasks) > 1
    second = _Second(place, waiting, found) if place and worth and _has_cores() else None
    try:
        while task := waiting.take():
            found[task.table.name] = here(task)
        if second is not None:
            second.join()
    finally:
        if second is not None:
            second.close()
    for task in tasks:
        if task.table.name not in found:
            found[task.table.name] = here(task)
    return [found[task.table.name] for task in tasks]


class _Waiting:
    """The tables that nobody has begun, the largest first."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = deque(sorted(tasks, key=lambda task: -task.bytes))
        self._lock = Lock()

    def take(self, least: int = 0) -> Task | None:
        """Take the next one, if it has so many bytes."""
        with self._lock:
            if self._tasks and self._tasks[0].bytes >= least:
                return self._tasks.popleft()
            return None


def _has_cores() -> bool:
    return bool(sys.executable) and (os.cpu_count() or 1) > 1


class _Second:
    """The process, and a thread that gives it what is waiting."""

    def __init__(self, place: Place, waiting: _Waiting, found: dict[str, TableComparison]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "outgrow.verify.second"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._thread = Thread(target=self._feed, args=(place, waiting, found), daemon=True)
        self._thread.start()

    def _feed(self, place: Place, waiting: _Waiting, found: dict[str, TableComparison]) -> None:
        orders, results = self._process.stdin, self._process.stdout
        assert orders is not None
        assert results is not None
        # A process that is gone, or that can't do it, has found nothing.
        with suppress(OSError, EOFError, pickle.PickleError, TypeError, ValueError):
            _send(orders, place)
            if not _receive(results):
                return
            while task := waiting.take(_WORTH_ASKING):
                _send(orders, task)
                result = _receive(results)
                if isinstance(result, TableComparison):
                    found[task.table.name] = result

    def join(self) -> None:
        """Wait for the table that it has."""
        self._thread.join()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._thread.join()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _send(pipe: IO[bytes], thing: object) -> None:
    pickle.dump(thing, pipe)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    return pickle.load(pipe)  # noqa: S301  by the other process of this very program


def _read(orders: SimpleQueue[Any]) -> None:
    """Take orders, and end at once with the one who gives them, whatever is being done."""
    with suppress(EOFError, OSError):
        while True:
            orders.put(_receive(sys.stdin.buffer))
    os._exit(0)


def main() -> None:
    """Compare what is ordered, until there are no more orders."""
    # Ctrl-C is for the one who gives the orders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_read, args=(orders,), daemon=True).start()
    place: Place = orders.get()
    with (
        open_address(place.source) as source,
        connect(place.target, writes=False) as connection,
    ):
        quarantine = Quarantined(connection, place.final_schema, place.run)
        _send(results, True)
        while True:
            task: Task = orders.get()
            try:
                result = compare_table(
                    source.connection,
                    connection,
                    task.table,
                    task.plan,
                    schema=place.schema,
                    facts=task.facts,
                    quarantine=quarantine,
                )
            except Exception:  # noqa: BLE001  the other process meets it, too, and tells it
                _send(results, None)
            else:
                _send(results, result)


if __name__ == "__main__":
    main()
