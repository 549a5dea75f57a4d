"""One random case: statements with their parameters, and how their results may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from corpus import Case

from generator.schemas import Schema
from generator.selects import Selects
from generator.trees import Tree, fixed, rendered
from generator.writes import Writes

_STYLES = ("?", "?", "?", "?1", ":", "@", "$", "%s")


@dataclass(frozen=True)
class Statement:
    """One or more statements in one tree; the flags are those of ``sources.Query``.

    ``untyped``: translated without knowing what will be bound.
    """

    tree: Tree
    style: str = "?"
    ordered: bool = False
    loose: bool = False
    tolerant: bool = False
    untyped: bool = False

    def case(self) -> Case:
        """The statement as a case of the corpus."""
        steps = [rendered(part, self.style) for part in self.tree.parts if isinstance(part, Tree)]
        return Case(tuple(steps), self.ordered)

    def with_tree(self, tree: Tree) -> Statement:
        """The same with other SQL."""
        return replace(self, tree=tree)


def _rowid(schema: Schema, steps: Sequence[Tree]) -> str:
    """The call of last_insert_rowid, where PostgreSQL can know it.

    SQLite alone knows the rowid that no column keeps, and that of a row whose statement failed
    after it.
    """
    several = any(word in rendered(step)[0] for step in steps for word in ("), (", " SELECT "))
    kept = all(table.rowid_alias for table in schema.tables)
    return ", last_insert_rowid()" if kept and not several else ""


def random_statement(random: Random, schema: Schema) -> Statement:
    """A query, or one to three statements that write and perhaps a query after them."""
    untyped = random.random() < 0.1
    style = random.choice(_STYLES)
    if random.random() < 0.72:
        query = Selects(random, schema).query()
        whole = Tree("steps", (query.tree,))
        return Statement(whole, style, query.ordered, query.loose, query.tolerant, untyped)
    steps = [
        Writes(random, schema, numbers=not number).statement()
        for number in range(random.choice((1, 1, 2, 3)))
    ]
    if random.random() < 0.15:
        steps.append(fixed(f"SELECT changes(){_rowid(schema, steps)}"))
    return Statement(Tree("steps", tuple(steps)), style, untyped=untyped)
