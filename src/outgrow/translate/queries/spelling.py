"""What SQLite calls a result column without an alias: the text of its expression.

The trees of the parser have no places in the text, its tokens have: the lists after SELECT and
RETURNING are found in both, in the order in which they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, pairwise
from typing import Any

from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, Token, children, tokens

#: What ends a list of result columns at its own level.
_ENDS = frozenset(
    "FROM WHERE GROUP HAVING WINDOW ORDER LIMIT UNION INTERSECT EXCEPT RETURNING".split()
)
#: The parts of a node that hold others, in the order in which SQL writes them; what stands in
#: none of them comes after.
_PARTS = (
    "with_ctes ctes operand left expr when_expr then_expr whens else_expr low high pattern escape "
    "columns items args source select right on_expr target_where setlist value from_clause "
    "where_clause groupby having window_clause window_def partition_by orderby_expr orderby "
    "filter_clause over_clause frame start_bound end_bound limit_clause limit offset "
    "update_where upsert returning body children rows as_select stmt"
).split()


@dataclass(slots=True)
class Spelling:
    """The texts of one statement's result columns, found when the first is asked for."""

    tree: Node
    sql: str
    _texts: dict[int, str] = field(default_factory=dict)

    def of(self, column: Node) -> str:
        """The text of a result column's expression; raises UntranslatableSQL if it isn't found."""
        if not self._texts:
            self._texts.update(_paired(self.tree, self.sql))
        text = self._texts.get(id(column))
        if text is None:
            raise unsupported("a result column without a name", "Give it one with AS")
        return text


def _paired(tree: Node, sql: str) -> Mapping[int, str]:
    """The text of each result column, by the identity of its node."""
    lists, texts = list(_lists(tree)), _texts(sql)
    if [len(columns) for columns in lists] != [len(items) for items in texts]:
        return {}
    return {
        id(column): text
        for columns, items in zip(lists, texts, strict=True)
        for column, text in zip(columns, items, strict=True)
    }


def _lists(node: Any) -> Iterator[list[Node]]:
    """The lists of result columns in a tree, an outer one before those in it."""
    if isinstance(node, list):
        for child in node:
            yield from _lists(child)
    elif isinstance(node, dict):
        if node["type"] == "ResultColumnList":
            yield children(node)
        parts = ("offset", "limit") if node.get("comma_form") else _PARTS
        for part in dict.fromkeys((*parts, *node)):
            yield from _lists(node.get(part))


def _texts(sql: str) -> list[list[str]]:
    """The texts of the same lists in SQL; each reaches to the next comma or clause."""
    pieces = tokens(sql)
    found: list[list[int]] = []
    ends: list[int] = []
    waiting: list[tuple[int, int]] = []
    depth = 0
    before = ""
    for position, token in enumerate(pieces):
        if token.is_blank:
            continue
        word = token.text.upper() if token.category == "keyword" else token.text
        depth -= word == ")"
        ends_clause = word in _ENDS and not (word == "FROM" and before == "DISTINCT")
        while waiting and (
            waiting[-1][0] > depth or word == ";" or (ends_clause and waiting[-1][0] == depth)
        ):
            ends[waiting.pop()[1]] = position
        if word == "," and waiting and waiting[-1][0] == depth:
            found[waiting[-1][1]].append(position + 1)
        depth += word == "("
        if word in ("SELECT", "RETURNING"):
            waiting.append((depth, len(found)))
            found.append([position + 1])
            ends.append(len(pieces))
        elif word in ("DISTINCT", "ALL") and before == "SELECT":
            found[-1] = [position + 1]
        before = word
    return [
        [_text(pieces[start : stop - 1]) for start, stop in pairwise([*starts, end + 1])]
        for starts, end in zip(found, ends, strict=True)
    ]


def _text(pieces: Sequence[Token]) -> str:
    """The text of an item without its comma; a comment before it is no part of it."""
    written = list(dropwhile(lambda piece: piece.is_blank, pieces))
    return "".join(piece.text for piece in written).strip()
