"""A statement that is not translated: SQLite's own error where SQLite has one, else ours."""

from __future__ import annotations

import re
import sqlite3

from outgrow.database.postgres.failures import translated
from outgrow.translate import Schema, UntranslatableSQL, scan, split
from outgrow.translate.definitions.twin import twin_of
from outgrow.translate.errors import SQLITE_REFUSES, UNFIT_VALUE, UNPARSABLE

_EXPLAIN = re.compile(r"\s*EXPLAIN\b", re.IGNORECASE)


def refusal(error: UntranslatableSQL, sql: str, schema: Schema) -> sqlite3.Error:
    """Give the error to raise; the translation's is its cause.

    SQLite itself is asked, in a database in memory that has the same definitions: what it does
    not take either has SQLite's class and words, such as "no such column: x".
    """
    if error.code is UNPARSABLE and sum(1 for _ in split(sql)) > 1:
        what = "You can only execute one statement at a time."
        return translated(error, what, sqlite3.ProgrammingError)
    said = error if error.code is SQLITE_REFUSES else _said_by_sqlite(sql, schema)
    if said is not None:
        return translated(error, said.what, sqlite3.OperationalError)
    return translated(error, str(error), class_of(error))


def class_of(error: UntranslatableSQL) -> type[sqlite3.Error]:
    """A value that a column can't hold breaks a constraint; the rest is not supported."""
    return sqlite3.IntegrityError if error.code is UNFIT_VALUE else sqlite3.NotSupportedError


def _said_by_sqlite(sql: str, schema: Schema) -> UntranslatableSQL | None:
    scanned = scan(sql)
    explained = scanned.sql if _EXPLAIN.match(scanned.sql) else f"EXPLAIN {scanned.sql}"
    try:
        twin_of(schema).answer(explained, (None,) * len(scanned.names))
    except UntranslatableSQL as error:
        return error
    return None
