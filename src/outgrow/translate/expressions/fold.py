"""Constants are evaluated by SQLite itself, so that their value is right by construction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING

from outgrow.translate.errors import unsupported

if TYPE_CHECKING:
    import apsw

Constant = int | float | str | bytes | None


#: A constant that takes more bytes is no help to anybody in a view or a default.
_LONGEST = 1_000_000


_local = local()


def _sqlite() -> apsw.Connection:
    """Give this thread's database: one must not be used by two at once."""
    try:
        connection: apsw.Connection = _local.connection
    except AttributeError:
        import apsw  # noqa: PLC0415 - only a translation that folds a constant pays for it

        connection = _local.connection = apsw.Connection(":memory:")
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, _LONGEST)
    return connection


@contextmanager
def _scratch() -> Iterator[apsw.Connection]:
    """Lend the database for tables that are gone afterwards."""
    connection = _sqlite()
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn SQLite's errors, and its texts that are not UTF-8, into a refusal."""
    import apsw  # noqa: PLC0415

    try:
        yield
    except apsw.Error as error:
        raise unsupported(f"SQLite can't evaluate it either: {error}") from error
    except UnicodeDecodeError as error:
        raise unsupported("a text that is not UTF-8") from error


def evaluate(expression: str, *arguments: Constant) -> Constant:
    """Give the value of a deterministic SQLite expression over ``?1``, ``?2`` and so on.

    Raises UntranslatableSQL where SQLite itself fails.
    """
    with _refusing():
        (row,) = _sqlite().execute(f"SELECT {expression}", arguments)
    value: Constant = row[0]
    return value


@dataclass(frozen=True, slots=True)
class Settled:
    """A value that no clock, chance or connection can change."""

    value: Constant


def settled(
    expression: str, columns: Mapping[str, Constant] | None = None, declared: str = ""
) -> Settled | None:
    """Evaluate an expression over ``columns`` if it always gives the same, as SQLite judges.

    SQLite lets nothing else stand in a generated column, and looks at the very arguments of date
    functions: https://www.sqlite.org/deterministic.html. ``declared`` is the type that gives the
    value its affinity. Gives ``None`` for what may change; raises UntranslatableSQL where SQLite
    fails.
    """
    import apsw  # noqa: PLC0415

    values = {"anything": None, **(columns or {})}
    names, places = ", ".join(values), ", ".join("?" for _ in values)
    table = f"CREATE TABLE t ({names}, result {declared} AS ({expression}\n) STORED)"
    with _refusing(), _scratch() as connection:
        try:
            connection.execute(table)
            (row,) = connection.execute(
                f"INSERT INTO t ({names}) VALUES ({places}) RETURNING result",
                tuple(values.values()),
            )
        except apsw.SQLError as error:
            if str(error).startswith("non-deterministic"):
                return None
            raise
    return Settled(row[0])


def stored(expression: str, declared: str) -> Constant:
    """Give what SQLite stores when a column declared so has this literal or name as DEFAULT."""
    with _refusing(), _scratch() as connection:
        connection.execute(f"CREATE TABLE t (c {declared} DEFAULT {expression})")
        (row,) = connection.execute("INSERT INTO t DEFAULT VALUES RETURNING c")
    value: Constant = row[0]
    return value


def held(value: Constant, affinity: str) -> Constant:
    """Give what a column of this affinity stores when it is given the value.

    https://www.sqlite.org/datatype3.html#type_affinity
    """
    with _refusing(), _scratch() as connection:
        connection.execute(f"CREATE TABLE t (c {affinity})")
        (row,) = connection.execute("INSERT INTO t VALUES (?) RETURNING c", (value,))
    stored: Constant = row[0]
    return stored
