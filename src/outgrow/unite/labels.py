"""What each of several files is called: its base name, or as much of its path as tells it apart."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.sqlite.labels import shortest_tails, stem
from outgrow.sqlite.snapshot import Snapshot


def labels(snapshots: Sequence[Snapshot]) -> tuple[str, ...]:
    """Give what the files are called: as they are, if that tells them apart, else by their paths.

    Raises:
        UsageError: two of them are the same file.

    """
    tails = shortest_tails([snapshot.path for snapshot in snapshots])
    known = tuple(snapshot.file for snapshot in snapshots)
    return known if len(set(known)) == len(known) else tails


def prefix(label: str) -> str:
    """Give what stands before a name that only one file means, ``<file>_`` without its suffix."""
    return f"{stem(label)}_"
