"""What a person sees: errors, notes and progress on standard error, tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from outgrow.model.findings import Severity

_STYLES = {Severity.INFO: "cyan", Severity.WARNING: "yellow", Severity.ERROR: "red"}


def stderr() -> Console:
    """Give a console on standard error as it is now; NO_COLOR and pipes are respected."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


def stdout() -> Console:
    """Give a console on standard output as it is now."""
    return Console(file=sys.stdout, highlight=False)


def error(line: str) -> None:
    """Tell why a command failed, on one line."""
    stderr().print(Text("error: ", style="bold red") + Text(one_line(line)))


def note(line: str) -> None:
    """Tell something on the way."""
    stderr().print(Text(one_line(line), style="dim"))


def one_line(text: str) -> str:
    """Make a text safe for a terminal: control characters are shown, not obeyed."""
    return "".join(
        character if character.isprintable() else f"\\x{ord(character):02x}" for character in text
    )


def severity(value: Severity) -> Text:
    """Write a severity in its colour."""
    return Text(value.value, style=_STYLES[value])


class _Rate(ProgressColumn):
    """Units a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} {task.fields['unit']}/s" if speed else "", style="dim")


class Drawn:
    """Draws progress on a terminal; anywhere else only notes are told."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=stderr(),
            transient=True,
        )
        self._live = self._progress.console.is_terminal

    @contextmanager
    def task(self, name: str, total: int, *, unit: str = "rows") -> Iterator[Callable[[int], None]]:
        """Show one task of ``total`` units while the context is open."""
        if not self._live:
            yield lambda done: None
            return
        task = self._progress.add_task(one_line(name), total=total, unit=unit)
        try:
            yield lambda done: self._progress.update(task, completed=done)
        finally:
            self._progress.update(task, visible=False)

    def note(self, text: str) -> None:
        """Tell one thing while work goes on."""
        self._progress.console.print(Text(one_line(text), style="dim"))

    def __enter__(self) -> Drawn:
        if self._live:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._progress.stop()
