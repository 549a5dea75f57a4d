"""Random FROM clauses: tables, views, queries, JSON arrays, joins of all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from generator.expressions import Expressions, Leaf
from generator.grammar import WORDS
from generator.schemas import Column, Schema, View, quoted
from generator.trees import Tree, expr, fixed, optional

_JOINS = ("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN")


@dataclass(frozen=True)
class Query:
    """A query and how its result may be compared.

    Args:
        tree: its SQL.
        sorts: of its columns.
        ordered: whether its rows have an order.
        loose: whether SQLite may choose between equal values (1 and 1.0, 'a' and 'A').
        tolerant: whether it sums REAL values.

    """

    tree: Tree
    sorts: tuple[str, ...]
    ordered: bool = False
    loose: bool = False
    tolerant: bool = False


@dataclass(frozen=True)
class Source:
    """Something in FROM.

    Args:
        tree: its SQL.
        leaves: what it gives.
        key: what tells its rows apart, where that is known.
        loose: whether it gives values that SQLite chose among equal ones.
        tolerant: whether it gives sums of REAL values.

    """

    tree: Tree
    leaves: tuple[Leaf, ...]
    key: tuple[str, ...] = ()
    loose: bool = False
    tolerant: bool = False


class Sources:
    """Makes FROM clauses over a schema; ``binds``: whether constants may be parameters."""

    def __init__(self, random: Random, schema: Schema, *, binds: bool = True) -> None:
        self.random = random
        self.schema = schema
        self.binds = binds
        self._numbers = count(1)

    def inner_query(self) -> Query:
        """A query for FROM, whose columns are named c1, c2 …"""
        raise NotImplementedError

    def subquery(self, outer: Expressions, sort: str, depth: int, one_row: bool) -> Tree:
        """A query of one column inside an expression."""
        raise NotImplementedError

    def _chance(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def expressions(self, leaves: Sequence[Leaf] = ()) -> Expressions:
        """Expressions over these names."""
        return Expressions(self.random, leaves, self.subquery, self.binds)

    def table(self, *, alias: str = "", bare: bool = False) -> Source:
        """A table in FROM; ``bare`` names its columns without the alias."""
        table = self.random.choice(self.schema.tables)
        alias = alias or self.random.choice((self._fresh("t"), ""))
        prefix = "" if bare else f"{alias or quoted(table.name)}."
        written = self._cased(table.name) + (f" AS {alias}" if alias else "")
        leaves = [self.leaf(column, prefix) for column in table.columns]
        if table.rowid_alias and self._chance(0.2):
            leaves.append(Leaf(expr(f"{prefix}rowid"), "integer"))
        key = tuple(f"{prefix}{quoted(name)}" for name in table.key)
        return Source(fixed(written), tuple(leaves), key)

    def _fresh(self, letter: str) -> str:
        return f"{letter}{next(self._numbers)}"

    def leaf(self, column: Column, prefix: str) -> Leaf:
        """A column as an expression names it."""
        name = self._cased(column.name)
        sort, is_mild = column.recipe.sort, column.is_mild
        return Leaf(expr(f"{prefix}{name}"), sort, is_mild, name=quoted(column.name))

    def _cased(self, name: str) -> str:
        """A name in one of the ways in which SQLite lets it be written."""
        if name.isidentifier() and name.isascii() and name.lower() not in _RESERVED:
            return self.random.choice((name, name, quoted(name), name.lower(), name.upper()))
        return self.random.choice((quoted(name), quoted(name), f"[{name}]", f"`{name}`"))

    def _derived(self) -> Source:
        """A query in FROM."""
        alias = self._fresh("d")
        query = self.inner_query()
        tree = fixed("(", query.tree, f") AS {alias}")
        return _named_by_number(tree, alias, query)

    def _view(self) -> Source:
        """A view in FROM."""
        view = self.random.choice(self.schema.views)
        alias = self._fresh("v")
        return _named_by_number(fixed(f"{self._cased(view.name)} AS {alias}"), alias, view)

    def _elements(self) -> Source:
        """The elements of a JSON array, as a table."""
        alias = self._fresh("j")
        array = self.random.choice(WORDS["array"])
        shown = (("key", "integer"), ("value", "any"), ("type", "text"), ("atom", "any"))
        leaves = tuple(Leaf(expr(f"{alias}.{name}"), sort) for name, sort in shown)
        return Source(fixed(f"json_each({array}) AS {alias}"), leaves, (f"{alias}.key",))

    def source(self) -> Source:
        """One to three tables or queries, joined."""
        how_many = self.random.choices((1, 2, 3), (6, 3, 1))[0]
        if how_many == 1 and self._chance(0.8):
            return self.table(bare=self._chance())
        joined = self._one()
        for _ in range(how_many - 1):
            joined = self.joined(joined, self._one())
        return joined

    def _one(self) -> Source:
        chance = self.random.random()
        if chance < 0.12:
            return self._derived()
        if chance < 0.17:
            return self._elements()
        if chance < 0.27 and self.schema.views:
            return self._view()
        return self.table(alias=self._fresh("t"))

    def joined(self, left: Source, right: Source) -> Source:
        """A join, which may be left out again."""
        if self._chance(0.15):
            word = self.random.choice((", ", " CROSS JOIN "))
            return _both(left, right, fixed(left.tree, optional(word, right.tree)))
        if self._chance(0.05):
            return _both(left, right, fixed(left.tree, optional(" NATURAL LEFT JOIN ", right.tree)))
        ours, theirs = self._pair(left.leaves, right.leaves)
        word = f" {self.random.choice(_JOINS)} "
        if ours.name and ours.name == theirs.name and self._chance(0.4):
            return _using(left, right, ours, word)
        on = expr(ours.tree, " = ", theirs.tree)
        if self._chance(0.3):
            leaves = left.leaves + right.leaves
            on = expr(on, " AND ", self.expressions(leaves).condition(1))
        return _both(left, right, fixed(left.tree, optional(word, right.tree, " ON ", on)))

    def _pair(self, left: Sequence[Leaf], right: Sequence[Leaf]) -> tuple[Leaf, Leaf]:
        """Two columns that may be equal."""
        pairs = [(a, b) for a in left for b in right if a.sort == b.sort and a.is_mild == b.is_mild]
        if pairs and self.random.random() < 0.9:
            return self.random.choice(pairs)
        return self.random.choice(left), self.random.choice(right)


def _named_by_number(tree: Tree, alias: str, query: Query | View) -> Source:
    """A source whose columns are named c1, c2 …"""
    leaves = tuple(
        Leaf(expr(f"{alias}.c{place}"), sort) for place, sort in enumerate(query.sorts, 1)
    )
    return Source(tree, leaves, loose=query.loose, tolerant=query.tolerant)


def _both(left: Source, right: Source, tree: Tree) -> Source:
    return Source(
        tree,
        left.leaves + right.leaves,
        left.key + right.key if left.key and right.key else (),
        left.loose or right.loose,
        left.tolerant or right.tolerant,
    )


def _using(left: Source, right: Source, shared: Leaf, word: str) -> Source:
    """A join over a column that both sides have, which is then named without a table."""
    tree = fixed(left.tree, optional(word, right.tree, f" USING ({shared.name})"))
    both = _both(left, right, tree)
    leaves = [leaf for leaf in both.leaves if leaf.name != shared.name]
    common = Leaf(expr(shared.name), shared.sort, shared.is_mild)
    return replace(both, leaves=(*leaves, common))


_RESERVED = frozenset(
    "user order group select from end limit key value values default table check index".split()
)
