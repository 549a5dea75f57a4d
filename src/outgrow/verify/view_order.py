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

    A term is understood when it is a name or a number; the first other term ends the reading:
    rows that agree in the terms before it may come in any order.
    """
    tokens = [token for token in tokenize(sql) if not token.is_comment]
    starts = [place for place, token in top_level(tokens) if token.is_keyword("ORDER")]
    if not starts:
        return ViewOrder()
    clause = tokens[starts[-1] + 2 :]
    ends = [place for place, token in top_level(clause) if token.is_keyword("LIMIT")]
    columns: list[int] = []
    for term in split_commas(clause[: ends[0]] if ends else clause):
        column = _column(term, names)
        if column is None:
            break
        columns.append(column)
    return ViewOrder(True, tuple(columns))


def _column(term: list[Token], names: tuple[str, ...]) -> int | None:
    plain = [token for token in term if not token.is_keyword("ASC", "DESC")]
    if len(plain) != 1:
        return None
    text = plain[0].text
    if text.isdigit():
        return int(text) - 1 if 0 < int(text) <= len(names) else None
    folded = [fold(name) for name in names]
    name = fold(unquoted(text))
    return folded.index(name) if folded.count(name) == 1 else None
