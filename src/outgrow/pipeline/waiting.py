"""Who has to wait while files are read, and how long: said before it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.sqlite.copying import Wait, foreseen_wait

WRITERS_WAIT = define("OG-505", "What writes to the file has to wait while it is read")

#: Seconds; nobody notices less.
NOTICEABLE = 0.1

_FIX = "PRAGMA journal_mode = WAL lets writers go on meanwhile; or begin when nobody writes"


def waits(paths: Sequence[Path], names: Sequence[str] = ()) -> Iterator[Finding]:
    """Tell of the files whose writers will notice a migration.

    Args:
        paths: the files.
        names: what each is called; its path by default.

    Raises:
        SourceError: a file can't be read.

    """
    for path, name in zip(paths, names or map(str, paths), strict=True):
        wait = foreseen_wait(path)
        if wait is not None and (wait.seconds is None or wait.seconds >= NOTICEABLE):
            yield _finding(wait, name)


def _finding(wait: Wait, name: str) -> Finding:
    size = f"{wait.bytes / 1e6:,.0f} MB"
    if wait.seconds is None:
        return Finding(
            WRITERS_WAIT,
            Severity.WARNING,
            name,
            "it has no WAL: what writes to it waits until all is done, for there is no room for a "
            f"private copy of {size} in {wait.room}",
            f"Name a roomier directory in TMPDIR. {_FIX}",
        )
    says = (
        "it has no WAL: what writes to it waits while a private copy is made, about "
        f"{wait.seconds:.1f} s for {size}"
    )
    return Finding(WRITERS_WAIT, Severity.INFO, name, says, _FIX)
