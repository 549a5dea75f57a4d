"""Random queries: WHERE, GROUP BY, windows, compounds, WITH, a total order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.aggregates import Aggregates
from generator.expressions import Expressions, Leaf
from generator.schemas import quoted
from generator.sources import Query, Source
from generator.trees import NOTHING, Tree, expr, fixed, listed, optional, rendered

_ALIASES = ("c1", "c2", "c3", "c4", "c5", '"Total"', '"a b"', '"order"', "qty", "N", '"select"')
_COMPOUNDS = ("UNION", "UNION ALL", "UNION ALL", "INTERSECT", "EXCEPT")
_SORTS = ("integer", "integer", "text", "text", "real", "number", "moment", "condition", "any")


class Selects(Aggregates):
    """Makes queries over a schema."""

    def inner_query(self) -> Query:
        """A query for FROM or a view, whose columns are named c1, c2 …"""
        inner = self.random.choice((self.plain, self.plain, self.grouped, self.distinct))
        return inner(depth=1, limits=False, names=True)

    def subquery(self, outer: Expressions, sort: str, depth: int, one_row: bool) -> Tree:
        """A query of one column inside an expression, which may name the columns around it."""
        source = self.table(alias=self._fresh("s"))
        around = [leaf for leaf in outer.leaves if leaf.is_column]
        depth = min(depth, 2)
        inner = outer.over([*source.leaves, *source.leaves, *around])
        aggregated = one_row and self._chance()
        if aggregated:
            item = self.exact_aggregate(outer.over(source.leaves), source, sort)
        else:
            item = inner.of(sort, depth)
        where = (
            optional(" WHERE ", inner.condition(min(depth, 1))) if self._chance(0.7) else NOTHING
        )
        order = NOTHING
        if one_row and not aggregated:
            order = fixed(f" ORDER BY {', '.join(source.key)} LIMIT 1")
        kind = "query" if one_row else "rows"
        return Tree(kind, ("SELECT ", item, " FROM ", source.tree, where, order))

    # --- queries ----------------------------------------------------------------------------

    def query(self) -> Query:
        """A query of any form."""
        makers = (
            (10, self.plain), (4, self.grouped), (3, self.aggregated), (2, self.distinct),
            (3, self.compound), (2, self.windowed), (2, self.with_), (1, self.values),
            (1, self._by_key), (1, self.star),
        )  # fmt: skip
        maker = self.random.choices([m for _, m in makers], [w for w, _ in makers])[0]
        return maker()

    def plain(self, *, depth: int = 0, limits: bool = True, names: bool = False) -> Query:
        """SELECT expressions FROM … WHERE … ORDER BY … LIMIT."""
        depth = depth or self.random.choice((1, 2, 2, 3, 4))
        source = self.source() if self._chance(0.93) else Source(NOTHING, ())
        expressions = self.expressions(source.leaves)
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 1, 2, 3))))
        items = [expressions.of(sort, depth) for sort in sorts]
        order, ordered = self._order(expressions, source.key, limits=limits)
        tree = self._select(
            self._named(items, all_of_them=names),
            self._from(source), self._where(expressions, depth), order,
        )  # fmt: skip
        return Query(tree, sorts, ordered, source.loose, source.tolerant)

    def star(self) -> Query:
        """SELECT *, also of one side of a join."""
        source = self.joined(self.table(alias="t1"), self.table(alias="t2"))
        items = self.random.choice(("*", "t1.*", "t2.*, t1.*", "t1.*, 1 AS one"))
        where = self._where(self.expressions(source.leaves), 1)
        tree = self._select(fixed(items), self._from(source), where)
        return Query(tree, ("any",))

    def distinct(self, *, depth: int = 1, limits: bool = True, names: bool = False) -> Query:
        """SELECT DISTINCT, ordered by all its columns."""
        source = self.source()
        expressions = self.expressions(source.leaves)
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 2))))
        items = [expressions.of(sort, depth) for sort in sorts]
        order, ordered = self._by_number(len(items), limits=limits)
        tree = self._select(
            fixed(optional("DISTINCT "), self._named(items, all_of_them=names)),
            self._from(source), self._where(expressions, 1), order,
        )  # fmt: skip
        return Query(tree, sorts, ordered, True, source.tolerant)

    def aggregated(self) -> Query:
        """Aggregates over all rows."""
        source = self.source()
        expressions = self.expressions(source.leaves)
        if self._chance(0.1):
            return self._row_of_extreme()
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 2, 3))))
        made = [self.aggregate(expressions, source, sort) for sort in sorts]
        items = [self._around(item, sort) for (item, _), sort in zip(made, sorts, strict=True)]
        tree = self._select(self._named(items), self._from(source), self._where(expressions, 2))
        tolerant = source.tolerant or any(t for _, t in made)
        return Query(tree, sorts, loose=source.loose, tolerant=tolerant)

    def _row_of_extreme(self) -> Query:
        """Bare columns beside min() or max() of a key: those of that very row."""
        tables = self.schema.tables
        table = self.random.choice([t for t in tables if len(t.key) == 1] or tables)
        leaves = [self.leaf(column, "") for column in table.columns]
        name = self.random.choice(("min", "max"))
        items = [expr(f"{name}({quoted(table.key[0])})"), self.expressions(leaves).any(1)]
        where = self._where(self.expressions(leaves), 1)
        source = Source(fixed(quoted(table.name)), tuple(leaves))
        if len(table.key) > 1:
            items = items[:1]
        return Query(self._select(self._named(items), self._from(source), where), ("any",) * 2)

    def _around(self, aggregate: Tree, sort: str) -> Tree:
        """Sometimes an expression around an aggregate."""
        if sort not in ("integer", "text") or self._chance(0.6):
            return aggregate
        leaf = Leaf(aggregate, sort, is_column=False)
        return self.expressions([leaf]).of(sort, 2)

    def grouped(self, *, depth: int = 1, limits: bool = True, names: bool = False) -> Query:
        """GROUP BY with aggregates, HAVING and an order by the keys."""
        source = self.source()
        expressions = self.expressions(source.leaves)
        plain = expressions.literal_only()
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 1, 2))))
        keys = [self._group_key(plain, sort, depth) for sort in sorts]
        shown = tuple(self.random.choices(("integer", "text", "real", "number"), k=2))
        made = [self.aggregate(expressions, source, sort) for sort in shown]
        leaves = [Leaf(key, sort, is_column=False) for key, sort in zip(keys, sorts, strict=True)]
        leaves += [
            Leaf(item, sort, is_column=False)
            for (item, tolerant), sort in zip(made, shown, strict=True)
            if not tolerant
        ]
        after = self.expressions(leaves)
        order, ordered = self._by_number(len(keys), limits=limits)
        having = NOTHING
        if self._chance(0.4):
            having = optional(" HAVING ", after.literal_only().condition(1))
        items = [*keys, *(item for item, _ in made)]
        tree = self._select(
            self._named(items, all_of_them=names), self._from(source),
            self._where(expressions, 1),
            optional(" GROUP BY ", listed(*self._group_terms(keys))), having, order,
        )  # fmt: skip
        tolerant = source.tolerant or any(t for _, t in made)
        return Query(tree, (*sorts, *shown), ordered, True, tolerant)

    def _by_key(self) -> Query:
        """GROUP BY the key of a table, beside whose columns stand the aggregates of another."""
        one = self.table(alias="t1")
        other = self.joined(one, self.table(alias="t2"))
        if " USING " in rendered(other.tree)[0]:
            return self.plain()
        expressions = self.expressions(one.leaves)
        items = [expressions.any(1), self.exact_aggregate(expressions, other, "integer")]
        keys = ", ".join(one.key)
        order = Tree("order", (f" ORDER BY {keys}",))
        grouping = fixed(f" GROUP BY {keys}")
        tree = self._select(self._named(items), self._from(other), grouping, order)
        return Query(tree, ("any", "integer"), True, other.loose, other.tolerant)

    def _group_key(self, expressions: Expressions, sort: str, depth: int) -> Tree:
        columns = [leaf.tree for leaf in expressions.leaves if leaf.sort == sort]
        if columns and self._chance(0.6):
            return self.random.choice(columns)
        return expressions.of(sort, depth)

    def _group_terms(self, keys: Sequence[Tree]) -> list[Tree]:
        """The keys once more, or their numbers."""
        if self._chance(0.3):
            return [fixed(str(place)) for place in range(1, len(keys) + 1)]
        return list(keys)

    def compound(self) -> Query:
        """Two or three queries of the same width, ordered by their columns' numbers."""
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 2))))
        parts: list[Tree] = []
        for place in range(self.random.choice((2, 2, 3))):
            source = self.table(alias=self._fresh("t"))
            expressions = self.expressions(source.leaves)
            items = [expressions.of(sort, 1) for sort in sorts]
            where = self._where(expressions, 1)
            arm = self._select(self._named(items, all_of_them=True), self._from(source), where)
            operator = f" {self.random.choice(_COMPOUNDS)} "
            parts.append(optional(operator, arm) if place else arm)
        order, ordered = self._by_number(len(sorts))
        return Query(fixed(*parts, order), sorts, ordered, loose=True)

    def windowed(self) -> Query:
        """Window functions beside the key."""
        source = self.table(alias="w")
        expressions = self.expressions(source.leaves)
        mild = [leaf.tree for leaf in source.leaves if leaf.is_mild]
        key = ", ".join(source.key)
        items: list[Tree] = [fixed(name) for name in source.key]
        sorts = tuple(self.random.choices(("integer", "text", "real"), k=2))
        tolerant = False
        for sort in sorts:
            call, summed = self.window_call(expressions, sort, mild)
            items.append(expr(call, " OVER (", self.window(expressions, key), ")"))
            tolerant = tolerant or summed
        order = Tree("order", (f" ORDER BY {key}",))
        tree = self._select(
            self._named(items), self._from(source), self._where(expressions, 1), order
        )
        return Query(tree, (*("any" for _ in source.key), *sorts), True, False, tolerant)

    def with_(self) -> Query:
        """A common table expression, ordinary or recursive, and a query over it."""
        if self._chance(0.3):
            return self._counting()
        common = self.inner_query()
        listed_names = ", ".join(f"k{place}" for place in range(1, len(common.sorts) + 1))
        leaves = tuple(
            Leaf(expr(f"common.k{place}"), sort) for place, sort in enumerate(common.sorts, 1)
        )
        source = Source(fixed("common"), leaves, (), common.loose, common.tolerant)
        if self._chance(0.3):
            source = self.joined(source, self.table(alias="t0"))
        outer = self._over(source)
        hint = self.random.choice(("", "", "MATERIALIZED ", "NOT MATERIALIZED "))
        start = f"WITH common({listed_names}) AS {hint}("
        return replace(outer, tree=fixed(start, common.tree, ") ", outer.tree))

    def _counting(self) -> Query:
        last = self.random.choice((3, 5, 10))
        start = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        source = Source(fixed("n"), (Leaf(expr("n.i"), "integer", True),), ("n.i",))
        if self._chance(0.4):
            source = self.joined(source, self.table(alias="t0"))
        outer = self._over(source)
        return replace(outer, tree=fixed(start, outer.tree))

    def _over(self, source: Source) -> Query:
        expressions = self.expressions(source.leaves)
        sorts = tuple(self.random.choices(_SORTS, k=2))
        items = [expressions.of(sort, 2) for sort in sorts]
        order, ordered = self._order(expressions, source.key)
        tree = self._select(
            self._named(items), self._from(source), self._where(expressions, 1), order
        )
        return Query(tree, sorts, ordered, source.loose, source.tolerant)

    def values(self) -> Query:
        """VALUES."""
        sorts = tuple(self.random.choices(_SORTS, k=self.random.choice((1, 2, 3))))
        rows: list[Tree | str] = []
        for place in range(self.random.choice((1, 2, 3))):
            row = [self.expressions().of(sort, 1) for sort in sorts]
            rows += [", (" if place else "(", *_separated(row), ")"]
        return Query(fixed("VALUES ", *rows), sorts)

    # --- clauses ----------------------------------------------------------------------------

    def _select(self, items: Tree, *clauses: Tree) -> Tree:
        return fixed("SELECT ", items, *clauses)

    def _from(self, source: Source) -> Tree:
        return NOTHING if source.tree is NOTHING else optional(" FROM ", source.tree)

    def _where(self, expressions: Expressions, depth: int) -> Tree:
        if not expressions.leaves or self._chance(0.35):
            return NOTHING
        return optional(" WHERE ", expressions.condition(depth))

    def _named(self, items: Sequence[Tree], *, all_of_them: bool = False) -> Tree:
        """The result columns; c1, c2 … where a query around has to name them."""
        names = [f"c{place}" for place in range(1, len(items) + 1)]
        if not all_of_them:
            names = self.random.sample(_ALIASES, len(items))
        marks = [
            NOTHING if not all_of_them and self._chance(0.05) else fixed(f" AS {name}")
            for name in names
        ]
        return listed(*(fixed(item, mark) for item, mark in zip(items, marks, strict=True)))

    def _order(
        self, expressions: Expressions, key: Sequence[str], *, limits: bool = True
    ) -> tuple[Tree, bool]:
        """ORDER BY some expressions and then the key, and whether that is a total order."""
        if not expressions.leaves or self._chance(0.45):
            return NOTHING, False
        terms: list[Tree | str] = []
        for _ in range(self.random.choice((0, 1, 1, 2))):
            term = self.random.choice(expressions.leaves).tree
            if self._chance(0.4):
                term = expressions.literal_only().of(self.random.choice(_SORTS[:-1]), 1)
            terms.append(optional(expr("(", term, ")"), self.direction(), ", "))
        last = [f"{name}{self.direction()}" for name in key] or ["NULL"]
        limit = self._limit() if key and limits else NOTHING
        return Tree("order", (" ORDER BY ", *terms, ", ".join(last), limit)), bool(key)

    def _by_number(self, width: int, *, limits: bool = True) -> tuple[Tree, bool]:
        """ORDER BY the numbers of the columns."""
        if self._chance(0.4):
            return NOTHING, False
        terms = ", ".join(f"{n}{self.direction()}" for n in range(1, width + 1))
        return Tree("order", (f" ORDER BY {terms}", self._limit() if limits else NOTHING)), True

    def _limit(self) -> Tree:
        if self._chance(0.5):
            return NOTHING
        form = self.random.choice((" LIMIT 3", " LIMIT 2 OFFSET 1", " LIMIT 1, 2", " LIMIT -1"))
        return optional(form)


def _separated(items: Sequence[Tree]) -> list[Tree | str]:
    """Trees with commas between them."""
    parts: list[Tree | str] = []
    for place, item in enumerate(items):
        parts += [", ", item] if place else [item]
    return parts
