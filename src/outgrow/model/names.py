"""How SQLite compares names: ASCII letters in any case are equal, all others are not."""

from __future__ import annotations

import string

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """Lower the ASCII letters of a name, as SQLite does before it compares, and nothing else."""
    return name.translate(_ASCII_LOWER)
