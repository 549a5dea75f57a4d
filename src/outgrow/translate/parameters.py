"""Bound parameters: how a statement names them, and what its values are.

``?``, ``?N``, ``:name``, ``@name`` and ``$name`` are SQLite's
(https://www.sqlite.org/lang_expr.html#varparam), ``%s`` and ``%(name)s`` those of PostgreSQL's
drivers. All become ``?N`` before the statement is parsed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from outgrow.sqlite.percents import AmbiguousParameters, question_marks
from outgrow.translate.errors import AMBIGUOUS_PARAMETERS, UNPARSABLE, UntranslatableSQL
from outgrow.translate.expressions.values import INT64, Rep
from outgrow.translate.parse import tokens

#: SQLite's own limit: https://www.sqlite.org/limits.html#max_variable_number
_MOST = 32766

_CLASSES: dict[type, Rep] = {
    type(None): Rep.NULL,
    int: Rep.INTEGER,
    bool: Rep.INTEGER,
    float: Rep.REAL,
    str: Rep.TEXT,
    bytes: Rep.BLOB,
    bytearray: Rep.BLOB,
    memoryview: Rep.BLOB,
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """A statement whose parameters are numbered.

    Attributes:
        sql: the statement with every parameter as ``?N``.
        names: the name of each parameter in the order of its number, ``None`` without one.

    """

    sql: str
    names: tuple[str | None, ...]

    def values(self, given: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...]:
        """Put what the application passes in the order of the numbers.

        Raises KeyError for a name without a value and ValueError for a wrong count.
        """
        if isinstance(given, Mapping):
            if None in self.names:
                raise ValueError("the statement has parameters without a name")
            return tuple(given[str(name)] for name in self.names)
        if len(given) != len(self.names):
            raise ValueError(
                f"the statement has {len(self.names)} parameters, {len(given)} values were given"
            )
        return tuple(given)


def classes_of(values: Sequence[Any]) -> tuple[Rep, ...]:
    """The storage class of each value, as ``sqlite3`` binds it.

    Raises TypeError for a value that ``sqlite3`` can't bind, OverflowError for an integer beyond
    64 bits.
    """
    return tuple(map(_class_of, values))


def _class_of(value: Any) -> Rep:
    rep = _CLASSES.get(type(value)) or _inherited(value)
    if rep is Rep.INTEGER and not -INT64 <= value < INT64:
        raise OverflowError("Python int too large to convert to SQLite INTEGER")
    if rep is Rep.REAL and value != value:  # noqa: PLR0124 - NaN, which SQLite stores as NULL
        return Rep.NULL
    return rep


def _inherited(value: Any) -> Rep:
    for kind, rep in _CLASSES.items():
        if isinstance(value, kind):
            return rep
    raise TypeError(f"a value of type {type(value).__name__} can't be bound")


def tagged(value: Any) -> str | None:
    """Write a value as the JSON of an ``ANY``, for a parameter whose class was not known."""
    match value:
        case None:
            return None
        case bool() | int():
            return json.dumps(int(value))
        case float():
            if math.isinf(value):
                return json.dumps({"real": "Infinity" if value > 0 else "-Infinity"})
            # SQLite stores NaN as NULL.
            return None if math.isnan(value) else _decimal(value)
        case str():
            return json.dumps(value)
        case _:
            return json.dumps({"blob": bytes(value).hex()})


def _decimal(value: float) -> str:
    """A number with at least one decimal: its scale says that it is a REAL.

    Where integers are not all doubles the digits are exact, as those of the helper ``dynamic``.
    """
    exact = Decimal(value) if 1e15 <= abs(value) < 1.8e19 else Decimal(repr(value))
    written = format(exact, "f")
    return written if "." in written else f"{written}.0"


@lru_cache(maxsize=1024)
def scan(sql: str) -> Scanned:
    """Number the parameters of a statement.

    Raises UntranslatableSQL where ``?`` and ``%s`` are mixed or ``%%`` may mean one or two signs,
    and for a NUL character, which ends a statement for SQLite.
    """
    if "\0" in sql:
        raise UntranslatableSQL(UNPARSABLE, "the query contains a null character")
    try:
        marked = question_marks(sql)
    except AmbiguousParameters as error:
        raise UntranslatableSQL(AMBIGUOUS_PARAMETERS, str(error), error.hint) from None
    written: list[str] = []
    names: list[str | None] = []
    for token in tokens(marked):
        is_parameter = token.category == "parameter"
        written.append(f"?{_sqlite_number(names, token.text)}" if is_parameter else token.text)
    return Scanned("".join(written), tuple(names))


def _sqlite_number(names: list[str | None], text: str) -> int:
    if text == "?":
        return _number(names, None)
    if text[0] != "?":
        return _number(names, text[1:])
    number = int(text[1:])
    if not 1 <= number <= _MOST:
        what = f"variable number must be between ?1 and ?{_MOST}"
        raise UntranslatableSQL(AMBIGUOUS_PARAMETERS, what)
    names.extend([None] * (number - len(names)))
    return number


def _number(names: list[str | None], name: str | None) -> int:
    if name is not None and name in names:
        return names.index(name) + 1
    names.append(name)
    return len(names)


#: What stands for a parameter until the statement is whole; no SQL text can hold a NUL.
_MARKER = re.compile("\0([^\0]+)\0")


def marker(key: int | str) -> str:
    """Write what stands for a parameter, or for a fact of the connection, in translated SQL."""
    return f"\0{key}\0"


def placeholder(key: int | str) -> str:
    """The name that a parameter, or a fact of the connection, has in PostgreSQL's statement."""
    return f"p{key}" if isinstance(key, int) else key


def placed(sql: str) -> tuple[str, tuple[int | str, ...]]:
    """Give the SQL with ``%(name)s`` for each marker, and their keys.

    A parameter that stands twice is one and the same to PostgreSQL, so that an expression in
    GROUP BY is that of the result column. As PostgreSQL's drivers want it, any other ``%`` is
    doubled where there is a marker at all.
    """
    pieces = _MARKER.split(sql)
    if len(pieces) == 1:
        return sql, ()
    keys = [int(key) if key.isdigit() else key for key in pieces[1::2]]
    marks = [f"%({placeholder(key)})s" for key in keys] + [""]
    texts = (piece.replace("%", "%%") for piece in pieces[::2])
    written = "".join(text + mark for text, mark in zip(texts, marks, strict=True))
    return written, tuple(dict.fromkeys(keys))
