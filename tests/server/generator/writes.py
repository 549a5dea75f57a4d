"""Random INSERT, UPDATE and DELETE in all their forms."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from generator.expressions import Expressions, Leaf, literal
from generator.rows import value_of
from generator.schemas import Column, Schema, Table, quoted
from generator.selects import Selects
from generator.trees import NOTHING, Tree, bound, expr, fixed, listed, optional


class Writes:
    """Makes statements that write a table.

    Args:
        random: every choice.
        schema: the tables that may be written.
        numbers: whether rows may get the next rowid. After a DELETE that is another one in
            SQLite, which gives the rowid of the last row again.

    """

    def __init__(self, random: Random, schema: Schema, *, numbers: bool = True) -> None:
        self.random = random
        self.schema = schema
        self.numbers = numbers
        self._selects = Selects(random, schema)

    def statement(self) -> Tree:
        """A statement of any form."""
        makers = (
            (5, self.insert), (2, self.insert_select), (4, self.upsert), (5, self.update),
            (1, self.update_from), (3, self.delete), (1, self.default_values),
            (1, self.update_rows), (1, self.delete_with),
        )  # fmt: skip
        maker = self.random.choices([m for _, m in makers], [w for w, _ in makers])[0]
        return maker(self.random.choice(self.schema.tables))

    # --- INSERT -----------------------------------------------------------------------------

    def insert(self, table: Table) -> Tree:
        """INSERT, also OR something and REPLACE, of one to three rows."""
        columns = self._columns(table)
        word = self.random.choice(
            ("INSERT", "INSERT", "INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE", "REPLACE",
             "INSERT OR ABORT")
        )  # fmt: skip
        return fixed(
            f"{word} INTO {quoted(table.name)} ", self._names(columns), " VALUES ",
            self._rows(table, columns), self._returning(table),
        )  # fmt: skip

    def upsert(self, table: Table) -> Tree:
        """INSERT … ON CONFLICT."""
        columns = self._columns(table)
        target = self.random.choice([table.key, *table.unique])
        action: list[Tree | str] = [" DO NOTHING"]
        if self.random.random() < 0.75:
            action = [" DO UPDATE SET ", self._upsert_sets(table)]
            if self.random.random() < 0.3:
                leaves = [*self._own(table), *self._excluded(table)]
                condition = self._selects.expressions(leaves).condition(1)
                action.append(optional(" WHERE ", condition))
        where = f" ({', '.join(map(quoted, target))})"
        if len(action) == 1 and self.random.random() < 0.3:
            where = ""
        return fixed(
            f"INSERT INTO {quoted(table.name)} ", self._names(columns), " VALUES ",
            self._row(table, columns), f" ON CONFLICT{where}", *action, self._returning(table),
        )  # fmt: skip

    def insert_select(self, table: Table) -> Tree:
        """INSERT … SELECT, its keys shifted so that they are new."""
        source = self._selects.table(alias="f")
        columns = [c for c in self._columns(table) if c.name not in table.key]
        inner = self._selects.expressions(source.leaves)
        keys = [
            table.column(name)
            for name in table.key
            if name != table.rowid_alias or not self.numbers
        ]
        items = [inner.of(column.recipe.sort, 1) for column in columns]
        made = [self._new_key(key, source.key[0]) for key in keys]
        chosen = [*keys, *columns]
        if not chosen:
            return self.default_values(table)
        where = optional(" WHERE ", inner.condition(1))
        order = f" ORDER BY {', '.join(source.key)}"
        return fixed(
            f"INSERT INTO {quoted(table.name)} ", self._names(chosen), " SELECT ",
            *_commas([*made, *items]), " FROM ", source.tree, where, order,
            self._returning(table),
        )  # fmt: skip

    def _new_key(self, column: Column, key: str) -> Tree:
        """A key that another key makes new."""
        if column.recipe.sort == "integer":
            return expr(f"7000 + length({key})")
        return expr(f"'new ' || {key}")

    def default_values(self, table: Table) -> Tree:
        """INSERT DEFAULT VALUES."""
        if not self.numbers:
            return self.delete(table)
        return fixed(f"INSERT INTO {quoted(table.name)} DEFAULT VALUES", self._returning(table))

    def _columns(self, table: Table) -> list[Column]:
        """What an INSERT names: all that has to be there, and some more."""
        chosen = [
            column
            for column in table.columns
            if (column.not_null and not (self.numbers and column.name == table.rowid_alias))
            or self.random.random() < 0.7
        ]
        return chosen or [table.columns[-1]]

    def _names(self, columns: Sequence[Column]) -> Tree:
        return fixed(f"({', '.join(quoted(column.name) for column in columns)})")

    def _rows(self, table: Table, columns: Sequence[Column]) -> Tree:
        how_many = self.random.choice((1, 1, 1, 2, 3))
        return listed(*(self._row(table, columns) for _ in range(how_many)))

    def _row(self, table: Table, columns: Sequence[Column]) -> Tree:
        return fixed("(", *_commas([self._value(table, column) for column in columns]), ")")

    def _value(self, table: Table, column: Column) -> Tree:
        """What a column gets: mostly what it holds anyway."""
        if column.name in table.key:
            return self._key_value(table, column)
        chance = self.random.random()
        if chance < 0.1:
            return self._selects.expressions().of(column.recipe.sort, 2)
        if chance < 0.15:
            return self._selects.expressions().any(0)
        if chance < 0.22 and not column.not_null:
            return expr("NULL")
        return self._given(value_of(self.random, column.recipe.pool))

    def _key_value(self, table: Table, column: Column) -> Tree:
        """A new key, or one that is there already."""
        if column.name == table.rowid_alias and self.numbers and self.random.random() < 0.2:
            return expr("NULL")
        place = [c.name for c in table.columns].index(column.name)
        if table.rows and self.random.random() < 0.4:
            return self._given(self.random.choice(table.rows)[place])
        number = self.random.choice((50, 51, 60, 2000))
        return self._given(number if column.recipe.sort == "integer" else f"key {number}")

    def _given(self, value: object) -> Tree:
        return bound(value) if self.random.random() < 0.5 else expr(literal(value))

    # --- UPDATE, DELETE ---------------------------------------------------------------------

    def update(self, table: Table) -> Tree:
        """UPDATE, also OR something."""
        word = self.random.choice(("UPDATE", "UPDATE", "UPDATE", "UPDATE OR IGNORE"))
        sets = self._sets(table, self._selects.expressions(self._own(table)))
        return fixed(
            f"{word} {quoted(table.name)} SET ", sets, self._where(table), self._returning(table)
        )

    def update_from(self, table: Table) -> Tree:
        """UPDATE … FROM a table that has one row for each."""
        source = self._selects.table(alias="f")
        inner = self._selects.expressions([*self._own(table), *source.leaves])
        sets = self._sets(table, inner)
        last = fixed(
            f"(SELECT * FROM {_sql(source.tree)} ORDER BY {', '.join(source.key)} LIMIT 1)"
        )
        where = optional(" WHERE ", inner.condition(1))
        return fixed(f"UPDATE {quoted(table.name)} SET ", sets, " FROM ", last, " AS f", where)

    def update_rows(self, table: Table) -> Tree:
        """UPDATE … SET (a, b) = (…)."""
        free = [c for c in table.columns if c.name not in table.key and not self._unique(table, c)]
        if len(free) < 2:
            return self.update(table)
        pair = self.random.sample(free, 2)
        inner = self._selects.expressions(self._own(table))
        values = _commas([inner.of(column.recipe.sort, 1) for column in pair])
        given: list[Tree | str] = ["(", *values, ")"]
        if self._chance_of_query():
            given = ["(SELECT ", *values, ")"]
        start = f"UPDATE {quoted(table.name)} SET ({', '.join(quoted(c.name) for c in pair)}) = "
        return fixed(start, *given, self._where(table), self._returning(table))

    def _chance_of_query(self) -> bool:
        return self.random.random() < 0.5

    def delete_with(self, table: Table) -> Tree:
        """WITH … DELETE … WHERE key IN (SELECT …)."""
        other = self._selects.table(alias="f")
        inner = self._selects.expressions(other.leaves)
        where = optional(" WHERE ", inner.condition(1))
        start = fixed(f"WITH gone(k) AS (SELECT {other.key[0]} FROM ", other.tree, where, ") ")
        test = f" WHERE {quoted(table.key[0])} IN (SELECT k FROM gone)"
        return fixed(start, f"DELETE FROM {quoted(table.name)}", test, self._returning(table))

    def delete(self, table: Table) -> Tree:
        """DELETE."""
        return fixed(
            f"DELETE FROM {quoted(table.name)}", self._where(table), self._returning(table)
        )

    def _sets(self, table: Table, expressions: Expressions) -> Tree:
        free = [c for c in table.columns if c.name not in table.key and not self._unique(table, c)]
        chosen = self.random.sample(free, min(len(free), self.random.choice((1, 1, 2))))
        return listed(
            *(self._set(table, column, expressions) for column in chosen or table.columns)
        )

    def _unique(self, table: Table, column: Column) -> bool:
        return any(column.name in names for names in table.unique)

    def _set(self, table: Table, column: Column, expressions: Expressions) -> Tree:
        value = self._value(table, column)
        if column.name in table.key:
            value = expr(quoted(column.name))
        elif self.random.random() < 0.55:
            value = expressions.of(column.recipe.sort, 2)
        return fixed(f"{quoted(column.name)} = ", value)

    def _upsert_sets(self, table: Table) -> Tree:
        return self._sets(
            table, self._selects.expressions([*self._own(table), *self._excluded(table)])
        )

    def _own(self, table: Table) -> list[Leaf]:
        return [self._selects.leaf(column, "") for column in table.columns]

    def _excluded(self, table: Table) -> list[Leaf]:
        return [self._selects.leaf(column, "excluded.") for column in table.columns]

    def _where(self, table: Table) -> Tree:
        chance = self.random.random()
        if chance < 0.1:
            return NOTHING
        if chance < 0.45 and table.rows:
            row = self.random.choice(table.rows)
            by_name = dict(zip((c.name for c in table.columns), row, strict=True))
            tests: list[Tree | str] = []
            for name in table.key:
                tests += [" AND " if tests else " WHERE ", f"{quoted(name)} = "]
                tests.append(self._given(by_name[name]))
            return fixed(*tests)
        condition = self._selects.expressions(self._own(table)).condition(2)
        return optional(" WHERE ", condition)

    def _returning(self, table: Table) -> Tree:
        if self.random.random() < 0.75:
            return NOTHING
        if self.random.random() < 0.4:
            return optional(" RETURNING *")
        # SQLite gives 7 instead of 7.0 for coalesce(real, 1) in RETURNING.
        leaves = [leaf for leaf in self._own(table) if leaf.sort != "real"]
        item = self._selects.expressions(leaves).any(1)
        return optional(f" RETURNING {quoted(table.columns[0].name)}, ", item, " AS c2")


def _sql(tree: Tree) -> str:
    return "".join(part if isinstance(part, str) else _sql(part) for part in tree.parts)


def _commas(items: Sequence[Tree]) -> list[Tree | str]:
    parts: list[Tree | str] = []
    for place, item in enumerate(items):
        parts += [", ", item] if place else [item]
    return parts
