"""Statements of an application on SQLite and on PostgreSQL, through a connection that is minimal.

SQLite is the oracle: rows, storage classes, column names, the number of changes, and errors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import apsw
import psycopg
from corpus import Case, Parameters
from loose_json import loose_columns, loose_results, respelled
from translate_sides import Row, Sides, Table, from_any, from_postgres, same, unordered

from outgrow.translate import Kind, Translations, UntranslatableSQL, classes_of, scan
from outgrow.translate.expressions.values import Rep
from outgrow.translate.queries.query import Column

_CHANGES = (Kind.INSERT, Kind.UPDATE, Kind.DELETE)
#: Only the sum of REAL values depends on the order of the rows.
_SUMS = re.compile(r"\b(sum|avg|total)\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """What one statement gave: rows, or the class of an error."""

    names: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    changes: int | None = None
    error: str = ""
    loose: frozenset[int] = frozenset()


class Application:
    """An application's connection to both sides; each case is rolled back on both."""

    def __init__(
        self,
        conninfo: str,
        tables: Sequence[Table],
        *,
        promote: bool,
        views: Sequence[str] = (),
        triggers: Sequence[str] = (),
    ) -> None:
        sides = Sides(conninfo, tables, promote=promote)
        sides.add_views(*views)
        if triggers:
            sides.add_triggers(*triggers)
        self.connect(sides)

    @classmethod
    def of(cls, sides: Sides) -> Application:
        """The application of two databases that are there."""
        made = cls.__new__(cls)
        made.connect(sides)
        return made

    def connect(self, sides: Sides) -> None:
        """Begin with these two databases."""
        self.sides = sides
        self.translations = Translations(self.sides.schema)
        self.sqlite = self.sides.sqlite
        self.sqlite.execute("PRAGMA foreign_keys = ON")  # as PostgreSQL always does
        self.postgres = self.sides.postgres
        self.rowid = 0
        self.changes = 0
        self.total = 0
        self.reset_sequences()

    def close(self) -> None:
        self.sides.close()

    def outcome(self, case: Case) -> tuple[str, str]:
        """Run a case: "ok", "refused", "loud" or "different", and why."""
        self.sqlite.execute("SAVEPOINT one_case")
        self.postgres.execute("BEGIN")
        self.rowid = self.sqlite.last_insert_rowid()
        self.total = self.sqlite.total_changes()
        wrote = False
        translations = self.translations
        try:
            for sql, parameters in case.steps:
                verdict, why, kind = self.compare(sql, parameters, case)
                wrote = wrote or kind is not Kind.SELECT
                if verdict != "ok":
                    return verdict, why
            if self.translations is not translations:
                verdict, why = self.compare_definitions()
                if verdict != "ok":
                    return verdict, why
            return self.compare_tables() if wrote else ("ok", "")
        finally:
            self.postgres.execute("ROLLBACK")
            self.sqlite.execute("ROLLBACK TO one_case; RELEASE one_case")
            self.follow(translations)
            if wrote:
                self.reset_sequences()

    def follow(self, translations: Translations) -> None:
        """Go on with the schema that holds now."""
        self.translations = translations
        self.sides.schema = translations.schema

    def compare(self, sql: str, parameters: Parameters, case: Case) -> tuple[str, str, Kind]:
        expected = self._on_sqlite(sql, parameters)
        kind = Kind.SELECT
        try:
            kind, found = self._on_postgres(sql, parameters)
        except UntranslatableSQL as error:
            if expected.error:
                return "ok", "", kind  # SQLite does not take it either
            return "refused", str(error), kind
        if found.error and not expected.error and case.loud:
            return "loud", case.loud, kind
        if kind is Kind.SCHEMA:
            # ALTER TABLE shows a column of the statements that it runs inside.
            expected = replace(expected, names=())
        tolerant = bool(_SUMS.search(sql))
        why = difference(expected, found, ordered=case.ordered, tolerant=tolerant)
        return ("different", f"{sql}: {why}", kind) if why else ("ok", "", kind)

    def _on_sqlite(self, sql: str, parameters: Parameters) -> Result:
        scanned = scan(sql)
        before = self.sqlite.total_changes()
        self.sqlite.execute("SAVEPOINT statement")
        cursor = self.sqlite.cursor()
        try:
            names: tuple[str, ...] = ()

            def trace(_: Any, statement: str, __: Any) -> bool:
                nonlocal names
                names = tuple(str(d[0]) for d in cursor.get_description())
                return True

            cursor.exec_trace = trace
            cursor.execute(scanned.sql, scanned.values(parameters))
            rows = [tuple(row) for row in cursor]
        except (apsw.Error, UnicodeDecodeError) as error:
            cursor.close(force=True)
            self.sqlite.execute("ROLLBACK TO statement; RELEASE statement")
            # sqlite3 raises IntegrityError for both.
            integrity = isinstance(error, apsw.ConstraintError | apsw.MismatchError)
            return Result(error=f"{'integrity' if integrity else 'error'}: {error}")
        self.sqlite.execute("RELEASE statement")
        changed = self.sqlite.changes() if self.sqlite.total_changes() > before else 0
        return Result(names, rows, changed)

    def _on_postgres(self, sql: str, parameters: Parameters) -> tuple[Kind, Result]:
        scanned = scan(sql)
        values = scanned.values(parameters)
        translation = self.translations(sql, classes_of(values))
        cursor = self.postgres.cursor()
        self.postgres.execute("SAVEPOINT statement")
        try:
            found, counted = [], 0
            for step in translation.steps:
                cursor.execute(step.sql, translation.arguments(step, values, self._fact) or None)  # type: ignore[call-overload]
                given = cursor.fetchall() if cursor.description else []
                found = found + given if translation.summed else given
                counted = cursor.rowcount + (counted if translation.summed else 0)
        except psycopg.Error as error:
            self.postgres.execute("ROLLBACK TO statement")
            if translation.kind in _CHANGES:
                self.changes = 0
            integrity = isinstance(error, psycopg.IntegrityError)
            kind = "integrity" if integrity else "error"
            return translation.kind, Result(error=f"{kind}: {type(error).__name__} {error}")
        if translation.schema is not None and translation.schema != self.sides.schema:
            self.follow(Translations(translation.schema))
        changes = counted if translation.kind in _CHANGES and translation.steps else None
        if changes is not None:
            self.changes, self.total = changes, self.total + changes
        if translation.gives_rowid:
            self.rowid = next(
                (row[-1] for row in reversed(found) if row[-1] is not None), self.rowid
            )
            found = [row[:-1] for row in found]
        names = tuple(column.source for column in translation.columns)
        rows = [decoded(row, translation.columns) for row in found] if names else []
        loose = loose_results(translation.columns)
        return translation.kind, Result(names, rows, changes, loose=loose)

    def _fact(self, name: str) -> Any:
        facts = {
            "last_insert_rowid": self.rowid,
            "changes": self.changes,
            "total_changes": self.total,
        }
        return facts[name]

    def compare_tables(self) -> tuple[str, str]:
        for name, table in self.sides.schema.tables.items():
            expected, found = self.sides.table(name)
            loose = loose_columns(table.columns)
            rows = difference(Result(rows=expected), Result(rows=found, loose=loose), ordered=False)
            if rows:
                return "different", f"table {name}: {rows}"
        return "ok", ""

    def compare_definitions(self) -> tuple[str, str]:
        """What the application would read of its own DDL, where a case defined something."""
        for table in self.sides.schema.tables.values():
            for pragma in ("table_xinfo", "index_list", "foreign_key_list"):
                verdict, why, _ = self.compare(f'PRAGMA {pragma}("{table.source}")', (), Case(()))
                if verdict != "ok":
                    return verdict, why
        return "ok", ""

    def reset_sequences(self) -> None:
        for table in self.sides.schema.tables.values():
            if table.rowid_alias:
                column = table.rowid_alias.lower()
                last = f'(SELECT max("{column}") FROM public."{table.name}")'
                if table.autoincrement:
                    sql = f"SELECT max(seq) FROM sqlite_sequence WHERE name = '{table.source}'"
                    ((known,),) = self.sqlite.execute(sql)
                    last = "NULL::bigint" if known is None else f"{known}::bigint"
                self.postgres.execute(
                    f"SELECT setval(pg_get_serial_sequence('public.\"{table.name}\"', "  # type: ignore[arg-type]
                    f"'{column}'), COALESCE({last}, 1), {last} IS NOT NULL)"
                )


