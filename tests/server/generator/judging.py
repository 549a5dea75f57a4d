"""Running a random statement on both sides, and what came of it."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import Any

import apsw
import psycopg
from corpus import Parameters
from translate_run import Application, Result, difference
from translate_sides import Row, unordered

from generator.held import for_sides
from generator.schemas import Schema as RandomSchema
from generator.statements import Statement
from outgrow.translate import Kind, Schema, Translation, Translations, UntranslatableSQL
from outgrow.translate.expressions.values import Rep

#: Errors where SQLite goes over to another class or to infinity, takes a blob for a text that is no
#: UTF-8, reads JSON5, or stores what the column's type can't hold; and the text that jsonb did not
#: keep. Each is told in the docs.
LOUD = re.compile(
    r"bigint out of range|value out of range: (over|under)flow|value overflows numeric format"
    r"|invalid byte sequence for encoding|IntegrityConstraintViolation .* can't hold "
    r"|invalid input syntax for type json|gives a NUL, which no text can hold"
    r"|LIKE or GLOB of a blob|the text of an object or array from a jsonb column is needed"
)
#: SQLite fails also where the value can't matter, as in ``x -> '$' LIKE NULL``, or where another
#: part of a row value has decided.
_LAZY = re.compile("malformed JSON|integer overflow|codec can't decode")
VERDICTS = ("ok", "refused", "loud", "rejected", "different")


class Clocked(Translations):
    """Translations that note how long each took; ``untyped``: without the parameters' classes."""

    def __init__(self, schema: Schema, seconds: list[float]) -> None:
        super().__init__(schema, kept=1)
        self.untyped = False
        self._seconds = seconds

    def __call__(self, sql: str, classes: tuple[Rep, ...] = ()) -> Translation:
        start = perf_counter()
        try:
            return super().__call__(sql, () if self.untyped else classes)
        finally:
            self._seconds.append(perf_counter() - start)


class Judge(Application):
    """Both sides of a random schema.

    A view that is not translated is there on SQLite only: what reads it is refused.
    """

    def __init__(
        self, conninfo: str, schema: RandomSchema, seconds: list[float] | None = None
    ) -> None:
        """Make the tables anew in an empty schema ``public``."""
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        super().__init__(conninfo, [for_sides(table) for table in schema.tables], promote=True)
        for view in schema.views:
            with suppress(UntranslatableSQL):
                self.sides.add_views(view.sql)
        self.postgres.execute("SET statement_timeout = '20s'")
        self._clocked = Clocked(self.sides.schema, [] if seconds is None else seconds)
        self.translations = self._clocked
        self._statement = Statement.__new__(Statement)

    def judge(self, statement: Statement) -> tuple[str, str]:
        """Give the verdict and why."""
        self._statement = statement
        self.changes = self.sqlite.changes()
        self._clocked.untyped = statement.untyped
        try:
            return self.outcome(statement.case())
        except UntranslatableSQL as error:  # it is not clear what stands for a parameter
            return "refused", str(error)
        except Exception as error:  # noqa: BLE001 - the translation broke
            return "different", f"crash: {type(error).__name__}: {error}"

    def compare(self, sql: str, parameters: Parameters, case: Any) -> tuple[str, str, Kind]:
        expected = self._on_sqlite(sql, parameters)
        if expected.error and not self._prepares(sql):
            return "rejected", expected.error, Kind.SELECT
        kind = Kind.SELECT
        rejected = expected.error.startswith("error")
        try:
            kind, found = self._on_postgres(sql, parameters)
        except UntranslatableSQL as error:
            return "rejected" if rejected else "refused", str(error), kind
        if found.error:
            self.reset_sequences()  # the failed statement took ids that it gave to nobody
        if rejected and (found.error or _LAZY.search(expected.error)):
            return "rejected", expected.error, kind
        if LOUD.search(found.error):
            return "loud", found.error, kind
        why = self._difference(expected, found)
        return ("different", f"{sql}: {why}", kind) if why else ("ok", "", kind)

    def _prepares(self, sql: str) -> bool:
        try:
            self.sqlite.execute(f"EXPLAIN {sql}", can_cache=False)
        except apsw.BindingsError:
            return True
        except apsw.Error:
            return False
        return True

    def _difference(self, expected: Result, found: Result) -> str:
        ordered, tolerant = self._statement.ordered, self._statement.tolerant
        if tolerant:
            found = summed(expected, found, ordered=ordered)
        why = difference(expected, found, ordered=ordered, tolerant=tolerant)
        if why and self._statement.loose and not (expected.error or found.error):
            return difference(loosely(expected), loosely(found), ordered=ordered, tolerant=tolerant)
        return why


def summed(expected: Result, found: Result, *, ordered: bool) -> Result:
    """What was found, with what was expected in place of sums that differ in the last digits only.

    SQLite adds up with a correction, which shows where a sum is nearly 0.
    """
    if len(expected.rows) != len(found.rows):
        return found
    pairs = zip(
        expected.rows if ordered else unordered(expected.rows),
        found.rows if ordered else unordered(found.rows),
        strict=True,
    )
    return replace(found, rows=[_summed_row(ours, theirs) for ours, theirs in pairs])


def _summed_row(expected: Row, found: Row) -> Row:
    if len(expected) != len(found):
        return found
    return tuple(a if _is_near(a, b) else b for a, b in zip(expected, found, strict=True))


def _is_near(a: Any, b: Any) -> bool:
    return isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, abs_tol=1e-9)


def loosely(result: Result) -> Result:
    """The result with one spelling for each set of values that SQLite holds for equal."""
    return replace(result, rows=[_loose_row(row) for row in result.rows])


def _loose_row(row: Row) -> Row:
    return tuple(_loose(value) for value in row)


def _loose(value: Any) -> Any:
    if isinstance(value, str):
        return value.rstrip(" ").casefold() if value.isascii() else value.rstrip(" ")
    if isinstance(value, int):
        return float(value)
    return value
