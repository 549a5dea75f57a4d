"""SQLite's own grammar: statements as trees, and tokens with their places.

Trees are the JSON-like dicts of syntaqlite: ``{"type": …, field: …}``, lists as
``{"children": […]}``. They carry no offsets and no quotes; the tokens do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syntaqlite import Syntaqlite

Tree = Mapping[str, Any]

_local = threading.local()


def _parser() -> Syntaqlite:
    """Give this thread's parser; an instance must not be shared between threads."""
    if not hasattr(_local, "parser"):
        from syntaqlite import Syntaqlite  # noqa: PLC0415  (slow to import, and not always needed)

        _local.parser = Syntaqlite()
    parser: Syntaqlite = _local.parser
    return parser


def parse(sql: str) -> Tree | None:
    """Parse one statement; ``None`` if it is not exactly one that SQLite's grammar accepts."""
    trees = _parser().parse_raw(sql)
    if len(trees) != 1 or trees[0]["type"] == "Error":
        return None
    tree: Tree = trees[0]
    return tree


def children(node: Tree | None) -> list[Tree]:
    """Give the members of a list node; an absent list is empty."""
    return list(node["children"]) if node else []


_QUOTES = {'"': '"', "'": "'", "`": "`", "[": "]"}


def unquoted(name: str | None) -> str:
    """Give the name that a tree means.

    Some arrive in their quotes, some with doubled ones, and an empty one as ``None``.
    """
    if name is None:
        return ""
    closing = _QUOTES.get(name[:1])
    if closing and len(name) > 1 and name.endswith(closing):
        name = name[1:-1]
    return name.replace('""', '"')


def walk(tree: Tree | None) -> Iterator[Tree]:
    """Give every node of a tree, the tree itself first."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            yield node
            pending.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            pending.extend(reversed(node))


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is not white space; ``start`` and ``end`` are offsets in bytes of UTF-8."""

    text: str
    category: str
    start: int
    end: int

    @property
    def is_comment(self) -> bool:
        """Whether it is ``-- …`` or ``/* … */``."""
        return self.category == "comment"

    def is_keyword(self, *words: str) -> bool:
        """Whether it is one of these keywords, unquoted, in any case."""
        return self.category == "keyword" and self.text.upper() in words


def tokenize(sql: str) -> list[Token]:
    """Give the tokens and comments of a text in their order; a NUL ends it, as in SQLite."""
    return [
        Token(raw["text"], raw["category"], raw["offset"], raw["offset"] + raw["length"])
        for raw in _parser().tokenize(sql.partition("\0")[0])  # which would never come past one
        if not raw["text"].isspace()
    ]


class Text:
    """A statement's text with its tokens, for cutting pieces out of it."""

    def __init__(self, sql: str) -> None:
        self._bytes = sql.encode()
        self.tokens = tokenize(sql)
        self.significant = [token for token in self.tokens if not token.is_comment]

    def cut(self, tokens: list[Token]) -> str:
        """Give the source text from the first to the last token, '' for none."""
        if not tokens:
            return ""
        return self._bytes[tokens[0].start : tokens[-1].end].decode()

    def same_line(self, first: Token, second: Token) -> bool:
        """Whether the second token starts on the line on which the first one ends."""
        return b"\n" not in self._bytes[first.end : second.start]


def inside(tokens: list[Token], opening: int) -> list[Token]:
    """Give the tokens between the parenthesis at ``opening`` and the one that closes it."""
    depth = 0
    for position in range(opening, len(tokens)):
        depth += _step(tokens[position])
        if depth == 0:
            return tokens[opening + 1 : position]
    return tokens[opening + 1 :]


def split_commas(tokens: list[Token]) -> list[list[Token]]:
    """Split at the commas that stand in no parentheses; a comma ends the piece it follows."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += _step(token)
        pieces[-1].append(token)
        if depth == 0 and token.text == ",":
            pieces.append([])
    return pieces


def top_level(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    """Give the tokens that stand in no parentheses, each with its position."""
    depth = 0
    for position, token in enumerate(tokens):
        depth += _step(token)
        if depth == 0 or (depth == 1 and token.text == "("):
            yield position, token


def _step(token: Token) -> int:
    return {"(": 1, ")": -1}.get(token.text, 0)