def decoded(row: Row, columns: Sequence[Column]) -> Row:
    """The SQLite values that a row stands for."""
    return tuple(
        from_any(value) if c.value.rep is Rep.ANY else from_postgres(value, c.value.rep, c.type)
        for value, c in zip(row, columns, strict=True)
    )


def difference(expected: Result, found: Result, *, ordered: bool, tolerant: bool = False) -> str:
    """Say what differs, '' where nothing does."""
    if expected.error or found.error:
        if expected.error.partition(":")[0] == found.error.partition(":")[0]:
            return ""
        shown = [result.error or result.rows[:2] for result in (expected, found)]
        return f"SQLite: {shown[0]}, PostgreSQL: {shown[1]}"
    if expected.names and expected.names != found.names:
        return f"names {expected.names} and {found.names}"
    if found.changes is not None and expected.changes != found.changes:
        return f"{expected.changes} and {found.changes} changes"
    left, right = expected.rows, found.rows
    if found.loose:
        left, right = respelled(left, found.loose), respelled(right, found.loose)
    if not ordered:
        left, right = unordered(left), unordered(right)
    if len(left) != len(right):
        return f"{len(left)} and {len(right)} rows: {left[:2]} {right[:2]}"
    for a, b in zip(left, right, strict=True):
        if len(a) != len(b) or not all(_same(x, y, tolerant) for x, y in zip(a, b, strict=True)):
            return f"{a} and {b}"
    return ""


def _same(expected: Any, found: Any, tolerant: bool) -> bool:
    if tolerant:
        return same(expected, found)
    return type(expected) is type(found) and bool(expected == found)
