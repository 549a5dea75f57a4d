"""Threads with a connection each, for statements that need no row from SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import get_ident
from typing import Any

import psycopg

from outgrow.errors import TargetError
from outgrow.model.steps import Step
from outgrow.postgres.failures import TOO_MANY
from outgrow.postgres.silence import hang_up

Connection = psycopg.Connection[Any]

#: A server that says nothing for so long won't end what it was asked for.
_SECONDS_TO_CANCEL = 3

Work = Callable[[Connection, list[Step]], None]


class Workers:
    """Does what is submitted, at most ``count`` pieces at a time.

    Args:
        connect: opens a connection. When the server has none left, those that are open do.
        count: how many threads; with 0 each piece is done at once, on ``main``.
        main: the connection of the thread that submits.

    """

    def __init__(self, connect: Callable[[], Connection], count: int, main: Connection) -> None:
        self._pool = ThreadPoolExecutor(max(1, count), thread_name_prefix="outgrow-build")
        self._connect = connect
        self._main = None if count else main
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._opened: list[Connection] = []
        self._futures: list[Future[int]] = []
        self._threads: set[int] = set()

    def submit(self, work: Work, steps: list[Step]) -> None:
        """Begin a piece of work; it must not need what the thread that submits holds."""
        if self._main is None:
            self._futures.append(self._pool.submit(self._run, work, steps))
            return
        work(self._main, steps)
        done: Future[int] = Future()
        done.set_result(len(steps))
        self._futures.append(done)

    def _run(self, work: Work, steps: list[Step]) -> int:
        self._threads.add(get_ident())
        connection = self._take()
        try:
            work(connection, steps)
        finally:
            self._idle.put(connection)
        return len(steps)

    def _take(self) -> Connection:
        """Give an idle connection, else a new one, else wait for one of the others."""
        try:
            return self._idle.get_nowait()
        except Empty:
            pass
        try:
            connection = self._connect()
        except TargetError as error:
            if error.code is not TOO_MANY or not self._opened:
                raise
            return self._idle.get()
        self._opened.append(connection)
        return connection

    def wait(self) -> Iterator[int]:
        """Give the number of steps done after each piece."""
        done = 0
        for future in self._futures:
            done += future.result()
            yield done

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at once when something failed: pending work is dropped, running work cancelled."""
        for future in self._futures:
            future.cancel()
        running = {future for future in self._futures if not future.done()}
        if running:
            for connection in self._opened:
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=_SECONDS_TO_CANCEL)
            if wait(running, _SECONDS_TO_CANCEL).not_done:
                hang_up(self._threads)
        self._pool.shutdown(wait=True)
        for connection in self._opened:
            connection.close()
