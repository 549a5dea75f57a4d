"""How long work tells of itself: the pipeline speaks to this, the command line draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Someone who shows progress."""

    def task(
        self, name: str, total: int, *, unit: str = "rows"
    ) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a task of ``total`` units; call what is given with the units done so far."""
        ...

    def note(self, text: str) -> None:
        """Tell one thing worth knowing while work goes on."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def task(self, name: str, total: int, *, unit: str = "rows") -> Iterator[Callable[[int], None]]:
        """Show nothing."""
        del name, total, unit
        yield lambda done: None

    def note(self, text: str) -> None:
        """Tell nobody."""
