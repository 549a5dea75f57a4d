"""Several ON CONFLICT clauses, of which PostgreSQL takes one: a row meets them one after another.

``INSERT … ON CONFLICT (a) DO UPDATE … ON CONFLICT (b) DO UPDATE …`` becomes one statement of
parts that all see the table as it was: an UPDATE for each clause, of the row that is in the way of
its key and of no earlier one, and the INSERT of a row that nothing is in the way of. What they
give back is counted together. https://www.sqlite.org/lang_upsert.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import KeyInfo, TableInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator
from outgrow.translate.writing.fired import triggers_of
from outgrow.translate.writing.given import GIVEN, Given
from outgrow.translate.writing.ignoring import survives
from outgrow.translate.writing.keys import alike, columns_of
from outgrow.translate.writing.returning import Returned
from outgrow.translate.writing.setting import settings
from outgrow.translate.writing.target import Target, quoted_names

_THERE = "occupying"
_AMBIGUOUS = "several rows are in the way of one: which of them is updated SQLite does not say"


@dataclass(frozen=True, slots=True)
class Link:
    """A clause and the keys that no earlier one stands for.

    ``update`` is its node, where it says DO UPDATE.
    """

    keys: tuple[KeyInfo, ...]
    update: Node | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The statement for one row.

    Args:
        translator: of the statement.
        prefix: WITH and its common tables, '' for none.
        target: the table.
        table: what is known of it.
        links: the clauses that the row may meet.
        returned: what the statement gives back.
        answers: whether an application runs it and asks for rows and changes.

    """

    translator: Translator
    prefix: str
    target: Target
    table: TableInfo
    links: Sequence[Link]
    returned: Returned
    answers: bool

    def check(self, given: Given) -> None:
        """Refuse what a row would meet before its conflicts; raises UntranslatableSQL."""
        schema = self.translator.ctx.schema
        for fired in triggers_of(schema, self.table.source, "INSERT"):
            if fired.timing == "BEFORE":
                raise unsupported("several ON CONFLICT clauses where BEFORE INSERT triggers fire")
        if survives(self.translator.ctx, given):
            raise unsupported(
                "several ON CONFLICT clauses for rows that may break NOT NULL or CHECK"
            )

    def write(self, given: Given) -> str:
        """Write the statement for these rows: one, unless a query gives them."""
        ctx = self.translator.ctx
        parts = [f"{GIVEN} AS MATERIALIZED ({given.relation(ctx)})"]
        free = "true"
        updated = []
        for number, link in enumerate(self.links):
            if link.update is not None:
                name = f"updated{number + 1}"
                updated.append(name)
                parts.append(f"{name} AS ({self._update(given, link, link.update, free)})")
            free += f" AND NOT EXISTS ({self._occupying(given, link)})"
        head = f"{self.prefix.rstrip()}, " if self.prefix else "WITH "
        columns = given.written_columns
        selected = ", ".join(f"{GIVEN}.{quote(column.name)}" for column in columns)
        insert = (
            f"INSERT INTO {self.target.written} ({quoted_names(columns)}) "
            f"SELECT {selected} FROM {GIVEN} WHERE {free}{self._returning()}"
        )
        if not self.answers:
            return f"{head}{', '.join(parts)} {insert}"
        parts.append(f"inserted AS ({insert})")
        rows = " UNION ALL ".join(f"SELECT * FROM {name}" for name in [*updated, "inserted"])
        return f"{head}{', '.join(parts)} {rows}"

    def _occupying(self, given: Given, link: Link) -> str:
        """Write the query for the rows that are in the way."""
        there = table_source(self.table, _THERE, _THERE)
        test = self._has_key(given, link, there)
        return f"SELECT FROM {self.target.relation} AS {_THERE} WHERE {test}"

    def _has_key(self, given: Given, link: Link, row: Source) -> str:
        """Write the test whether a row of the table has one of the keys of a given row."""
        ctx = self.translator.ctx
        tests = [
            f"({alike(ctx, self.table, key, row, given.new_row(ctx, columns_of(key)))})"
            for key in link.keys
        ]
        return f"({' OR '.join(tests)})"

    def _update(self, given: Given, link: Link, clause: Node, free: str) -> str:
        ctx = self.translator.ctx
        inner = self.translator.inside(
            Scope((self.target.row, self._excluded(given)), self.translator.scope)
        )
        sets = ", ".join(setting.sql for setting in settings(inner, clause, self.target))
        tests = [free, self._has_key(given, link, self.target.row)]
        if clause["update_where"]:
            tests.append(f"({inner.condition(clause['update_where']).sql})")
        if len(link.keys) > 1:
            found = f"(SELECT count(*) FROM ({self._occupying(given, link)}) AS found)"
            raised = ctx.call("raise_abort", literal(_AMBIGUOUS))
            tests.append(f"CASE WHEN {found} > 1 THEN {raised} IS NULL ELSE true END")
        return (
            f"UPDATE {self.target.written} SET {sets} FROM {GIVEN} "
            f"WHERE {' AND '.join(tests)}{self._returning(updates=True)}"
        )

    def _excluded(self, given: Given) -> Source:
        names = frozenset(fold(column.source) for column in self.table.columns)
        rowid = self.target.rowid
        row = given.new_row(self.translator.ctx, names)
        columns = dict(row.columns)
        if given.has_automatic_ids and rowid is not None:
            del columns[fold(rowid.source)]
        return replace(row, alias="excluded", columns=columns, qualified_only=True)

    def _returning(self, *, updates: bool = False) -> str:
        """What a part gives back: at least that it was there, if somebody counts."""
        if not self.answers:
            return ""
        if updates:
            return self.returned.without_rowid or " RETURNING 1"
        return self.returned.sql or " RETURNING 1"
