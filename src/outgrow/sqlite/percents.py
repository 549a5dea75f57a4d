"""``%s`` and ``%(name)s``, as PostgreSQL's drivers write parameters, in SQL that is SQLite's.

Only the standard library: applications import this with either database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

#: SQLite's tokens, as far as it has to be known where a ``%`` stands
#: (https://www.sqlite.org/draft/tokenreq.html).
_TOKEN = re.compile(
    r"""(?P<blank> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
      | (?P<string> '(?:[^']|'')*' )
      | (?P<operand> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] | \) )
      | (?P<mark> \?\d* | [:@$]\w+ )
      | (?P<percent> %s(?!\w) | %\(\w+\)s(?!\w) )
      | (?P<word> [^\W\d][\w$]* )
      | (?P<number> \d[\w.]* | \.\d\w* )
      | (?P<other> . )""",
    re.VERBOSE | re.DOTALL,
)

#: Words after which an operand comes; any other word is one, or ends one.
_BEFORE_OPERAND = frozenset(
    "SELECT DISTINCT ALL WHERE AND OR NOT IN LIKE GLOB REGEXP MATCH ESCAPE BETWEEN IS CASE WHEN "
    "THEN ELSE VALUES SET BY HAVING LIMIT OFFSET ON RETURNING FROM DEFAULT".split()
)


class AmbiguousParameters(ValueError):
    """It is not clear what stands for a parameter; ``hint`` says what to write."""

    def __init__(self, what: str, hint: str = "Write ? for all of them") -> None:
        super().__init__(what)
        self.hint = hint


@lru_cache(maxsize=1024)
def question_marks(sql: str) -> str:
    """Write ``?`` for ``%s`` and ``:name`` for ``%(name)s``; other SQL comes back as it is.

    After an operand ``%`` is the modulo, before one it can't be. Where ``%s`` stands for a
    parameter, ``%%`` in a pattern of LIKE is one sign, as the drivers have it.

    Raises:
        AmbiguousParameters: ``?`` and ``%s`` are mixed, or ``%%`` may mean one sign or two.

    """
    if "%" not in sql:
        return sql
    tokens = list(_TOKEN.finditer(sql))
    percents = set(_percents(tokens))
    if not percents:
        return sql
    if any(token.lastgroup == "mark" for token in tokens):
        raise AmbiguousParameters("both ? and %s stand for parameters")
    return "".join(_written(tokens, place, percents) for place in range(len(tokens)))


def spelled(sql: str) -> Iterator[tuple[str, str]]:
    """Give kind and text of each token, also of SQL that is none or a piece.

    ``parameter`` is what stands for a bound value in any spelling; a ``word`` is no string, no
    comment and in no quotes.
    """
    tokens = list(_TOKEN.finditer(sql))
    percents = set(_percents(tokens))
    for place, token in enumerate(tokens):
        is_parameter = token.lastgroup == "mark" or place in percents
        yield "parameter" if is_parameter else str(token.lastgroup), token[0]


def _percents(tokens: list[re.Match[str]]) -> Iterator[int]:
    """Where a parameter stands."""
    after_operand = False
    for place, token in enumerate(tokens):
        if token.lastgroup == "blank":
            continue
        if token.lastgroup == "percent" and not after_operand:
            yield place
            after_operand = True
        else:
            after_operand = _ends_operand(token)


def _ends_operand(token: re.Match[str]) -> bool:
    if token.lastgroup == "word":
        return token[0].upper() not in _BEFORE_OPERAND
    if token.lastgroup == "percent":  # the modulo of a column named s, or of (name) and s
        return True
    return token.lastgroup != "other"


def _written(tokens: list[re.Match[str]], place: int, percents: set[int]) -> str:
    text = tokens[place][0]
    if place in percents:
        return "?" if text == "%s" else f":{text[2:-2]}"
    if "%%" not in text or tokens[place].lastgroup != "string":
        return text
    before = [each[0] for each in tokens[:place] if each.lastgroup != "blank"]
    if before and before[-1].upper() == "LIKE":
        return re.sub("%+", "%", text)
    raise AmbiguousParameters("%% beside %s may mean one sign or two", "Write ? for the parameters")
