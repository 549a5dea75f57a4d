"""Several statements in one text, cut apart as SQLite cuts them.

A statement ends with a semicolon, but CREATE TRIGGER with ``; END;``
(https://www.sqlite.org/c3ref/complete.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What can hold a semicolon that ends nothing, words, and any other character.
_TOKEN = re.compile(
    r"""
      (?P<blank> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<quoted> '[^']*(?:'|\Z) | "[^"]*(?:"|\Z) | `[^`]*(?:`|\Z) | \[[^\]]*(?:\]|\Z) )
    | (?P<word> [\w$]+ )
    | (?P<end> ; )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_TRIGGER = re.compile(r"(?:EXPLAIN(?: [^ ]+)*? )?CREATE(?: TEMP| TEMPORARY)* TRIGGER")


def split(sql: str) -> list[str]:
    """Give the statements of a text with their semicolons; what follows the last one is one too.

    Pieces without a statement (white space, comments, single semicolons) are left out.
    """
    return [piece.strip() for piece, is_empty in _pieces(sql) if not is_empty]


def _pieces(sql: str) -> Iterator[tuple[str, bool]]:
    start = 0
    written: list[str] = []
    for match in _TOKEN.finditer(sql):
        if match.lastgroup == "blank":
            continue
        text = match.group()
        written.append(text.upper() if match.lastgroup in ("word", "end") else "?")
        if text == ";" and _is_complete(written):
            yield sql[start : match.end()], written == [";"]
            start, written = match.end(), []
    yield sql[start:], not written


def _is_complete(written: list[str]) -> bool:
    """Whether a statement ends with the last of its words, which is a semicolon."""
    if not _TRIGGER.match(" ".join(written[:40])):
        return True
    return written[-3:] == [";", "END", ";"]
