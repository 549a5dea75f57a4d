"""What one translation collects on its way: helpers, tables read, notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from outgrow.postgres.identifiers import qualified
from outgrow.translate.errors import NOT_IMMUTABLE, UntranslatableSQL
from outgrow.translate.expressions.values import Rep
from outgrow.translate.queries.spelling import Spelling
from outgrow.translate.schema import Schema, TableInfo, ViewInfo

#: The schema of the helper functions.
HELPERS = "outgrow"


@dataclass(slots=True)
class Context:
    """The one mutable thing of a translation.

    Args:
        schema: the database as it is known.
        body_schema: the schema that qualifies tables.
        immutable: whether only immutable expressions are allowed (indexes, generated columns).
        runtime: whether an application runs the statement, through a connection that gives its
            values back as SQLite has them.
        classes: the storage class of each bound parameter, by its number; ANY beyond them.
        text: the statement as the application wrote it, its parameters numbered.
        spelling: the texts of its result columns, which are their names.
        quoted: identifiers that the SQL writes in double quotes: where such a name means
            nothing, SQLite takes it for a string (https://www.sqlite.org/quirks.html#dblquote).
        views: the target's names of the views that are being read, so that a circle ends.

    """

    schema: Schema
    body_schema: str
    immutable: bool = False
    runtime: bool = False
    classes: tuple[Rep, ...] = ()
    text: str = ""
    spelling: Spelling | None = None
    quoted: frozenset[str] = frozenset()
    views: frozenset[str] = frozenset()
    helpers: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    aliases: int = 0

    def call(self, helper: str, *arguments: str) -> str:
        """Write a call of a helper function and remember that it is needed."""
        self.helpers.add(helper)
        return f"{HELPERS}.{helper}({', '.join(arguments)})"

    def relation(self, info: TableInfo | ViewInfo) -> str:
        """Write the target's name of a table or view, with the schema that it is read from."""
        return qualified("pg_temp" if info.temporary else self.body_schema, info.name)

    def needs_moment(self, what: str) -> None:
        """Refuse what depends on the moment or session where only immutable SQL can stand."""
        if self.immutable:
            raise UntranslatableSQL(NOT_IMMUTABLE, f"{what} changes from moment to moment")

    def note(self, sentence: str) -> None:
        """Remember something a person should know about the translation."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def fresh_alias(self) -> str:
        """Name a subquery that has no name."""
        self.aliases += 1
        return f"subquery_{self.aliases}"
