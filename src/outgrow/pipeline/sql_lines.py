"""SQL in lines that a person can read; what it means stays the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A literal, a quoted name, a word with the space before it, or any other character.
_PIECE = re.compile(
    r"""\s*\b[Ee]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$"""
    r"""|\s*\b[A-Za-z_][\w$]*|.""",
    re.DOTALL,
)
#: Reserved words, which no unquoted name can be, that begin a line outside of parentheses.
_CLAUSES = frozenset("FROM WHERE GROUP HAVING ORDER LIMIT UNION INTERSECT EXCEPT WINDOW".split())
_JOINS = frozenset("JOIN LEFT RIGHT FULL INNER CROSS NATURAL".split())
_WIDTH = 100


def one_line(text: str) -> str:
    """Give a text as it can stand in a comment."""
    return " ".join(text.split())


def with_line_breaks(query: str) -> str:
    """Begin the clauses of a query, and a long list's entries, on lines of their own."""
    lines = []
    for clause in _clauses(query):
        entries = list(_entries(clause)) if len(clause) > _WIDTH else [clause]
        lines.append(",\n    ".join(entries))
    return "\n".join(lines)


def _clauses(query: str) -> Iterator[str]:
    start, before = 0, ""
    for position, piece in _outside(query):
        word = piece.strip()
        begins = word in _CLAUSES or (word in _JOINS and before not in _JOINS)
        # "LEFT OUTER JOIN": one clause; "IS DISTINCT FROM": none.
        if begins and before not in ("OUTER", "DISTINCT") and position > start:
            yield query[start:position].strip()
            start = position
        if word:
            before = word
    yield query[start:].strip()


def _entries(clause: str) -> Iterator[str]:
    start = 0
    for position, piece in _outside(clause):
        if piece == ",":
            yield clause[start:position].strip()
            start = position + 1
    yield clause[start:].strip()


def _outside(sql: str) -> Iterator[tuple[int, str]]:
    """Give the pieces that stand in no parentheses, each with its place."""
    depth = 0
    for match in _PIECE.finditer(sql):
        piece = match[0]
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        elif depth == 0:
            yield match.start(), piece
