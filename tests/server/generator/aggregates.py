"""Random calls of aggregates and window functions."""

from __future__ import annotations

from collections.abc import Sequence

from generator.expressions import Expressions
from generator.sources import Source, Sources
from generator.trees import NOTHING, Tree, expr, fixed, optional


class Aggregates(Sources):
    """Makes calls over many rows."""

    def direction(self) -> str:
        return self.random.choice(("", "", "", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST"))

    def aggregate(self, inner: Expressions, source: Source, sort: str) -> tuple[Tree, bool]:
        """An aggregate, and whether it sums REAL values."""
        mild = [leaf.tree for leaf in source.leaves if leaf.is_mild]
        inner = inner.over(source.leaves)
        made, tolerant = self._call(inner, source, sort, mild)
        if self._chance(0.12):
            made = expr(made, optional(" FILTER (WHERE ", inner.condition(1), ")"))
        return made, tolerant

    def exact_aggregate(self, inner: Expressions, source: Source, sort: str) -> Tree:
        """An aggregate that may stand inside an expression: its value is the same to a digit."""
        while True:
            made, tolerant = self.aggregate(inner, source, sort)
            if not tolerant:
                return made

    def _call(
        self, inner: Expressions, source: Source, sort: str, mild: Sequence[Tree]
    ) -> tuple[Tree, bool]:
        if sort == "text" and source.key and self._chance(0.4):
            order = f" ORDER BY {', '.join(source.key)})"
            separator = self.random.choice(("", ", '-'", ", ''"))
            return expr("group_concat(", inner.of("text", 1), separator, order), False
        if sort == "any" and source.key and self._chance(0.3):
            order = f" ORDER BY {', '.join(source.key)})"
            return expr("json_group_array(", inner.of("any!", 1), order), False
        if sort == "text" and self._chance(0.1):
            # What is the same in every row has no order.
            word = self.random.choice(("group_concat(DISTINCT ", "group_concat("))
            return expr(word, self.constant_text(), ")"), False
        if mild and sort == "integer" and self._chance(0.1):
            return expr("count(DISTINCT ", self.random.choice(mild), " % 3)"), False
        if mild and sort in ("integer", "real", "number", "any") and self._chance(0.55):
            name = self.random.choice(("sum", "sum", "total", "avg"))
            return expr(f"{name}(", self._summed(inner, self.random.choice(mild)), ")"), True
        if sort in ("integer", "condition") and self._chance(0.7):
            return self._count(inner), False
        name = self.random.choice(("min", "max"))
        return expr(f"{name}(", inner.of(sort, 1), ")"), False

    def _summed(self, inner: Expressions, column: Tree) -> Tree:
        match self.random.randrange(4):
            case 0:
                condition = inner.condition(1)
                return expr("CASE WHEN ", condition, " THEN ", column, " ELSE 0 END")
            case 1:
                return expr(column, self.random.choice((" * 2", " + 1", " / 4", " - 0.5")))
            case _:
                return column

    def _count(self, inner: Expressions) -> Tree:
        match self.random.randrange(4):
            case 0:
                return expr("count(", inner.any(1), ")")
            case 1:
                return expr("count(DISTINCT ", inner.any(1), ")")
            case 2:
                return expr("sum(", inner.condition(2), ")")
            case _:
                return expr("count(*)")

    def window_call(
        self, expressions: Expressions, sort: str, mild: Sequence[Tree]
    ) -> tuple[Tree, bool]:
        match self.random.randrange(5):
            case 0 if mild:
                name = self.random.choice(("sum", "avg", "total", "max", "min"))
                return fixed(f"{name}(", self.random.choice(mild), ")"), True
            case 1:
                return fixed(self.random.choice(("row_number()", "rank()", "dense_rank()"))), False
            case 2:
                ending = self.random.choice((")", ", 1)", ", 2, 'none')", ", 0)", ", 1, 0)"))
                name = self.random.choice(("lag(", "lead("))
                return fixed(name, expressions.of(sort, 1), ending), False
            case 3:
                name = self.random.choice(("first_value(", "last_value(", "max(", "min(", "count("))
                if self._chance(0.2):
                    return fixed("nth_value(", expressions.of(sort, 1), ", 2)"), False
                return fixed(name, expressions.of(sort, 1), ")"), False
            case _:
                others = (
                    "count(*)", "ntile(3)", "percent_rank()", "cume_dist()",
                    f"count(*) FILTER (WHERE {self.random.choice(('1', '0', 'NULL'))})",
                )  # fmt: skip
                return fixed(self.random.choice(others)), False

    def constant_text(self) -> Tree:
        return expr(self.random.choice(("'x'", "'é'", "''", "7")))

    def window(self, expressions: Expressions, key: str) -> Tree:
        partition = NOTHING
        if self._chance():
            partition = optional("PARTITION BY ", expressions.literal_only().any(1), " ")
        term = optional(expressions.literal_only().any(1), self.direction(), ", ")
        frames = (
            "", "", "", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
            " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", " ROWS 2 PRECEDING",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW",
            " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
        )  # fmt: skip
        return fixed(partition, "ORDER BY ", term, key, self.random.choice(frames))
