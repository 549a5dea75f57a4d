"""Constants are evaluated by SQLite itself, so that their value is right by construction."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from outgrow.translate.errors import unsupported

if TYPE_CHECKING:
    import apsw

Constant = int | float | str | bytes | None


@lru_cache(maxsize=1)
def _sqlite() -> apsw.Connection:
    import apsw  # noqa: PLC0415 - only a translation that folds a constant pays for it

    return apsw.Connection(":memory:")


def evaluate(expression: str, *arguments: Constant) -> Constant:
    """Give the value of a deterministic SQLite expression over ``?1``, ``?2`` and so on.

    Raises UntranslatableSQL where SQLite itself fails.
    """
    import apsw  # noqa: PLC0415

    try:
        (row,) = _sqlite().execute(f"SELECT {expression}", arguments)
    except apsw.Error as error:
        raise unsupported(f"SQLite can't evaluate it either: {error}") from error
    value: Constant = row[0]
    return value


def stored(expression: str, declared: str) -> Constant:
    """Give what SQLite stores when a column declared so has this DEFAULT expression."""
    import apsw  # noqa: PLC0415

    connection = apsw.Connection(":memory:")
    try:
        try:
            connection.execute(f"CREATE TABLE t (c {declared} DEFAULT {expression})")
        except apsw.SQLError:
            # SQLite reports an expression without the parentheses that it stood in.
            connection.execute(f"CREATE TABLE t (c {declared} DEFAULT ({expression}))")
        (row,) = connection.execute("INSERT INTO t DEFAULT VALUES RETURNING c")
    except apsw.Error as error:
        raise unsupported(f"SQLite can't evaluate it either: {error}") from error
    finally:
        connection.close()
    value: Constant = row[0]
    return value
