"""SQLite's own grammar: statements as trees, and tokens with their places.

Trees are the JSON-like dicts of syntaqlite: ``{"type": …, field: …}``, lists as
``{"children": […]}``. They carry no offsets, and no quotes around names; the tokens do.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syntaqlite import Syntaqlite

Tree = Mapping[str, Any]

_local = threading.local()


def parser() -> Syntaqlite:
    """Give this thread's parser; an instance must not be shared between threads."""
    if not hasattr(_local, "parser"):
        from syntaqlite import Syntaqlite  # noqa: PLC0415  (slow to import, and not always needed)

        _local.parser = Syntaqlite()
    found: Syntaqlite = _local.parser
    return found


def parse(sql: str) -> Tree | None:
    """Parse one statement; ``None`` if it is not exactly one that SQLite's grammar accepts.

    Every name in the tree is the name that is meant.
    """
    if not any(quote in sql for quote in _QUOTES):
        return _parsed(sql)
    quoted = _Quoted(sql)
    tree = _parsed(quoted.plain)
    if tree is not None:
        quoted.put_back(tree)
    return tree


def _parsed(sql: str) -> dict[str, Any] | None:
    trees = parser().parse_raw(sql)
    if len(trees) != 1 or not trees[0] or trees[0].get("type") in (None, "Error"):
        return None
    tree: dict[str, Any] = trees[0]
    return tree


_QUOTES = {'"': '"', "'": "'", "`": "`", "[": "]"}


def unquoted(token: str) -> str:
    """Give the name that a token means, as SQLite takes its quotes off.

    A quote that is doubled stands for itself, within quotes of its own kind only
    (https://www.sqlite.org/lang_keywords.html); brackets can't hold a closing one.
    """
    closing = _QUOTES.get(token[:1])
    if not closing or len(token) < 2 or not token.endswith(closing):
        return token
    inner = token[1:-1]
    return inner if closing == "]" else inner.replace(closing * 2, closing)


#: Comments and blobs, which stay; names and texts in quotes, which form the only group.
_LEXEMES = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|\Z)|(?<![\w$])[xX]'[^']*'"""
    r"""|('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])""",
    re.DOTALL,
)
#: What would become one token with a word that stands beside it.
_GLUE = re.compile(r"""[\w$"'`\[\]@:?#]|[^\0-\x7f]""")

#: Where a tree has SQL as it is written, quotes included.
_WRITTEN = {
    ("CastExpr", "type_name"),
    ("ColumnDef", "type_name"),
    ("CreateVirtualTableStmt", "module_args"),
    ("Literal", "source"),
    ("PragmaStmt", "value"),
}


class _Quoted:
    """What stands in quotes in a statement, which is parsed with plain words in its place.

    The parser takes the quotes off some names, leaves doubled ones in them, and does not say of
    which kind they were. A text may be a name, too (https://www.sqlite.org/quirks.html).

    Attributes:
        plain: the statement with those words.

    """

    def __init__(self, sql: str) -> None:
        mark = "name_"
        while mark in sql:
            mark += "_"
        self._mark = mark
        self._words = re.compile(rf"( ?)('?{mark}\d+x'?)( ?)")
        #: By word: what is written, and whether spaces were set before and after the word.
        self._tokens: dict[str, tuple[str, bool, bool]] = {}
        self._names: dict[str, str] = {}
        self.plain = _LEXEMES.sub(self._replaced, sql)

    def _replaced(self, found: re.Match[str]) -> str:
        token = found[1]
        if token is None:
            return found[0]
        # No word is the beginning of another one.
        name = f"{self._mark}{len(self._tokens)}x"
        word = f"'{name}'" if token[0] == "'" else name
        start, end = found.span()
        before = word is name and start > 0 and bool(_GLUE.match(found.string, start - 1))
        after = word is name and bool(_GLUE.match(found.string, end))
        self._tokens[word] = token, before, after
        self._names[word] = self._names[name] = unquoted(token)
        return f"{' ' * before}{word}{' ' * after}"

    def put_back(self, tree: Tree) -> None:
        """Make every name in a tree the name that is meant, and all else what is written."""
        pending: list[Any] = [tree]
        while pending:
            node = pending.pop()
            if isinstance(node, list):
                pending += node
            elif isinstance(node, dict):
                for field, value in node.items():
                    if not isinstance(value, str):
                        pending.append(value)
                    elif (node.get("type"), field) in _WRITTEN:
                        node[field] = self._words.sub(self._token, value)
                    else:
                        node[field] = self._names.get(value, value)

    def _token(self, found: re.Match[str]) -> str:
        token, before, after = self._tokens[found[2]]
        return f"{found[1] * (not before)}{token}{found[3] * (not after)}"


def children(node: Tree | None) -> list[Tree]:
    """Give the members of a list node; an absent list is empty."""
    return list(node["children"]) if node else []


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
        for raw in parser().tokenize(sql.partition("\0")[0])  # which would never come past one
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
