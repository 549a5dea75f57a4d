"""What PostgreSQL can't do as SQLite does: each a test that has to fail there, with the reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from conformance.backends import Kind


@dataclass(frozen=True)
class Difference:
    """A test that fails on some databases, and has to.

    Args:
        test: its function.
        because: what is different there, for the page.
        where: on which databases; on all of PostgreSQL without it.
        raises: what it fails with.

    """

    test: str
    because: str
    where: Callable[[Kind], bool] = lambda kind: bool(kind.version)
    raises: type[BaseException] | tuple[type[BaseException], ...] = (AssertionError, sqlite3.Error)


def _promoted(kind: Kind) -> bool:
    return kind.types == "native"


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "test_lastrowid_of_a_table_with_a_text_key",
        "`lastrowid` is None for a table without an INTEGER PRIMARY KEY: it has no rowid",
    ),
    Difference(
        "test_a_cursor_is_one_of_sqlite3",
        "A cursor is used like a `sqlite3.Cursor` and is not one; the connection is one",
    ),
    Difference(
        "test_a_text_with_a_nul",
        "A text that holds a NUL character can't be bound: PostgreSQL keeps it in bytes only",
    ),
    Difference(
        "test_a_text_in_a_blob_column",
        "A text does not go into a column that holds blobs, nor a text of letters into one that "
        "holds numbers: a column has one type",
    ),
    Difference(
        "test_an_integer_that_grows_too_large",
        "An integer that grows beyond 64 bits is an error; in SQLite it becomes a REAL",
    ),
    Difference(
        "test_a_deferred_key_leaves_the_transaction_open",
        "A COMMIT that fails for a deferred foreign key ends the transaction and keeps nothing; in "
        "SQLite it stays open",
    ),
    Difference(
        "test_what_both_read_and_one_changes",
        "Two transactions that each read what the other one changes may both commit, if they "
        "change different rows; in SQLite the later one is `database is locked`. With BEGIN "
        "IMMEDIATE they wait for each other",
    ),
    Difference(
        "test_replace_in_cascade",
        "REPLACE on a table whose rows others refer to with ON DELETE CASCADE is refused: SQLite "
        "does two things, with and without `PRAGMA foreign_keys`",
    ),
    Difference(
        "test_total_changes_counts_what_triggers_do",
        "`total_changes` does not count what triggers and foreign keys change",
    ),
    Difference(
        "test_text_factory_bytes",
        "`text_factory` is `str`; another one is an error",
    ),
    Difference(
        "test_explain_query_plan",
        "`EXPLAIN QUERY PLAN` is refused, with the advice to EXPLAIN the translated statement",
    ),
    Difference(
        "test_a_value_of_another_shape_is_kept",
        "A promoted column takes no value that it could not give back: IntegrityError, which names "
        "the column and says what to do",
        _promoted,
    ),
)


def differences_of(test: str, kind: Kind) -> list[Difference]:
    """Give what is known of a test on one database."""
    return [each for each in DIFFERENCES if each.test == test and each.where(kind)]
