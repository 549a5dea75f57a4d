"""Statements as trees, so that any part can be replaced when a statement is made small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Path = tuple[int, ...]


@dataclass(frozen=True)
class Tree:
    """A piece of SQL.

    Args:
        kind: ``expr``, ``query`` (of one row) and ``rows`` may be replaced by one of their own
            kind, ``optional`` may be left out, as may ``order`` where rows are then compared in
            no order; a ``list`` and the ``steps`` of a case may lose elements, ``bound`` is a
            parameter; ``fixed`` stays.
        parts: texts and smaller pieces; the elements of a list.
        value: what is bound.

    """

    kind: str
    parts: tuple[Tree | str, ...] = ()
    value: Any = None

    def children(self) -> Iterator[tuple[int, Tree]]:
        """The smaller pieces with their places."""
        for place, part in enumerate(self.parts):
            if isinstance(part, Tree):
                yield place, part

    def nodes(self) -> Iterator[tuple[Path, Tree]]:
        """Every piece with the way to it, the whole first."""
        yield (), self
        for place, child in self.children():
            for path, node in child.nodes():
                yield (place, *path), node

    def size(self) -> int:
        """How much there is: a constant less than a column, that less than a call."""
        own = sum(len(part) for part in self.parts if isinstance(part, str))
        return 1 + own + len(repr(self.value)) + sum(child.size() for _, child in self.children())


def with_piece(tree: Tree, path: Path, piece: Tree) -> Tree:
    """The tree with the piece at the end of ``path`` replaced."""
    if not path:
        return piece
    place, rest = path[0], path[1:]
    parts = list(tree.parts)
    child = parts[place]
    assert isinstance(child, Tree)
    parts[place] = with_piece(child, rest, piece)
    return replace(tree, parts=tuple(parts))


def expr(*parts: Tree | str) -> Tree:
    """Make an expression."""
    return Tree("expr", parts)


def fixed(*parts: Tree | str) -> Tree:
    """Make a piece that stays."""
    return Tree("fixed", parts)


def optional(*parts: Tree | str) -> Tree:
    """Make a piece that may be left out."""
    return Tree("optional", parts)


def listed(*parts: Tree) -> Tree:
    """Make a list of one or more."""
    return Tree("list", parts)


def bound(value: Any) -> Tree:
    """Make a bound parameter."""
    return Tree("bound", (), value)


NOTHING = Tree("nothing")


def rendered(tree: Tree, style: str = "?") -> tuple[str, tuple[Any, ...] | dict[str, Any]]:
    """Write a tree as SQL and its parameters; the style is one of ``? ?1 : @ $ %s``."""
    values: list[Any] = []

    def write(piece: Tree | str) -> str:
        if isinstance(piece, str):
            return piece
        if piece.kind == "bound":
            values.append(piece.value)
            return _mark(style, len(values))
        return (", " if piece.kind == "list" else "").join(map(write, piece.parts))

    sql = write(tree)
    if style in (":", "@", "$"):
        return sql, {f"p{number}": value for number, value in enumerate(values, 1)}
    return sql, tuple(values)


def _mark(style: str, number: int) -> str:
    if style in ("?", "%s"):
        return style
    return f"?{number}" if style == "?1" else f"{style}p{number}"
