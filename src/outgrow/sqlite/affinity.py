"""Which affinity a declared type gives (https://www.sqlite.org/datatype3.html, section 3.1)."""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.model.source import Affinity

_RULES = (
    (("int",), Affinity.INTEGER),
    (("char", "clob", "text"), Affinity.TEXT),
    (("blob",), Affinity.BLOB),
    (("real", "floa", "doub"), Affinity.REAL),
)


def affinity_of(declared: str, *, strict: bool = False) -> Affinity:
    """Apply SQLite's rules, in their order, to a type as written; '' stands for none."""
    folded = fold(declared)
    if not folded or (strict and folded == "any"):
        return Affinity.BLOB
    for words, affinity in _RULES:
        if any(word in folded for word in words):
            return affinity
    return Affinity.NUMERIC
