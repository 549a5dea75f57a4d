"""A timestamp compared with a text of another spelling, so that an index on it serves.

Texts of one shape sort as their moments do. So there is a first moment whose text is not below
the other one: ``created >= '2024-05'`` → ``created >= outgrow.first_moment('2024-05', shape)``.
Where both spellings are known, arithmetic does: ``created >= date('now')`` → ``created >= …``.
"""

from __future__ import annotations

import re
from datetime import date

from outgrow.model.types import Kind, Shape
from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.values import Rep, Value

#: Each operator when its sides are swapped.
MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: To be above a text is to be at or above the first moment that is.
_REACHED = {">": ">=", ">=": ">=", "<": "<", "<=": "<"}


def ordered(ctx: Context, operator: str, time: Value, other: Value) -> str | None:
    """Write ``time operator other`` for ``< <= > >=`` without making a text of the timestamp.

    ``time`` is a TIME whose texts sort as its moments do. Gives ``None`` where the other side
    changes from row to row and is of no known spelling.
    """
    if time.shape is None or time.shape.is_epoch:
        return None
    if other.rep is Rep.TIME and other.shape is not None:
        return _between_shapes(operator, time, time.shape, other, other.shape)
    if isinstance(other.constant, str) and time.shape.separator and _is_day(other.constant):
        return f"{time.operand} {_REACHED[operator]} timestamp {literal(other.constant)}"
    if not (other.fixed or other.is_constant):
        return None
    helper = "first_moment" if operator in (">=", "<") else "first_moment_after"
    return f"{time.operand} {_REACHED[operator]} {_called(ctx, helper, time, time.shape, other)}"


def equal(ctx: Context, time: Value, other: Value) -> str | None:
    """Write the moment whose text is ``other``, or one that no column holds."""
    same_for_all = other.fixed or other.is_constant
    if time.shape is None or time.shape.is_epoch or not (same_for_all and other.is_text):
        return None
    return _called(ctx, "spelled_moment", time, time.shape, other)


def counted(ctx: Context, left: Value, right: Value, operator: str) -> tuple[str, str] | None:
    """What to compare of a timestamp that stands for a number, without counting in each row."""
    if left.rep is right.rep is Rep.TIME and left.shape == right.shape:
        return left.operand, right.operand
    if left.rep is Rep.TIME:
        moment = _counted_moment(ctx, operator, left, right)
        return (left.operand, moment) if moment else None
    moment = _counted_moment(ctx, MIRRORED[operator], right, left)
    return (moment, right.operand) if moment else None


def _counted_moment(ctx: Context, operator: str, time: Value, other: Value) -> str | None:
    if time.rep is not Rep.TIME or not (other.fixed or other.is_constant):
        return None
    shape = literal(str(time.shape))
    if other.rep is Rep.INTEGER:
        return ctx.call("epoch_moment", other.sql, shape)
    if other.rep is Rep.REAL:
        return ctx.call("epoch_bound", other.sql, shape, literal(operator))
    return None


def _called(ctx: Context, helper: str, time: Value, shape: Shape, other: Value) -> str:
    written = ctx.call(helper, as_text(ctx, other).sql, literal(str(shape)))
    is_date = time.stored.kind is Kind.DATE if time.stored else not shape.separator
    return f"{written}::date" if is_date else written


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _between_shapes(
    operator: str, time: Value, shape: Shape, other: Value, spelled: Shape
) -> str | None:
    """Compare two timestamps of different shapes by what tells their texts apart."""
    a, b, reached = time.operand, other.operand, _REACHED[operator]
    if spelled.is_epoch:
        return None
    if not spelled.separator:
        # '2024-05-01 …' is above '2024-05-01'.
        return f"{a} {reached} {b}"
    if not shape.separator:
        return f"{a} {'>' if reached == '>=' else '<='} {b}"
    if shape.separator != spelled.separator:
        day = f"date_trunc('day', {b})"
        if shape.separator == " ":
            day = f"{day} + interval '1 day'"
        return f"{a} {reached} {day}"
    if spelled.fraction or spelled.suffix or not shape.has_seconds or not spelled.has_seconds:
        return None
    if shape.fraction_is_optional and not shape.suffix:
        return f"{a} {operator} {b}"
    return f"{a} {reached} {b}"
