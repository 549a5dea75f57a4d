"""Storing a value in a column: SQLite's affinity first, then the column's type must hold it.

https://www.sqlite.org/datatype3.html#type_affinity
"""

from __future__ import annotations

import json
from uuid import UUID

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate.compare import moment_literal, numeric_constant
from outgrow.translate.context import Context
from outgrow.translate.convert import (
    as_double,
    as_number,
    as_text,
    base,
    widened,
)
from outgrow.translate.errors import UNFIT_VALUE, UntranslatableSQL
from outgrow.translate.values import NUMERIC_AFFINITIES, Rep, Value


def assigned(ctx: Context, value: Value, kind: TargetType, affinity: Affinity | None) -> str:
    """Write a value as it is stored in a column of this type and affinity.

    Raises UntranslatableSQL where the column could hold another value than SQLite would, or
    none.
    """
    if value.rep is Rep.NULL:
        return "NULL"
    if value.stored == kind and value.rep is not Rep.OPAQUE:
        return value.sql
    if value.numeral and affinity in NUMERIC_AFFINITIES:
        value = as_number(ctx, value)
    match kind.kind:
        case Kind.BIGINT:
            return _integer(ctx, value, kind, affinity)
        case Kind.BOOLEAN:
            return _boolean(ctx, value, kind)
        case Kind.DOUBLE:
            return _double(ctx, value, kind)
        case Kind.NUMERIC:
            return _numeric(value, kind)
        case Kind.TEXT:
            return _text(ctx, value, kind, affinity)
        case Kind.BYTEA if value.rep is Rep.BLOB:
            return value.sql
        case Kind.TIMESTAMP | Kind.DATE:
            return _moment(value, kind)
        case Kind.JSON | Kind.JSONB | Kind.UUID if value.is_text:
            _check_constant(value, kind)
            return f"{as_text(ctx, value).operand}::{kind}"
        case _:
            raise _unfit(value, kind)


def _unfit(value: Value, kind: TargetType) -> UntranslatableSQL:
    given = f"text spelled {value.shape}" if value.shape else value.sql
    column = f"{kind}, whose texts are spelled {kind.shape}" if kind.shape else str(kind)
    return UntranslatableSQL(
        UNFIT_VALUE,
        f"{given} can't be stored in a column of type {column}",
        "Give the column another type in the plan file",
    )


def _integer(ctx: Context, value: Value, kind: TargetType, affinity: Affinity | None) -> str:
    if value.rep is Rep.TEXT and not value.is_constant and value.shape is None:
        # A text that is no integer is an error here, where SQLite would store the text.
        if affinity in NUMERIC_AFFINITIES:
            return f"{value.operand}::bigint"
        raise _unfit(value, kind)
    number = _settled_number(ctx, value, affinity)
    if number is None or number.rep is not Rep.INTEGER:
        raise _unfit(value, kind)
    return number.sql


def _settled_number(ctx: Context, value: Value, affinity: Affinity | None) -> Value | None:
    """A number, or a constant text that numeric affinity turns into one."""
    if value.is_number:
        return base(ctx, value)
    if affinity in NUMERIC_AFFINITIES and value.is_constant and isinstance(value.constant, str):
        return numeric_constant(value.constant)
    return None


def _boolean(ctx: Context, value: Value, kind: TargetType) -> str:
    if value.rep is Rep.BOOLEAN:
        return value.sql
    if value.is_constant:
        if value.constant in (0, 1, "0", "1"):
            return "true" if value.constant in (1, "1") else "false"
        raise _unfit(value, kind)
    if value.rep is Rep.INTEGER:
        return ctx.call("to_boolean", widened(value))
    raise _unfit(value, kind)


def _double(ctx: Context, value: Value, kind: TargetType) -> str:
    if not value.is_number:
        raise _unfit(value, kind)
    return as_double(ctx, value).sql


def _numeric(value: Value, kind: TargetType) -> str:
    if value.rep in (Rep.DECIMAL, Rep.NUMBER, Rep.INTEGER) and kind.precision is None:
        return value.sql
    if value.is_constant and isinstance(value.constant, int | float):
        digits, _, places = repr(value.constant).partition(".")
        exponent = "e" in repr(value.constant) or "inf" in repr(value.constant)
        scale = 0 if places == "0" else len(places)
        room = (kind.precision or 1000) - (kind.scale or 0)
        fits = scale <= (1000 if kind.precision is None else kind.scale or 0)
        if not exponent and fits and len(digits.strip("-").lstrip("0")) <= room:
            return repr(value.constant)
    stored = value.stored
    if stored and stored.kind is Kind.NUMERIC and (stored.scale or 99) <= (kind.scale or 0):
        return value.sql
    if value.rep is Rep.INTEGER:
        return value.sql
    raise _unfit(value, kind)


def _text(ctx: Context, value: Value, kind: TargetType, affinity: Affinity | None) -> str:
    if value.is_text:
        return as_text(ctx, value).sql
    if affinity is Affinity.TEXT and value.is_number:
        return as_text(ctx, value).sql
    raise _unfit(value, kind)


def _check_constant(value: Value, kind: TargetType) -> None:
    """A constant that is no JSON or UUID would only fail when the table is made."""
    if not value.is_constant or not isinstance(value.constant, str):
        return
    try:
        if kind.kind is Kind.UUID:
            well_formed = str(UUID(value.constant)) == value.constant
        else:
            json.loads(value.constant, parse_constant=_no_constant)
            well_formed = "\\u0000" not in value.constant
    except ValueError:
        well_formed = False
    if not well_formed:
        raise _unfit(value, kind)


def _no_constant(name: str) -> None:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


def _moment(value: Value, kind: TargetType) -> str:
    if kind.shape is None:
        raise _unfit(value, kind)
    if value.rep is Rep.TIME and value.shape is not None and holds(kind.shape, value.shape):
        return value.sql
    if value.is_constant:
        moment = moment_literal(value.constant, kind.shape)
        if moment is not None:
            return moment
    raise _unfit(value, kind)


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
