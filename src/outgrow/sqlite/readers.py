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
        if not self._more:
            yield from (work(self._snapshot, item) for item in items)
            return
        futures = [self._pool.submit(self._run, work, item) for item in items]
        self._futures += futures
        for future in futures:
            yield future.result()

    def _run(self, work: Callable[[Snapshot, Item], Result], item: Item) -> Result:
        reader = self._idle.get()
        try:
            return work(reader, item)
        finally:
            self._idle.put(reader)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at once when something failed: what has not begun is dropped, the rest ended."""
        pending = {future for future in self._futures if not future.cancel()}
        while pending := wait(pending, timeout=_MOMENT).not_done:
            # A statement that begins only after an interruption is not ended by it.
            for reader in (self._snapshot, *self._more):
                reader.connection.interrupt()
        self._pool.shutdown(wait=True)
        for reader in self._more:
            self._snapshot.unknown_collations |= reader.unknown_collations
            reader.close()
