"""Several threads that read one state of a file, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import Any, TypeVar

from outgrow.sqlite.snapshot import Snapshot

#: Seconds until what is to end is told so again.
_MOMENT = 0.05

Item = TypeVar("Item")
Result = TypeVar("Result")


class Readers:
    """Applies a function to many things, with a reader that nobody else uses meanwhile.

    Args:
        snapshot: the state to read; its own connection is one of the readers.
        count: how many threads; where no other connection sees the same, there is one reader.

    """

    def __init__(self, snapshot: Snapshot, count: int) -> None:
        self._snapshot = snapshot
        more = (snapshot.again() for _ in range(count - 1))
        self._more = [reader for reader in more if reader is not None]
        self._idle: SimpleQueue[Snapshot] = SimpleQueue()
        for reader in (snapshot, *self._more):
            self._idle.put(reader)
        self._pool = ThreadPoolExecutor(len(self._more) + 1, thread_name_prefix="outgrow-read")
        self._futures: list[Future[Any]] = []

    def map(
        self, work: Callable[[Snapshot, Item], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """Give the results in the order of the items; an error comes where its result would."""

        def begun(item: Item) -> Future[Result]:
            return self.submit(lambda reader: work(reader, item))

        futures = map(begun, items)
        for future in list(futures) if self._more else futures:
            yield future.result()

    def submit(self, work: Callable[[Snapshot], Result]) -> Future[Result]:
        """Have something done; work itself may ask for more, but must not wait for it.

        With one reader it is done at once, and an error is raised here.
        """
        if self._more:
            future = self._pool.submit(self._run, work)
            self._futures.append(future)
        else:
            future = Future()
            future.set_result(work(self._snapshot))
        return future

    def _run(self, work: Callable[[Snapshot], Result]) -> Result:
        reader = self._idle.get()
        try:
            return work(reader)
        finally:
            self._idle.put(reader)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at once when something failed: what has not begun is dropped, the rest ended."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        while pending := [future for future in list(self._futures) if not future.done()]:
            # A statement that begins only after an interruption is not ended by it.
            for reader in (self._snapshot, *self._more):
                reader.connection.interrupt()
            wait(pending, timeout=_MOMENT)
        self._pool.shutdown(wait=True)
        for reader in self._more:
            self._snapshot.unknown_collations |= reader.unknown_collations
            reader.close()
