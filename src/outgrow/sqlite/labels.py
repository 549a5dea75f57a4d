"""What files are called: their names, or as much of their paths as tells them apart."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from outgrow.errors import UsageError, define

SAME_FILE = define("OG-131", "One SQLite file was named twice.")

_SUFFIXES = (".db", ".db3", ".sqlite", ".sqlite3", ".sqlitedb")


def shortest_tails(paths: Sequence[Path]) -> tuple[str, ...]:
    """Call each file by the shortest tail of its path that no other file has.

    Raises:
        UsageError: two of the paths are the same file.

    """
    real = [Path(os.path.realpath(path)) for path in paths]
    identities = [_identity(path) for path in real]
    for number, identity in enumerate(identities):
        first = identities.index(identity)
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


def _identity(path: Path) -> object:
    """Tell a file from others by what hard links have in common; a path where there is none."""
    try:
        found = path.stat()
    except OSError:
        return path
    return found.st_dev, found.st_ino


def file_labels(paths: Sequence[Path]) -> tuple[str, ...]:
    """Give what files that are made for each of them are called: ``app``, or ``data_app``.

    Raises:
        UsageError: two of the paths are the same file.

    """
    given: dict[str, None] = {}
    for tail in shortest_tails(paths):
        label = unlabelled = re.sub(r"[^\w.-]+", "_", stem(tail)).strip("_.") or "file"
        number = 1
        while label.lower() in {each.lower() for each in given}:
            number += 1
            label = f"{unlabelled}_{number}"
        given[label] = None
    return tuple(given)


def stem(label: str) -> str:
    """Give a file's name without the suffix that SQLite files have."""
    known = next((label[: -len(end)] for end in _SUFFIXES if label.lower().endswith(end)), label)
    return known or label


def _shortest_tail(path: Path, others: list[Path]) -> str:
    parts = path.parts
    for length in range(1, len(parts)):
        tail = parts[-length:]
        if all(other.parts[-length:] != tail for other in others):
            return "/".join(tail)
    return str(path)
