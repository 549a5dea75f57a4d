"""Errors that are both the ``sqlite3`` class an application catches and the driver's own."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

#: By the first letters of the SQLSTATE
#: (https://www.postgresql.org/docs/current/errcodes-appendix.html); any other is operational.
_CLASSES = {
    "23": sqlite3.IntegrityError,
    "58": sqlite3.DatabaseError,
    "XX": sqlite3.DatabaseError,
}

#: SQLite's extended result codes (https://www.sqlite.org/rescode.html), by SQLSTATE.
_CODES = {
    "23502": ("SQLITE_CONSTRAINT_NOTNULL", 1299),
    "23503": ("SQLITE_CONSTRAINT_FOREIGNKEY", 787),
    "23505": ("SQLITE_CONSTRAINT_UNIQUE", 2067),
    "23514": ("SQLITE_CONSTRAINT_CHECK", 275),
    "23000": ("SQLITE_CONSTRAINT_TRIGGER", 1811),
    "23R01": ("SQLITE_CONSTRAINT_TRIGGER", 1811),
    **dict.fromkeys(("40001", "40P01", "55P03"), ("SQLITE_BUSY", 5)),
    "57014": ("SQLITE_INTERRUPT", 9),
}

_ANY = ("SQLITE_ERROR", 1)

#: For the keys of tables, which have the SQLSTATE of any UNIQUE.
PRIMARY_KEY = ("SQLITE_CONSTRAINT_PRIMARYKEY", 1555)


def sqlstate(error: BaseException) -> str:
    """Give the SQLSTATE of a driver's error, '' where the server gave none."""
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""


def translated(
    error: Exception,
    message: str,
    base: type[sqlite3.Error] | None = None,
    code: tuple[str, int] | None = None,
) -> sqlite3.Error:
    """Give an error as both classes, with SQLite's message.

    Args:
        error: the driver's, or the translation's.
        message: what SQLite would say, or the error's own.
        base: the class of ``sqlite3``; by the SQLSTATE without one.
        code: SQLite's name and number; by the SQLSTATE without one.

    """
    state = sqlstate(error)
    kind = _both(base or _CLASSES.get(state[:2], sqlite3.OperationalError), type(error))  # type: ignore[arg-type]
    made: sqlite3.Error = kind.__new__(kind)  # type: ignore[call-overload]
    made.args = (message,)
    made.__dict__.update(vars(error), driver_error=error)
    made.sqlite_errorname, made.sqlite_errorcode = code or _CODES.get(state, _ANY)
    return made


#: What psycopg2 keeps of an error where no other error can have it.
_OF_PSYCOPG2 = ("pgcode", "pgerror", "diag", "cursor")


@cache
def _both(base: type[sqlite3.Error], own: type[Exception]) -> type[Any]:
    members: dict[str, Any] = {"__str__": _first, "__module__": own.__module__}
    if hasattr(own, "pgcode"):
        members |= {name: _of_driver(name) for name in _OF_PSYCOPG2}
    return type(own.__name__, (base, own), members)


def _of_driver(name: str) -> property:
    return property(lambda self: getattr(self.driver_error, name))


def _first(self: Exception) -> str:
    return str(self.args[0]) if self.args else ""
