"""Statements that are translated and ready to run, each kept for the next time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from outgrow.database.postgres.decoding import RowDecoder
from outgrow.database.postgres.headings import NOTHING, Heading
from outgrow.translate import Kind, Schema, Step, Translation, translate
from outgrow.translate.expressions.values import Rep

#: Translations that are kept for each state of the schema.
KEPT = 2_000

_WRITES = (Kind.INSERT, Kind.UPDATE, Kind.DELETE)


class Plan:
    """A translated statement, with what its rows need to become SQLite's."""

    __slots__ = ("_native", "changes", "decoder", "heading", "is_write", "steps", "translation")

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self.steps: Sequence[Step] = translation.steps
        #: INSERT, UPDATE or DELETE, before which sqlite3 begins a transaction.
        self.changes = translation.kind in _WRITES
        self.is_write = self.changes or translation.kind not in (Kind.SELECT, Kind.IGNORED)
        names = tuple(column.source for column in translation.columns)
        self.heading = Heading(names) if names else NOTHING
        self.decoder = RowDecoder.of(translation.columns)
        self._native: RowDecoder | bool | None = False

    @property
    def native_decoder(self) -> RowDecoder | None:
        """What turns the driver's native rows into the application's."""
        if self._native is False:
            self._native = RowDecoder.of(self.translation.columns, native=True)
        assert not isinstance(self._native, bool)
        return self._native


class Plans:
    """The plans for one state of the schema. Calling it again is a look-up in C."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._kept = lru_cache(maxsize=KEPT)(self._make)

    def __call__(self, sql: str, classes: tuple[Rep, ...]) -> Plan:
        """Give the plan of a statement for values of these classes; raises UntranslatableSQL."""
        return self._kept(sql, classes)

    def _make(self, sql: str, classes: tuple[Rep, ...]) -> Plan:
        return Plan(translate(sql, self.schema, classes))

    def statistics(self) -> Any:
        """Give hits, misses, the most that is kept and what is kept now."""
        return self._kept.cache_info()
