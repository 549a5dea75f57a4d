"""What each of several files is called: its base name, or as much of its path as tells it apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from outgrow.errors import UsageError, define
from outgrow.sqlite.snapshot import Snapshot

SAME_FILE = define("OG-131", "One SQLite file was named twice.")

_SUFFIXES = (".db", ".db3", ".sqlite", ".sqlite3", ".sqlitedb")


def labels(snapshots: Sequence[Snapshot]) -> tuple[str, ...]:
    """Give what the files are called: as they are, if that tells them apart, else by their paths.

    Raises:
        UsageError: two of them are the same file.

    """
    tails = shortest_tails([snapshot.path for snapshot in snapshots])
    known = tuple(snapshot.file for snapshot in snapshots)
    return known if len(set(known)) == len(known) else tails


def shortest_tails(paths: Sequence[Path]) -> tuple[str, ...]:
    """Call each file by the shortest tail of its path that no other file has.

    Raises:
        UsageError: two of the paths are the same file.

    """
    real = [Path(os.path.realpath(path)) for path in paths]
    for number, path in enumerate(real):
        first = real.index(path)
        if first < number:
            raise UsageError(
                SAME_FILE,
                f"it is the same file as {paths[first]}",
                where=str(paths[number]),
                fix="Name each SQLite file once",
            )
    named = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 (links stay links)
    if len(set(named)) < len(named):
        named = real
    return tuple(
        _shortest_tail(path, [other for other in named if other != path]) for path in named
    )


def prefix(label: str) -> str:
    """Give what stands before a name that only one file means, ``<file>_`` without its suffix."""
    stem = next((label[: -len(end)] for end in _SUFFIXES if label.lower().endswith(end)), label)
    return f"{stem or label}_"


def _shortest_tail(path: Path, others: list[Path]) -> str:
    parts = path.parts
    for length in range(1, len(parts)):
        tail = parts[-length:]
        if all(other.parts[-length:] != tail for other in others):
            return "/".join(tail)
    return str(path)
