"""The door for the statements that an application runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outgrow.translate import registry
from outgrow.translate.context import Context
from outgrow.translate.errors import MIXED_CLASSES, UNFIT_VALUE, UntranslatableSQL, unsupported
from outgrow.translate.expressions.values import Rep
from outgrow.translate.outcome import Action, Kind
from outgrow.translate.parameters import Scanned, placed, placeholder, scan, tagged
from outgrow.translate.parse import double_quoted, statement, tokens
from outgrow.translate.queries.query import Column
from outgrow.translate.queries.spelling import Spelling
from outgrow.translate.schema import Schema
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator


@dataclass(frozen=True, slots=True)
class Step:
    """One statement for PostgreSQL, with ``%(p1)s`` for the first parameter and so on.

    ``parameters``: the numbers of the application's parameters (from 1) that it takes, and the
    names of the facts that the connection knows (``last_insert_rowid``, ``changes``,
    ``total_changes``).
    """

    sql: str
    parameters: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """A SQLite statement in PostgreSQL.

    Attributes:
        kind: what it does.
        steps: what to run, in order, in one transaction; the last one gives rows and changes.
        columns: the result columns, as SQLite names them, with what their values stand for.
        reads: folded SQLite names of the tables and views that are read.
        writes: the folded name of the table that is written, '' where none is.
        gives_rowid: whether the last result column is the rowid of the row inserted.
        helpers: the helper functions that have to be there.
        notes: what a person should know.
        classes: the storage classes of the parameters that it was made for; ANY beyond them.
        schema: the schema that holds afterwards, where the statement defines something.
        summed: whether every step gives rows and changes, which add up; else the last one does.
        action: what it does to the transaction.

    """

    kind: Kind
    steps: tuple[Step, ...]
    columns: tuple[Column, ...]
    reads: frozenset[str]
    writes: str
    gives_rowid: bool
    helpers: frozenset[str]
    notes: tuple[str, ...]
    classes: tuple[Rep, ...]
    schema: Schema | None = None
    summed: bool = False
    action: Action | None = None

    @property
    def sql(self) -> str:
        """The statement that gives rows and changes; '' where nothing is sent."""
        return self.steps[-1].sql if self.steps else ""

    def arguments(
        self, step: Step, values: Sequence[Any], facts: Callable[[str], Any] | None = None
    ) -> dict[str, Any]:
        """Give what is bound to the names in a step.

        Args:
            step: one of ``steps``.
            values: what the application binds, in the order of the numbers.
            facts: gives what the connection knows, by name.

        """
        bound: dict[str, Any] = {}
        for key in step.parameters:
            if isinstance(key, str):
                value = facts(key) if facts else None
            elif key > len(self.classes) or self.classes[key - 1] is Rep.ANY:
                value = tagged(values[key - 1])
            else:
                value = _plain(values[key - 1])
            bound[placeholder(key)] = value
        return bound


def _plain(value: Any) -> Any:
    """A value as PostgreSQL's drivers bind SQLite's; raises UntranslatableSQL for a NUL in a text.

    They know a type of their own for bool; SQLite has none.
    """
    if isinstance(value, str) and "\0" in value:
        raise UntranslatableSQL(
            UNFIT_VALUE, "a bound text holds a NUL character", "PostgreSQL keeps it in bytes only"
        )
    return int(value) if isinstance(value, bool) else value


def translate(sql: str, schema: Schema, classes: Sequence[Rep] = ()) -> Translation:
    """Translate one statement of an application.

    Args:
        sql: SQLite's SQL, with parameters in any of SQLite's forms or as ``%s``.
        schema: the database, as it was in SQLite and as it is in PostgreSQL.
        classes: the storage classes of what will be bound (see ``classes_of``). A parameter whose
            class is not given takes any value, but then no index can serve it.

    Raises:
        UntranslatableSQL: with code, what, and a hint.

    """
    return _translated(scan(sql), schema, tuple(classes))


def _translated(scanned: Scanned, schema: Schema, classes: tuple[Rep, ...]) -> Translation:
    if all(token.is_blank or token.text == ";" for token in tokens(scanned.sql)):
        return _NOTHING
    tree = statement(scanned.sql)
    handler = registry.statements().get(str(tree["type"]))
    if handler is None:
        raise unsupported(f"the statement {tree['type']}")
    ctx = Context(
        schema,
        schema.target_schema,
        runtime=True,
        classes=classes,
        quoted=double_quoted(scanned.sql),
        text=scanned.sql,
        spelling=Spelling(tree, scanned.sql),
    )
    outcome = handler(Translator(ctx, Scope()), tree)
    _check_classes(outcome.columns)
    return Translation(
        outcome.kind,
        tuple(Step(*placed(step)) for step in outcome.steps),
        outcome.columns,
        frozenset(ctx.reads),
        outcome.writes,
        outcome.gives_rowid,
        frozenset(ctx.helpers),
        tuple(ctx.notes),
        classes,
        outcome.schema,
        outcome.summed,
        outcome.action,
    )


def _check_classes(columns: Sequence[Column]) -> None:
    """Refuse what would give 1 and '1' as the same text."""
    for column in columns:
        if column.value.rep is Rep.OPAQUE:
            raise UntranslatableSQL(
                MIXED_CLASSES,
                f"the column {column.source} holds values of several storage classes, "
                "and its type in PostgreSQL does not tell which",
                "Give its values one class in SQLite (SET c = CAST(c AS TEXT)) and migrate",
            )


#: A statement of nothing but comments and semicolons, which SQLite takes.
_NOTHING = Translation(Kind.IGNORED, (), (), frozenset(), "", False, frozenset(), (), ())


class Translations:
    """The translations for one schema, each made once.

    Calling it is a look-up in C for what was translated before. A new schema (after DDL) takes a
    new object.
    """

    def __init__(self, schema: Schema, *, kept: int = 2000) -> None:
        self.schema = schema
        self._kept = lru_cache(maxsize=kept)(self._make)

    def __call__(self, sql: str, classes: tuple[Rep, ...] = ()) -> Translation:
        """Translate, or give what was translated before; raises UntranslatableSQL."""
        return self._kept(sql, classes)

    def _make(self, sql: str, classes: tuple[Rep, ...]) -> Translation:
        return translate(sql, self.schema, classes)
