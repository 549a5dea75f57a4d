"""Statements that are translated and ready to run, each kept for the next time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from outgrow.database.postgres.decoding import RowDecoder
from outgrow.database.postgres.headings import NOTHING, Heading
from outgrow.database.postgres.psycopg_statements import (
    Sendable,
    dumped_plain,
    is_plain,
    sendable,
)
from outgrow.translate import (
    Kind,
    Schema,
    Step,
    Translation,
    UntranslatableSQL,
    scan,
    translate,
)
from outgrow.translate.definitions.twin import twin_of
from outgrow.translate.expressions.values import Rep
from outgrow.translate.parameters import placeholder

#: Translations that are kept for each state of the schema.
KEPT = 2_000

_WITH = re.compile(r"(?>\s+|--[^\n]*\n|/\*.*?\*/)*+WITH\b", re.IGNORECASE | re.DOTALL)

_WRITES = (Kind.INSERT, Kind.UPDATE, Kind.DELETE)


class Plan:
    """A translated statement, with what its rows need to become SQLite's."""

    __slots__ = (
        *(
            "_declared",
            "_native",
            "begins",
            "changes",
            "decoder",
            "heading",
            "is_write",
            "order",
            "sendable",
        ),
        *("steps", "translation"),
    )

    def __init__(
        self,
        translation: Translation,
        declared: Callable[[], Sequence[str]],
        *,
        begins_with: bool = False,
    ) -> None:
        self.translation = translation
        self._declared = declared
        self.steps: Sequence[Step] = translation.steps
        #: INSERT, UPDATE or DELETE.
        self.changes = translation.kind in _WRITES
        #: sqlite3 begins a transaction before it; it looks at the first word, which may be WITH.
        self.begins = self.changes and not begins_with
        self.is_write = self.changes or translation.kind not in (Kind.SELECT, Kind.IGNORED)
        names = tuple(column.source for column in translation.columns)
        self.heading = Heading(names) if names else NOTHING
        self.decoder = RowDecoder.of(translation.columns)
        self._native: RowDecoder | bool | None = False
        #: The one step with its parameters in order, where `make_ready` could tell.
        self.sendable: Sendable | None = None
        self.order: tuple[int, ...] | None = None

    def make_ready(self, types: tuple[type, ...]) -> bool:
        """Make the statement ready for values of these types; whether that is all there is to it.

        It is if there is one step, which takes the application's values as they are.
        """
        if len(self.steps) != 1 or not is_plain(types):
            return False
        (step,) = self.steps
        numbers = [key for key in step.parameters if isinstance(key, int)]
        known = self.translation.classes
        if len(numbers) != len(step.parameters) or any(known[n - 1] is Rep.ANY for n in numbers):
            return False
        names = tuple(placeholder(number) for number in numbers)
        self.sendable = sendable(step.sql, names, tuple(types[n - 1] for n in numbers))
        order = tuple(int(name[1:]) - 1 for name in self.sendable.names)
        self.order = None if order == tuple(range(len(types))) else order
        return True

    @property
    def native_decoder(self) -> RowDecoder | None:
        """What turns the driver's native rows into the application's."""
        if self._native is False:
            columns = self.translation.columns
            self._native = RowDecoder.native(columns, self._declared()) if columns else None
        assert not isinstance(self._native, bool)
        return self._native


class Plans:
    """The plans for one state of the schema. Calling it again is a look-up in C."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._kept = lru_cache(maxsize=KEPT)(self._make)
        self._quick: dict[tuple[Any, ...], Plan] = {}

    def __call__(self, sql: str, classes: tuple[Rep, ...]) -> Plan:
        """Give the plan of a statement for values of these classes; raises UntranslatableSQL."""
        return self._kept(sql, classes)

    def _make(self, sql: str, classes: tuple[Rep, ...]) -> Plan:
        translation = translate(sql, self.schema, classes)
        return Plan(
            translation,
            lambda: declared_types(sql, self.schema, len(translation.columns)),
            begins_with=_WITH.match(sql) is not None,
        )

    def quick(self, sql: str, parameters: Sequence[Any]) -> Plan | None:
        """Give the plan of what was run before with values of the same types, if it is ready."""
        return self._quick.get((sql, *map(type, parameters)))

    def keep_quick(self, sql: str, parameters: Sequence[Any], plan: Plan) -> None:
        """Find the plan at once from now on, where the values can be sent as they are."""
        types = tuple(map(type, parameters))
        if dumped_plain(parameters) is not None and plan.make_ready(types):
            if len(self._quick) >= KEPT:
                self._quick.clear()
            self._quick[(sql, *types)] = plan

    def statistics(self) -> Any:
        """Give hits, misses, the most that is kept and what is kept now."""
        return self._kept.cache_info()


def declared_types(sql: str, schema: Schema, count: int) -> Sequence[str]:
    """Give what each result column was declared as in SQLite, '' where that is not known."""
    scanned = scan(sql)
    try:
        return twin_of(schema).declared_types(scanned.sql, len(scanned.names))
    except UntranslatableSQL:
        return [""] * count
