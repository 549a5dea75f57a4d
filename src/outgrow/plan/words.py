"""The words in a name, a declared type or an expression, as the rules look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from outgrow.model.names import fold

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SIZE = re.compile(r"\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")


def words(name: str) -> tuple[str, ...]:
    """Split a name into lower-case words: ``InvoiceDate`` and ``invoice_date`` alike."""
    return tuple(word.lower() for word in _WORD.findall(name))


def size(declared: str) -> tuple[int, int | None] | None:
    """Read ``(p)`` or ``(p, s)`` of a declared type."""
    match = _SIZE.search(declared)
    if match is None:
        return None
    return int(match[1]), int(match[2]) if match[2] is not None else None


def nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Walk every node of a parsed expression."""
    if isinstance(tree, Mapping):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, (list, tuple)):
        for value in tree:
            yield from nodes(value)


def names_column(node: Any, name: str) -> bool:
    """Whether a node is a reference to the column of that name."""
    return (
        isinstance(node, Mapping)
        and node.get("type") == "ColumnRef"
        and fold(str(node.get("column"))) == fold(name)
    )
