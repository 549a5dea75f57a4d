"""Which output columns a view is ordered by, as far as its SQL says so plainly."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.sqlite.grammar import Token, split_commas, tokenize, top_level, unquoted


@dataclass(frozen=True, slots=True)
class ViewOrder:
    """The first terms of a view's ORDER BY that are output columns, by position from 0.

    ``is_ordered`` tells whether there is an ORDER BY at all.
    """

    is_ordered: bool = False
    columns: tuple[int, ...] = ()


def view_order(sql: str, names: tuple[str, ...]) -> ViewOrder:
    """Read the ORDER BY of a CREATE VIEW whose output columns have these names.

    A term is understood when it is a name, a number, or stands in the list of results word for
    word; the first other term ends the reading: rows that agree in the terms before it may come
    in any order (https://www.sqlite.org/lang_select.html#orderby).
    """
    tokens = [token for token in tokenize(sql) if not token.is_comment]
    starts = _places(tokens, "ORDER")
    if not starts:
        return ViewOrder()
    clause = tokens[starts[-1] + 2 :]
    limits = _places(clause, "LIMIT")
    results = _results(tokens, len(names))
    columns: list[int] = []
    for term in _pieces(clause[: limits[0]] if limits else clause):
        column = _column(term, names, results)
        if column is None:
            break
        columns.append(column)
    return ViewOrder(True, tuple(columns))


def _places(tokens: list[Token], word: str) -> list[int]:
    return [place for place, token in top_level(tokens) if token.is_keyword(word)]


def _results(tokens: list[Token], count: int) -> list[list[str]]:
    """Read the words of each result of a plain SELECT, without their aliases."""
    selects, froms = _places(tokens, "SELECT"), _places(tokens, "FROM")
    if len(selects) != 1 or len(froms) != 1:
        return []
    results = _pieces(tokens[selects[0] + 1 : froms[0]])
    if len(results) != count:  # a * stands for several
        return []
    return [_words(_without_alias(result)) for result in results]


def _pieces(tokens: list[Token]) -> list[list[Token]]:
    """Split at commas, and leave them out."""
    pieces = split_commas(tokens)
    return [*(piece[:-1] for piece in pieces[:-1]), pieces[-1]]


def _without_alias(result: list[Token]) -> list[Token]:
    places = _places(result, "AS")
    return result[: places[-1]] if places else result


def _words(tokens: list[Token]) -> list[str]:
    return [fold(token.text) for token in tokens]


def _column(term: list[Token], names: tuple[str, ...], results: list[list[str]]) -> int | None:
    plain = [token for token in term if not token.is_keyword("ASC", "DESC")]
    if len(plain) == 1:
        text = plain[0].text
        if text.isdigit():
            return int(text) - 1 if 0 < int(text) <= len(names) else None
        folded = [fold(name) for name in names]
        name = fold(unquoted(text))
        if folded.count(name) == 1:
            return folded.index(name)
    words = _words(plain)
    return results.index(words) if words in results else None
