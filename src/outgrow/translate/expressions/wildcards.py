r"""Patterns of LIKE and GLOB, cut into their tokens, and the patterns of PostgreSQL.

https://www.sqlite.org/lang_expr.html#like
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Wild(Enum):
    """What stands for other characters: any number of them, or one."""

    ANY = "%"
    ONE = "_"


@dataclass(frozen=True, slots=True)
class Bracket:
    """One character of a set, or outside it: single ones, and ranges of code points."""

    negated: bool
    singles: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...]


Token = str | Wild | Bracket

_LIKE = {"%": Wild.ANY, "_": Wild.ONE}
_GLOB = {"*": Wild.ANY, "?": Wild.ONE}


def like_tokens(pattern: str, escape: str = "") -> list[Token] | None:
    """Cut a pattern of LIKE; ``None`` where it ends after the escape and matches nothing."""
    tokens: list[Token] = []
    letters = iter(pattern)
    for letter in letters:
        if letter == escape:
            literal = next(letters, None)
            if literal is None:
                return None
            tokens.append(literal)
        else:
            tokens.append(_LIKE.get(letter, letter))
    return tokens


def glob_tokens(pattern: str) -> list[Token] | None:
    """Cut a pattern of GLOB; ``None`` where a bracket stays open and it matches nothing."""
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if letter == "[":
            found = _bracket(pattern, at)
            if found is None:
                return None
            bracket, at = found
            tokens.append(bracket)
        else:
            tokens.append(_GLOB.get(letter, letter))
    return tokens


def _bracket(pattern: str, at: int) -> tuple[Bracket, int] | None:
    """Read what follows ``[``; a ``]`` right at the beginning is one of the set.

    Of a range that runs backwards nothing counts but its beginning.
    """
    negated = pattern[at : at + 1] == "^"
    at += negated
    singles: list[str] = []
    ranges: list[tuple[str, str]] = []
    before = ""
    if pattern[at : at + 1] == "]":
        singles.append("]")
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        letter = pattern[at]
        if letter == "-" and before and pattern[at + 1 : at + 2] not in ("]", ""):
            if before <= pattern[at + 1]:
                singles.pop()
                ranges.append((before, pattern[at + 1]))
            before = ""
            at += 2
        else:
            singles.append(letter)
            before = letter
            at += 1
    if at >= len(pattern):
        return None
    return Bracket(negated, tuple(singles), tuple(ranges)), at + 1


def like_pattern(tokens: Iterable[Token]) -> str:
    r"""Write tokens as a pattern of PostgreSQL's LIKE, where ``\`` escapes."""
    return "".join(
        token.value if isinstance(token, Wild) else re.sub(r"([\\%_])", r"\\\1", str(token))
        for token in tokens
    )


def glob_regex(tokens: Sequence[Token]) -> str:
    """Write tokens as a regular expression of PostgreSQL for the whole text."""
    return f"^{''.join(map(_regex, tokens))}$"


def _regex(token: Token) -> str:
    match token:
        case Wild.ANY:
            return ".*"
        case Wild.ONE:
            return "."
        case Bracket():
            inside = "".join(map(_inside, token.singles)) + "".join(
                f"{_inside(low)}-{_inside(high)}" for low, high in token.ranges
            )
            return f"[{'^' if token.negated else ''}{inside}]"
        case _:
            return re.sub(r"([^A-Za-z0-9_ \u0080-\U0010ffff])", r"\\\1", str(token))


def _inside(letter: str) -> str:
    return re.sub(r"([\\\[\]^\-:.=])", r"\\\1", letter)
