"""Random expressions: the templates of the grammar, filled with columns, constants, parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from generator.grammar import ANY, FITS, GRAMMAR, WORDS
from generator.rows import POOLS, value_of
from generator.trees import Tree, bound, expr

_HOLE = re.compile(r"<([a-z]+!?(?::[a-z]+)?)>")
#: Where the constants of a sort come from, the usual ones more often.
_CONSTANTS = {
    "integer": ("small", "small", "small", "small", "huge", "flag"),
    "condition": ("flag",),
    "real": ("real", "real", "real", "huge real"),
    "number": ("small", "real", "number"),
    "text": ("text", "text", "numeral"),
    "moment": ("date", "date", "day", "moment YYYY-MM-DD HH:MM:SS"),
    "document": ("document", "document", "document", "odd document"),
    "blob": ("blob",),
    "calendar": ("small",),
    "extract": ("text", "small"),
    "any": ("anything",),
}
_ODD_LITERALS = ("NULL", "TRUE", "FALSE", "0x10", "1e3", ".5", "9e999", "-9e999", "NULL", "''")
#: Sorts that stand for a value of any class but a blob.
_JSON_VALUES = ("integer", "real", "text", "condition", "extract", "moment")


@dataclass(frozen=True)
class Leaf:
    """Something that an expression may name: a column, a GROUP BY key, an aggregate.

    ``is_mild``: sums of it do not depend on the order of the rows. ``is_column``: a subquery may
    name it. ``name``: how a table's column is named in USING.
    """

    tree: Tree
    sort: str
    is_mild: bool = False
    is_column: bool = True
    name: str = ""


#: Makes a query of one column: over what, its sort, its depth, whether it gives one row.
Subquery = Callable[["Expressions", str, int, bool], Tree]


@dataclass(frozen=True)
class Expressions:
    """Makes expressions over what can be named at a place.

    Args:
        random: every choice.
        leaves: what can be named.
        subquery: makes a query that gives one column.
        binds: whether constants may be bound parameters.
        wild: how often a hole gets another sort than it asks for.

    """

    random: Random
    leaves: Sequence[Leaf]
    subquery: Subquery
    binds: bool = True
    wild: float = 0.06

    def of(self, sort: str, depth: int) -> Tree:
        """Make an expression of a sort with at most ``depth`` levels of operators."""
        sort = self._settled(sort)
        if depth <= 0 or self.random.random() < 0.25:
            return self._leaf(sort)
        productions = GRAMMAR[sort]
        template = self.random.choices([t for _, t in productions], [w for w, _ in productions])[0]
        return self._filled(template, depth - 1)

    def any(self, depth: int) -> Tree:
        """Make an expression of any sort."""
        return self.of("any", depth)

    def condition(self, depth: int) -> Tree:
        """Make a test."""
        return self.of("condition", depth)

    def literal_only(self) -> Expressions:
        """The same without parameters: GROUP BY has to say the same as the result column."""
        return replace(self, binds=False)

    def over(self, leaves: Sequence[Leaf]) -> Expressions:
        """The same over other names."""
        return replace(self, leaves=leaves)

    def _settled(self, sort: str) -> str:
        if sort == "any!":
            return self.random.choice(_JSON_VALUES)
        if sort == "any" or self.random.random() < self.wild:
            return self.random.choices(list(ANY), list(ANY.values()))[0]
        return self.random.choice(FITS.get(sort, (sort,)))

    def _filled(self, template: str, depth: int) -> Tree:
        pieces: list[Tree | str] = []
        for place, piece in enumerate(_HOLE.split(template)):
            if place % 2 == 0:
                pieces.append(piece)
            elif piece in WORDS:
                pieces.append(self.random.choice(WORDS[piece]))
            elif ":" in piece:
                form, _, sort = piece.partition(":")
                pieces.append(self.subquery(self, sort, depth, form == "query"))
            else:
                pieces.append(self._operand(piece, depth))
        return expr(*(piece for piece in pieces if piece != ""))

    def _operand(self, sort: str, depth: int) -> Tree:
        made = self.of(sort, depth)
        composed = len(made.parts) > 1
        return expr("(", made, ")") if composed and self.random.random() < 0.6 else made

    def _leaf(self, sort: str) -> Tree:
        fit = [leaf for leaf in self.leaves if leaf.sort in FITS.get(sort, (sort,))]
        if fit and self.random.random() < 0.7:
            return self.random.choice(fit).tree
        if self.leaves and self.random.random() < 0.15:
            return self.random.choice(self.leaves).tree
        return self.constant(sort)

    def constant(self, sort: str) -> Tree:
        """Make a literal, or a parameter."""
        if self.random.random() < 0.06:
            return expr(self.random.choice(_ODD_LITERALS))
        value = value_of(self.random, self.random.choice(_CONSTANTS[sort]))
        if self.binds and self.random.random() < 0.3:
            return bound(self._as_bound(value))
        return expr(literal(value))

    def _as_bound(self, value: Any) -> Any:
        """Sometimes a value of another class, as applications pass them."""
        if self.random.random() < 0.1:
            return self.random.choice((None, True, False, str(value), b"abc"))
        return value


def literal(value: Any) -> str:
    """Write a value in SQLite's SQL."""
    match value:
        case None:
            return "NULL"
        case float():
            if math.isinf(value):
                return "9e999" if value > 0 else "-9e999"
            return repr(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
        case bytes():
            return f"x'{value.hex()}'"
        case _:
            return str(value)


def pools_of(sort: str) -> list[str]:
    """The pools that give values of a sort, for what is inserted."""
    return [pool for pool in _CONSTANTS.get(sort, ("small",)) if pool in POOLS]
