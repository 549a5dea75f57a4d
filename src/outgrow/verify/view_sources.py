"""What a view reads, as far as its words tell: whether its rows may differ with good reason."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from outgrow.model.names import fold
from outgrow.model.source import SourceView
from outgrow.sqlite.grammar import tokenize, unquoted
from outgrow.verify.differences import TableComparison

#: What a star follows when it stands for all columns.
_BEFORE_ALL_COLUMNS = frozenset({"select", "distinct", "all", ",", "."})


def is_random(view: SourceView) -> bool:
    """Whether a view calls a function that never gives the same rows twice."""
    return any(fold(token.text) in ("random", "randomblob") for token in tokenize(view.sql))


def may_differ(
    view: SourceView, views: Iterable[SourceView], tables: Iterable[TableComparison]
) -> bool:
    """Whether a view reads rows that were refused, or columns in which values were changed.

    Words are all that is looked at, so that a view may be believed to read more than it does.
    """
    words = _all_words(view, {fold(each.name): each for each in views})
    return any(
        fold(table.table) in words
        and (table.refused or "*" in words or any(fold(name) in words for name in table.changed))
        for table in tables
        if table.refused or table.changed
    )


def _all_words(view: SourceView, views: dict[str, SourceView]) -> set[str]:
    """Give the words of a view and of all the views that it reads."""
    words: set[str] = set()
    seen: set[str] = set()
    pending = [fold(view.name)]
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            found = _words(views[name])
            words |= found
            pending += [word for word in found if word in views]
    return words


def _words(view: SourceView) -> set[str]:
    tokens = [token for token in tokenize(view.sql) if not token.is_comment]
    words = {fold(unquoted(token.text)) for token in tokens}
    words.discard("*")
    for before, token in pairwise(tokens):
        if token.text == "*" and before.text.lower() in _BEFORE_ALL_COLUMNS:
            words.add("*")
    return words
