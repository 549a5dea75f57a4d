"""Storing a value in a column: SQLite's affinity first, then the column's type must hold it.

A column of PostgreSQL has one type, a column of SQLite takes any value
(https://www.sqlite.org/datatype3.html#type_affinity). What is known to fit is written plainly; what
only the row tells is tested there by a helper ``store_…``, which gives the value or raises an
integrity error that names the column; what never fits is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import UNFIT_VALUE, UntranslatableSQL
from outgrow.translate.expressions.compare import moment_literal
from outgrow.translate.expressions.convert import (
    as_any,
    as_number,
    as_numeric,
    as_text,
    base,
    widened,
)
from outgrow.translate.expressions.fold import held
from outgrow.translate.expressions.values import (
    EXACT_DIGITS,
    EXACT_INTEGER,
    NUMBERS,
    NUMERIC_AFFINITIES,
    Rep,
    Value,
    constant,
)

#: The classes of values that an affinity never converts.
_UNCHANGED: dict[Affinity, tuple[type, ...]] = {
    Affinity.TEXT: (str, bytes),
    Affinity.NUMERIC: (int, bytes),
    Affinity.INTEGER: (int, bytes),
    Affinity.REAL: (bytes,),
    Affinity.BLOB: (int, float, str, bytes),
}
_EPOCHS = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}


def assigned(
    ctx: Context, value: Value, kind: TargetType, affinity: Affinity | None, place: str = ""
) -> str:
    """Write a value as it is stored in a column of this type and affinity.

    Args:
        ctx: what the translation collects.
        value: what SQLite stores.
        kind: the column's type.
        affinity: SQLite's affinity of the column, ``None`` for one that converts nothing.
        place: ``table.column`` for the error of a value that does not fit; '' where no row can
            be tested, so that what may not fit is refused.

    Raises:
        UntranslatableSQL: where the column could hold another value than SQLite would, or none.

    """
    if value.rep is Rep.NULL:
        return "NULL"
    return _Storing(ctx, kind, affinity, place).write(value)


@dataclass(frozen=True, slots=True)
class _Storing:
    """Where a value goes."""

    ctx: Context
    kind: TargetType
    affinity: Affinity | None
    place: str

    @property
    def is_numeric(self) -> bool:
        """Whether a text that spells a number becomes one."""
        return self.affinity in NUMERIC_AFFINITIES

    def write(self, value: Value) -> str:
        if value.loose:
            value = self._respelled(value)
        is_held_alike = value.rep is not Rep.ANY or self.kind.tagged
        if value.stored == self.kind and value.affinity == self.affinity and is_held_alike:
            return base(self.ctx, value).sql if value.rep is Rep.OPAQUE else value.sql
        if value.is_constant:
            value = self._settled(value)
        elif value.numeral and self.is_numeric:
            value = as_number(self.ctx, value)
        if self.kind.tagged:
            return as_any(self.ctx, value).sql
        match self.kind.kind:
            case Kind.BIGINT:
                return self._integer(value)
            case Kind.BOOLEAN:
                return self._boolean(value)
            case Kind.DOUBLE:
                return self._double(value)
            case Kind.NUMERIC:
                return self._numeric(value)
            case Kind.TEXT:
                return self._text(value)
            case Kind.BYTEA:
                return self._bytes(value)
            case Kind.TIMESTAMP | Kind.DATE:
                return self._moment(value)
            case _:
                return self._document(value)

    def _respelled(self, value: Value) -> Value:
        """JSON from a jsonb column, which only a jsonb column may hold in another spelling."""
        if self.kind.kind is Kind.JSONB and value.rep is Rep.TEXT:
            return replace(value, loose=False)
        return base(self.ctx, value)

    def _settled(self, value: Value) -> Value:
        """A constant as the column's affinity stores it, which SQLite itself says."""
        if isinstance(value.constant, _UNCHANGED[self.affinity or Affinity.BLOB]):
            return value
        stored = constant(held(value.constant, self.affinity or Affinity.BLOB))
        return replace(stored, affinity=value.affinity)

    # --- telling what does not fit --------------------------------------------------------------

    def unfit(self, value: Value) -> UntranslatableSQL:
        given = f"text spelled {value.shape}" if value.shape else value.sql
        if value.is_constant:
            given = repr(value.constant)
        shape = self.kind.shape
        column = f"{self.kind}, whose texts are spelled {shape}" if shape else str(self.kind)
        where = f"{self.place}, which is" if self.place else "a column of type"
        return UntranslatableSQL(
            UNFIT_VALUE,
            f"{given} can't be stored in {where} {column}",
            "Give the column another type in the plan file",
        )

    def _tested(self, value: Value, helper: str, *arguments: str) -> str:
        """Call a helper that tests the value in each row."""
        if not self.place:
            raise self.unfit(value)
        return self.ctx.call(helper, *arguments, literal(self.place))

    @property
    def _converts(self) -> str:
        return "true" if self.is_numeric else "false"

    # --- numbers --------------------------------------------------------------------------------

    def _integer(self, value: Value) -> str:
        if self.affinity is Affinity.TEXT or _is_spelled_moment(value):
            raise self.unfit(value)
        if value.is_constant:
            number = value.constant
            if isinstance(number, int) or self._is_whole(number):
                return constant(int(number)).sql  # type: ignore[arg-type]
            raise self.unfit(value)
        value = base(self.ctx, value)
        match value.rep:
            case Rep.INTEGER if self.affinity is Affinity.REAL and not value.narrow:
                return self._whole(replace(value, rep=Rep.REAL, sql=f"{value.operand}::float8"))
            case Rep.INTEGER:
                return value.sql
            case Rep.REAL if not self.is_numeric:
                raise self.unfit(value)
            case Rep.REAL | Rep.DYNAMIC:
                return self._whole(value)
            case Rep.TEXT if self.is_numeric:
                if not self.place:
                    # An error where SQLite would store the text.
                    return self.ctx.call("integer_spelled", value.sql)
                return self._whole_of_any(value)
            case Rep.ANY:
                return self._whole_of_any(value)
            case _:
                raise self.unfit(value)

    def _is_whole(self, number: object) -> bool:
        """Whether a real is kept as an integer: in a column of reals that are all whole."""
        if not isinstance(number, float) or self.affinity is not Affinity.REAL:
            return False
        return abs(number) < EXACT_INTEGER and number.is_integer()

    def _whole(self, value: Value) -> str:
        number = as_numeric(self.ctx, value)
        return self._tested(value, "store_integer", number, self._converts)

    def _whole_of_any(self, value: Value) -> str:
        return self._tested(value, "store_any_integer", as_any(self.ctx, value).sql, self._converts)

    def _boolean(self, value: Value) -> str:
        if value.rep is Rep.BOOLEAN and self.affinity is not Affinity.TEXT:
            return value.sql
        if value.is_constant:
            if value.constant in (0, 1) and self.affinity is not Affinity.TEXT:
                return "true" if value.constant == 1 else "false"
            raise self.unfit(value)
        whole = self._integer(value)
        if not self.place:
            return self.ctx.call("to_boolean", f"({whole})::bigint")
        return self._tested(value, "store_boolean", whole)

    def _double(self, value: Value) -> str:
        if value.is_constant:
            return self._constant_double(value)
        if _is_spelled_moment(value):
            raise self.unfit(value)
        is_double = value.double or (value.digits or 99) <= EXACT_DIGITS
        if self.is_numeric and (
            value.rep is Rep.DECIMAL or (value.rep is Rep.NUMBER and is_double)
        ):
            return f"{value.operand}::double precision"
        value = base(self.ctx, value)
        match value.rep:
            case Rep.REAL if self.affinity is Affinity.REAL:
                # SQLite keeps whole numbers there as integers, which have no -0.0
                # (https://www.sqlite.org/datatype3.html#storage_classes_and_datatypes).
                return f"({value.operand} + 0)"
            case Rep.REAL:
                return value.sql
            case Rep.INTEGER if value.narrow or self.affinity is Affinity.REAL:
                return f"{value.operand}::double precision"
            case Rep.INTEGER if self.is_numeric:
                return self._tested(value, "store_double", widened(value))
            case Rep.DYNAMIC if self.affinity is Affinity.REAL:
                return f"{value.operand}::double precision"
            case Rep.DYNAMIC | Rep.ANY:
                return self._any_double(value)
            case Rep.TEXT if self.is_numeric:
                return self._any_double(value)
            case _:
                raise self.unfit(value)

    def _constant_double(self, value: Value) -> str:
        number = value.constant
        if isinstance(number, int) and self.is_numeric and abs(number) <= EXACT_INTEGER:
            number = float(number)
        if isinstance(number, float):
            return constant(number).sql
        raise self.unfit(value)

    def _any_double(self, value: Value) -> str:
        given = as_any(self.ctx, value).sql
        return self._tested(value, "store_any_double", given, self._affinity)

    @property
    def _affinity(self) -> str:
        return literal(str(self.affinity or Affinity.BLOB))

    def _numeric(self, value: Value) -> str:
        if value.is_constant and isinstance(value.constant, int | float):
            return self._constant_numeric(value, value.constant)
        if _is_spelled_moment(value):
            raise self.unfit(value)
        room = value.stored if value.stored and value.stored.kind is Kind.NUMERIC else None
        if value.rep in (Rep.DECIMAL, Rep.NUMBER) and not value.double and self._has_room(room):
            return value.sql
        value = base(self.ctx, value)
        if value.rep in (Rep.INTEGER, Rep.REAL, Rep.DYNAMIC):
            if value.rep is Rep.INTEGER and (self.kind.precision is None or value.narrow):
                # PostgreSQL itself refuses a number with too many digits before the point.
                return value.sql
            return self._fitting(value, as_numeric(self.ctx, value))
        if value.rep is Rep.ANY or (value.rep is Rep.TEXT and self.is_numeric):
            given = as_any(self.ctx, value).sql
            number = self._tested(value, "store_any_numeric", given, self._affinity)
            return self._fitting(value, number)
        raise self.unfit(value)

    def _constant_numeric(self, value: Value, number: float) -> str:
        digits, _, places = repr(number).partition(".")
        exponent = "e" in repr(number) or "inf" in repr(number)
        scale = 0 if places == "0" else len(places)
        room = (self.kind.precision or 1000) - (self.kind.scale or 0)
        fits = scale <= (1000 if self.kind.precision is None else self.kind.scale or 0)
        if not exponent and fits and len(digits.strip("-").lstrip("0")) <= room:
            return repr(number)
        if self.kind.precision is None:
            return as_numeric(self.ctx, value)
        raise self.unfit(value)

    def _has_room(self, stored: TargetType | None) -> bool:
        if self.kind.precision is None:
            return True
        if stored is None or stored.precision is None:
            return False
        whole = stored.precision - (stored.scale or 0)
        scale = self.kind.scale or 0
        return (stored.scale or 0) <= scale and whole <= self.kind.precision - scale

    def _fitting(self, value: Value, number: str) -> str:
        if self.kind.precision is None:
            return number
        size = (str(self.kind.precision), str(self.kind.scale or 0))
        return self._tested(value, "store_numeric", number, *size)

    # --- texts ----------------------------------------------------------------------------------

    def _string(self, value: Value) -> str:
        """The text that is stored, where it is one."""
        if value.is_constant and not isinstance(value.constant, str):
            raise self.unfit(value)
        if value.is_text:
            written = as_text(self.ctx, value)
            # A date is never a number as a whole.
            if not self.is_numeric or value.is_constant or value.shape is not None:
                return written.sql
            if value.affinity in NUMERIC_AFFINITIES and value.column:
                # What spells a number is no text where it comes from.
                return written.sql
            return self._tested(value, "store_text", written.sql)
        if self.affinity is Affinity.TEXT and value.rep in NUMBERS | {Rep.TIME}:
            return as_text(self.ctx, value).sql
        if value.rep is Rep.ANY:
            return self._tested(value, "store_any_text", value.sql, self._affinity)
        raise self.unfit(value)

    def _text(self, value: Value) -> str:
        return self._string(value)

    def _bytes(self, value: Value) -> str:
        if value.rep is Rep.BLOB:
            return value.sql
        if value.rep is Rep.ANY:
            return self._tested(value, "store_any_blob", value.sql)
        raise self.unfit(value)

    def _moment(self, value: Value) -> str:
        shape = self.kind.shape
        if shape is None:
            raise self.unfit(value)
        if value.rep is Rep.TIME and value.shape is not None and holds(shape, value.shape):
            return value.sql
        if shape.is_epoch:
            return self._tested(
                value, "store_epoch", self._integer(value), str(_EPOCHS[shape.notation])
            )
        if value.is_constant:
            moment = moment_literal(value.constant, shape)
            if moment is not None:
                return moment
            raise self.unfit(value)
        if value.shape is not None and not _may_hold(shape, value.shape):
            raise self.unfit(value)
        moment = self._tested(
            value, "store_moment", self._bare_string(value), literal(shape.notation)
        )
        return f"{moment}::date" if self.kind.kind is Kind.DATE else moment

    def _bare_string(self, value: Value) -> str:
        """The text, where what it is tested for rules out that it spells a number."""
        return replace(self, affinity=None)._string(value) if value.is_text else self._string(value)

    def _document(self, value: Value) -> str:
        """A text in a json, jsonb or uuid column."""
        if value.is_constant:
            self._check_constant(value)
            return self._parsed(value)
        if value.stored == self.kind and value.rep is not Rep.ANY and not self.is_numeric:
            return value.sql
        if not self.place:
            if not value.is_text:
                raise self.unfit(value)
            return self._parsed(value)
        helper = f"store_{self.kind.kind.value}"
        is_uuid = self.kind.kind is Kind.UUID
        written = self._bare_string(value) if is_uuid else self._string(value)
        return self._tested(value, helper, written)

    def _parsed(self, value: Value) -> str:
        written = as_text(self.ctx, value)
        if self.kind.kind is Kind.JSONB and not (written.is_constant and _is_plain(written.sql)):
            return self.ctx.call("jsonb_of", written.sql)
        return f"{written.operand}::{self.kind}"

    def _check_constant(self, value: Value) -> None:
        """A constant that is no JSON or UUID would only fail when the row is written."""
        text = value.constant
        if not isinstance(text, str):
            raise self.unfit(value)
        try:
            if self.kind.kind is Kind.UUID:
                well_formed = str(UUID(text)) == text
            else:
                hook = _unique if self.kind.kind is Kind.JSONB else None
                json.loads(text, parse_constant=_no_constant, object_pairs_hook=hook)
                well_formed = "\\u0000" not in text
        except ValueError:
            well_formed = False
        if not well_formed:
            raise self.unfit(value)


def _is_spelled_moment(value: Value) -> bool:
    """Whether it is the text of a date, which is never a number as a whole."""
    return value.rep is Rep.TIME and value.is_text


def _is_plain(written: str) -> bool:
    """Whether a constant has no number with an exponent, which jsonb takes for an integer."""
    return not re.search(r"\d[eE][\d+-]", written)


def _no_constant(name: str) -> None:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def holds(column: Shape, value: Shape) -> bool:
    """Whether a column of one shape gives back every text of another."""
    if column == value:
        return True
    return (
        column.fraction_is_optional
        and value.has_seconds
        and not value.fraction
        and (column.separator, column.suffix) == (value.separator, value.suffix)
    )


def _may_hold(column: Shape, value: Shape) -> bool:
    """Whether a column of one shape gives back some text of another."""
    if column.is_epoch or value.is_epoch:
        return False
    return holds(column, value) or holds(value, column)
