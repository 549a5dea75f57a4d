"""What an application passes beside a statement, and sqlite3's errors about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from outgrow.database.postgres.failures import translated
from outgrow.translate import UntranslatableSQL, classes_of, scan
from outgrow.translate.errors import UNPARSABLE
from outgrow.translate.expressions.values import Rep
from outgrow.translate.parameters import Scanned

Parameters = Sequence[Any] | Mapping[str, Any]
Values = tuple[Any, ...]


def scanned(sql: str) -> Scanned:
    """Find the parameters of a statement; raises sqlite3.ProgrammingError if they are unclear."""
    try:
        return scan(sql)
    except UntranslatableSQL as error:
        said = error.what if error.code is UNPARSABLE else str(error)
        raise translated(error, said, sqlite3.ProgrammingError) from None


def bound(statement: Scanned, given: Parameters) -> Values:
    """Put what was given in the order of the parameters; raises sqlite3.ProgrammingError."""
    if not statement.names and not given:
        return ()
    try:
        if not hasattr(given, "__getitem__"):
            raise TypeError
        return statement.values(given)
    except KeyError as missing:
        what = f"You did not supply a value for binding parameter :{missing.args[0]}."
        raise sqlite3.ProgrammingError(what) from None
    except TypeError:
        raise sqlite3.ProgrammingError("parameters are of unsupported type") from None
    except ValueError:
        if isinstance(given, Mapping):
            place = statement.names.index(None) + 1
            what = (
                f"Binding {place} has no name, but you supplied a dictionary "
                "(which has only names)."
            )
        else:
            what = (
                f"Incorrect number of bindings supplied. The current statement uses "
                f"{len(statement.names)}, and there are {len(given)} supplied."
            )
        raise sqlite3.ProgrammingError(what) from None


def classified(values: Values) -> tuple[Values, tuple[Rep, ...]]:
    """Give the values as SQLite stores them, and the storage class of each.

    What sqlite3 has an adapter for (dates, and what the application registered) is adapted.

    Raises:
        sqlite3.ProgrammingError: a value that sqlite3 can't bind.
        OverflowError: an integer beyond 64 bits.
        UnicodeEncodeError: half of a surrogate pair, before anything is sent.

    """
    try:
        classes = classes_of(values)
    except TypeError:
        values = tuple(map(_adapted, range(1, len(values) + 1), values))
        classes = classes_of(values)
    for value in values:
        if isinstance(value, str) and not value.isascii():
            value.encode()
    return values, classes


def unshared(values: Values, classes: tuple[Rep, ...]) -> tuple[Values, tuple[Rep, ...]]:
    """Copy what the application may change before it is sent."""
    if Rep.BLOB in classes:
        values = tuple(bytes(v) if isinstance(v, bytearray | memoryview) else v for v in values)
    return values, classes


def _adapted(place: int, value: Any) -> Any:
    try:
        classes_of((value,))
    except TypeError:
        adapted = sqlite3.adapt(value, sqlite3.PrepareProtocol, value)
        try:
            classes_of((adapted,))
        except TypeError:
            what = (
                f"Error binding parameter {place}: type '{type(value).__name__}' is not supported"
            )
            raise sqlite3.ProgrammingError(what) from None
        return adapted
    return value
