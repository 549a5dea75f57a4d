"""One random case: statements with their parameters, and how their results may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from corpus import Case

from generator.schemas import Table
from generator.selects import Selects
from generator.trees import Tree, fixed, rendered
from generator.writes import Writes

_STYLES = ("?", "?", "?", "?1", ":", "@", "$")


@dataclass(frozen=True)
class Statement:
    """One or more statements in one tree; the flags are those of ``selects.Query``."""

    tree: Tree
    style: str = "?"
    ordered: bool = False
    loose: bool = False
    tolerant: bool = False

    def case(self) -> Case:
        """The statement as a case of the corpus."""
        steps = [rendered(part, self.style) for part in self.tree.parts if isinstance(part, Tree)]
        return Case(tuple(steps), self.ordered)

    def with_tree(self, tree: Tree) -> Statement:
        """The same with other SQL."""
        return replace(self, tree=tree)


def random_statement(random: Random, tables: Sequence[Table]) -> Statement:
    """A query, or one to three statements that write and perhaps a query after them."""
    style = random.choice(_STYLES)
    if random.random() < 0.72:
        query = Selects(random, tables).query()
        whole = Tree("steps", (query.tree,))
        return Statement(whole, style, query.ordered, query.loose, query.tolerant)
    writes = Writes(random, tables)
    steps = [writes.statement() for _ in range(random.choice((1, 1, 2, 3)))]
    if random.random() < 0.15:
        # The rowid of a table in which no column keeps it is known to SQLite only.
        rowid = ", last_insert_rowid()" if all(table.rowid_alias for table in tables) else ""
        steps.append(fixed(f"SELECT changes(){rowid}"))
    return Statement(Tree("steps", tuple(steps)), style)
