"""Comparison by affinity and storage class.

https://www.sqlite.org/datatype3.html#comparison_expressions: affinity is applied first, then
NULL < numbers < texts < blobs, numbers by value, texts by collation, blobs by bytes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate.context import Context
from outgrow.translate.errors import MIXED_CLASSES, UntranslatableSQL, unsupported
from outgrow.translate.expressions.convert import (
    as_any,
    as_double,
    as_number,
    as_numeric,
    as_text,
    base,
    collated,
)
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import (
    EXACT_DIGITS,
    EXACT_INTEGER,
    NUMERIC_AFFINITIES,
    Constant,
    Rep,
    Value,
    condition,
    constant,
)
from outgrow.translate.times import bounds

_NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t\n\v\f\r]*")
_ORDER = frozenset({"<", "<=", ">", ">="})
#: The double that takes the place of an integer beside a double, so that the result is the same.
_BOUNDS = {
    "=": "double_equal",
    "<>": "double_equal",
    "<": "double_above",
    "<=": "double_below",
    ">": "double_below",
    ">=": "double_above",
}
_ANY_COLLATIONS = {"NOCASE": "any_nocase", "RTRIM": "any_rtrim"}
_IDENTITY = {"=": "IS NOT DISTINCT FROM", "<>": "IS DISTINCT FROM"}


def compare(ctx: Context, operator: str, left: Value, right: Value) -> Value:
    """Translate ``left operator right``; the operator is ``= <> < <= > >=``."""
    if Rep.NULL in (left.rep, right.rep):
        return condition("NULL::boolean", nullable=True, atom=True)
    _check_affinity(left, right)
    left, right = _spelled_number(ctx, left, right), _spelled_number(ctx, right, left)
    nullable = left.nullable or right.nullable
    if Rep.ANY in (left.rep, right.rep):
        a, b = _any_operands(ctx, left, right, ordered=operator in _ORDER)
        if operator in _ORDER:
            a, b = ctx.call("any_order", a, b), "0"
        return condition(f"{a} {operator} {b}", nullable=nullable)
    if _needs_order(left, right):
        if operator in _IDENTITY and left.rep is Rep.INTEGER and right.fixed:
            return _equals_text(ctx, operator, left, right)
        return condition(f"{_order_of(ctx, left, right)} {operator} 0", nullable=nullable)
    if _needs_order(right, left):
        if operator in _IDENTITY and right.rep is Rep.INTEGER and left.fixed:
            return _equals_text(ctx, operator, right, left)
        order = f"0 {operator} {_order_of(ctx, right, left)}"
        return condition(order, nullable=nullable)
    if _is_undecided(left, right):
        return _undecided(ctx, operator, left, right)
    if _is_undecided(right, left):
        return _undecided(ctx, bounds.MIRRORED[operator], right, left)
    prepared = _prepare(ctx, left, right)
    if isinstance(prepared, int):
        return _always(operator, prepared, left, right)
    shortcut = _boolean_test(operator, *prepared)
    if shortcut is not None:
        return shortcut
    collation = _collation(left, right)
    if operator in _ORDER and collation == "BINARY":
        moments = _ordered_times(ctx, operator, *prepared)
        if moments is not None:
            return condition(moments, nullable=nullable)
    a, b = _operands(ctx, *prepared, collation, operator)
    return condition(f"{a} {operator} {b}", nullable=nullable)


def equal_operands(ctx: Context, left: Value, right: Value) -> tuple[str, str] | None:
    """What ``left = right`` compares, where it is a plain ``=`` in PostgreSQL."""
    return plain_operands(ctx, left, right)


def plain_operands(
    ctx: Context, left: Value, right: Value, operator: str = "="
) -> tuple[str, str] | None:
    """What ``left operator right`` compares, where PostgreSQL has that operator."""
    if Rep.NULL in (left.rep, right.rep):
        return None
    _check_affinity(left, right)
    if Rep.ANY in (left.rep, right.rep):
        return None if operator in _ORDER else _any_operands(ctx, left, right)
    if _needs_order(left, right) or _needs_order(right, left):
        return None
    if _is_undecided(left, right):
        left, right = replace(left, affinity=None), replace(right, affinity=None)
    prepared = _prepare(ctx, left, right)
    if isinstance(prepared, int) or _boolean_test("=", *prepared) is not None:
        return None
    return _operands(ctx, *prepared, _collation(left, right), operator)


def identical(ctx: Context, operator: str, left: Value, right: Value) -> Value:
    """Translate IS (``=``) and IS NOT (``<>``): NULL equals NULL, the result is never NULL."""
    if left.rep is Rep.NULL:
        left, right = right, left
    if right.rep is Rep.NULL:
        test = "IS NULL" if operator == "=" else "IS NOT NULL"
        return condition(f"{left.operand} {test}", nullable=False)
    if not (left.nullable or right.nullable):
        return compare(ctx, operator, left, right)
    _check_affinity(left, right)
    if Rep.ANY in (left.rep, right.rep):
        a, b = _any_operands(ctx, left, right)
        return condition(f"{a} {_IDENTITY[operator]} {b}", nullable=False)
    if _needs_order(left, right) or _needs_order(right, left):
        number, text = (left, right) if left.is_number else (right, left)
        both = f"{number.operand} IS NULL AND {text.operand} IS NULL"
        same = f"COALESCE({_order_of(ctx, number, text)} = 0, {both})"
        return condition(same if operator == "=" else f"NOT {same}", nullable=False)
    if _is_undecided(left, right) or _is_undecided(right, left):
        left, right = replace(left, affinity=None), replace(right, affinity=None)
    prepared = _prepare(ctx, left, right)
    if isinstance(prepared, int):
        both = f"{left.operand} IS NULL AND {right.operand} IS NULL"
        return condition(both if operator == "=" else f"NOT ({both})", nullable=False)
    a, b = _operands(ctx, *prepared, _collation(left, right), "=")
    return condition(f"{a} {_IDENTITY[operator]} {b}", nullable=False)


def _check_affinity(left: Value, right: Value) -> None:
    """Refuse a comparison that hangs on an affinity which is not known."""
    alike = (left.is_number and right.is_number) or (left.is_text and right.is_text)
    if (left.by_arm or right.by_arm) and not alike:
        raise unsupported(
            "a comparison with a column of a compound SELECT whose arms have different affinities",
            "CAST the column in each SELECT",
        )


def _any_operands(
    ctx: Context, left: Value, right: Value, *, ordered: bool = False
) -> tuple[str, str]:
    """Both sides as ANY, after the affinity of each was applied to the other."""
    collation = _collation(left, right)
    ordered = ordered or collation != "BINARY"
    a = _any_operand(ctx, left, right, _any_beside(ctx, left, right, ordered=ordered))
    b = _any_operand(ctx, right, left, _any_beside(ctx, right, left, ordered=ordered))
    if collation != "BINARY":
        helper = _ANY_COLLATIONS.get(collation)
        if helper is None:
            raise _unknown_collation(collation)
        a, b = ctx.call(helper, a), ctx.call(helper, b)
    return a, b


def _any_beside(ctx: Context, value: Value, other: Value, *, ordered: bool) -> str:
    """Write a value as ANY; one from jsonb as it is where it can be, so that an index serves it."""
    if _is_comparable(value, other, ordered=ordered):
        return value.sql
    written = as_any(ctx, value).sql
    if _is_comparable(other, value, ordered=ordered) and not (value.is_number or value.is_constant):
        return ctx.call("any_unlike_json", written)
    return written


def _is_comparable(value: Value, other: Value, *, ordered: bool) -> bool:
    """Whether a value from jsonb compares right though its objects and arrays lost their text.

    Texts are greater than numbers, and equal to none that does not look like an object or array.
    """
    if not value.loose or value.rep is not Rep.ANY or other.loose:
        return False
    if other.is_number or ordered:
        return other.is_number
    return not (isinstance(other.constant, str) and other.constant.startswith(("{", "[")))


def _any_operand(ctx: Context, value: Value, other: Value, written: str) -> str:
    if other.affinity in NUMERIC_AFFINITIES and value.affinity not in NUMERIC_AFFINITIES:
        if not value.is_number:
            return ctx.call("any_numeric_affinity", written)
    elif other.affinity is Affinity.TEXT and value.affinity is None and not value.is_text:
        return ctx.call("any_text_affinity", written)
    return written


def _unknown_collation(collation: str) -> UntranslatableSQL:
    return unsupported(f"the collation {collation}, which only the application knows")


def _needs_order(number: Value, text: Value) -> bool:
    """Whether a number's column meets a text that may or may not be a number, row by row."""
    return (
        number.is_number
        and number.affinity in NUMERIC_AFFINITIES
        and text.is_text
        and text.rep is not Rep.JSONB
        and text.shape is None
        and not text.is_constant
        and text.affinity not in NUMERIC_AFFINITIES
    )


def _spelled_number(ctx: Context, text: Value, number: Value) -> Value:
    """A text that always spells a number, as numeric affinity takes it: strftime('%s')."""
    if text.numeral in (Rep.INTEGER, Rep.REAL) and _needs_order(number, text):
        return replace(as_number(ctx, text), fixed=text.fixed)
    return text


def _is_undecided(column: Value, text: Value) -> bool:
    """Whether a column of texts gives numeric affinity to a text that may be a number.

    ``DATETIME`` has numeric affinity: https://www.sqlite.org/datatype3.html#affinity_name_examples
    """
    return (
        column.is_text
        and column.column
        and column.affinity in NUMERIC_AFFINITIES
        and text.is_text
        and not text.is_constant
        and text.shape is None
        and text.affinity not in NUMERIC_AFFINITIES
    )


def _undecided(ctx: Context, operator: str, column: Value, text: Value) -> Value:
    """Compare texts; one that is a number comes before all texts, and the column has no such."""
    plain = compare(ctx, operator, replace(column, affinity=None), replace(text, affinity=None))
    if operator in _IDENTITY:
        return plain
    number = ctx.call("is_number", as_text(ctx, text).sql)
    if operator in (">", ">="):
        return condition(
            f"{plain.operand} OR ({number} AND {column.operand} IS NOT NULL)",
            nullable=plain.nullable,
        )
    decided = f"NOT {number}"
    if column.nullable:
        decided = f"({decided} OR ({column.operand} IS NULL AND NULL::boolean))"
    return condition(f"{plain.operand} AND {decided}", nullable=plain.nullable)


def _order_of(ctx: Context, number: Value, text: Value) -> str:
    return ctx.call("number_text_order", as_numeric(ctx, number), as_text(ctx, text).sql)


def _equals_text(ctx: Context, operator: str, number: Value, text: Value) -> Value:
    """An integer column compared with one text for all rows, so that an index on it serves."""
    written = as_text(ctx, text)
    key = ctx.call("integer_of_text", written.sql)
    is_number = f"{key} IS NOT NULL"
    unknown = [f"{each.operand} IS NULL" for each in (number, written) if each.nullable]
    if unknown:
        is_number = f"({is_number} OR ({_either(unknown)} AND NULL::boolean))"
    test = condition(
        f"{number.operand} = {key} AND {is_number}", nullable=number.nullable or text.nullable
    )
    return test if operator == "=" else condition(f"NOT {test.operand}", nullable=test.nullable)


def _either(tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def _prepare(ctx: Context, left: Value, right: Value) -> tuple[Value, Value] | int:
    """Apply affinity; give both operands, or -1 or 1 where the classes alone decide."""
    for value in (left, right):
        if value.rep is Rep.OPAQUE or value.rep is Rep.JSONB:
            base(ctx, value)
    left_is_numeric = left.affinity in NUMERIC_AFFINITIES
    right_is_numeric = right.affinity in NUMERIC_AFFINITIES
    if left_is_numeric and not right_is_numeric:
        right = _as_numeric_affinity(right, left)
    elif right_is_numeric and not left_is_numeric:
        left = _as_numeric_affinity(left, right)
    elif left.affinity is Affinity.TEXT and right.affinity is None:
        right = _as_text_affinity(ctx, right)
    elif right.affinity is Affinity.TEXT and left.affinity is None:
        left = _as_text_affinity(ctx, left)
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    return left, right


def _as_numeric_affinity(value: Value, other: Value) -> Value:
    if not value.is_text:
        return value
    if value.is_constant and isinstance(value.constant, str):
        return numeric_constant(value.constant) or value
    if value.shape is not None:
        # A date is never a number as a whole.
        return value
    raise UntranslatableSQL(
        MIXED_CLASSES,
        f"{value.sql} is text and compared with the number {other.sql}",
        "CAST one of them",
    )


def numeric_constant(text: str) -> Value | None:
    """What numeric affinity makes of a text; ``None`` where it stays a text."""
    if not _NUMBER.fullmatch(text):
        return None
    return constant(evaluate("CAST(?1 AS NUMERIC)", text))


def _as_text_affinity(ctx: Context, value: Value) -> Value:
    return as_text(ctx, value) if value.is_number else value


def _rank(value: Value) -> int:
    if value.is_number:
        return 0
    return 1 if value.is_text else 2


def _always(operator: str, order: int, left: Value, right: Value) -> Value:
    """Classes differ: the result is the same for every pair of values that are not NULL."""
    truth = {
        "=": False,
        "<>": True,
        "<": order < 0,
        "<=": order < 0,
        ">": order > 0,
        ">=": order > 0,
    }[operator]
    written = "true" if truth else "false"
    tests = [f"{v.operand} IS NOT NULL" for v in (left, right) if v.nullable]
    if not tests:
        return condition(written, nullable=False, atom=True)
    return condition(f"CASE WHEN {' AND '.join(tests)} THEN {written} END", nullable=True)


def _boolean_test(operator: str, left: Value, right: Value) -> Value | None:
    """``flag = 1`` is ``flag``, ``flag = 0`` is ``NOT flag``."""
    if left.is_constant:
        left, right = right, left
    if left.rep is not Rep.BOOLEAN or operator in _ORDER or right.constant not in (0, 1):
        return None
    if (right.constant == 1) is (operator == "="):
        return replace(left.computed(), rep=Rep.BOOLEAN)
    return condition(f"NOT {left.operand}", nullable=left.nullable)


def _collation(left: Value, right: Value) -> str:
    """https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql."""
    for value in (left, right):
        if value.explicit:
            return value.collation
    if left.column or left.affinity is not None:
        return left.collation
    return right.collation


def _operands(
    ctx: Context, left: Value, right: Value, collation: str, operator: str
) -> tuple[str, str]:
    ordered = operator in _ORDER
    if left.is_number:
        counted = bounds.counted(ctx, left, right, operator)
        return counted or _numbers(ctx, left, right, operator)
    if left.rep is Rep.BLOB:
        return left.operand, right.operand
    if collation == "BINARY":
        moments = _times(ctx, left, right, ordered=ordered)
        if moments is not None:
            return moments
    a, b = as_text(ctx, left), as_text(ctx, right)
    return folded(a, collation, ordered=ordered), folded(b, collation, ordered=ordered)


def folded(value: Value, collation: str, *, ordered: bool) -> str:
    """Write a text so that comparing bytes is comparing by the collation.

    A constant is folded here: PostgreSQL evaluates ``lower('A')`` in a generated column before it
    knows the collation, and fails.
    """
    if value.is_constant and isinstance(value.constant, str) and collation == "NOCASE":
        value = constant(fold(value.constant))
        return collated(value) if ordered else value.operand
    match collation:
        case "BINARY":
            # An index on an expression is on its "C" order, and serves no other.
            plain = not ordered and (value.is_constant or value.fixed)
            return value.operand if plain else collated(value)
        case "NOCASE":
            return f"lower({collated(value)})"
        case "RTRIM":
            trimmed = f"rtrim({value.operand}, ' ')"
            return f'{trimmed} COLLATE "C"' if ordered else trimmed
        case _:
            raise _unknown_collation(collation)


def _numbers(ctx: Context, left: Value, right: Value, operator: str) -> tuple[str, str]:
    a, b = _plain_number(ctx, left), _plain_number(ctx, right)
    if a.rep is b.rep is Rep.INTEGER or _are_exact_together(a, b):
        return _literal(a), _literal(b)
    if a.rep is Rep.REAL and b.rep is Rep.INTEGER and b.fixed:
        return a.operand, ctx.call(_BOUNDS[operator], b.sql)
    if b.rep is Rep.REAL and a.rep is Rep.INTEGER and a.fixed:
        return ctx.call(_BOUNDS[bounds.MIRRORED[operator]], a.sql), b.operand
    if _is_exact(a) and b.rep is Rep.REAL and b.fixed:
        return a.operand, as_numeric(ctx, b)
    if _is_exact(b) and a.rep is Rep.REAL and a.fixed:
        return as_numeric(ctx, a), b.operand
    if Rep.REAL in (a.rep, b.rep) and all(_fits_double(v) for v in (a, b)):
        return as_double(ctx, a).operand, as_double(ctx, b).operand
    return as_numeric(ctx, a), as_numeric(ctx, b)


def _plain_number(ctx: Context, value: Value) -> Value:
    if value.rep in (Rep.DECIMAL, Rep.NUMBER) and not _is_double(value):
        return value if (value.digits or 99) <= EXACT_DIGITS else base(ctx, value)
    if value.rep is Rep.NUMBER:
        return replace(value, rep=Rep.REAL)
    return base(ctx, value)


def _is_exact(value: Value) -> bool:
    """Whether a numeric orders among the decimals of doubles as its own double among doubles.

    With up to 15 digits no two numbers have one double, and a double prints as that number again.
    """
    return value.rep in (Rep.DECIMAL, Rep.NUMBER) and not value.double


def _is_double(value: Value) -> bool:
    return value.double


def _are_exact_together(a: Value, b: Value) -> bool:
    """Whether PostgreSQL compares the decimals as SQLite compares their doubles."""
    return all(
        v.rep in (Rep.DECIMAL, Rep.NUMBER, Rep.INTEGER)
        or (v.is_constant and _digits(v.constant) <= EXACT_DIGITS)
        for v in (a, b)
    ) and any(v.rep in (Rep.DECIMAL, Rep.NUMBER) for v in (a, b))


def _digits(value: Constant) -> int:
    mantissa = repr(value).partition("e")[0]
    return len(mantissa.strip("-").replace(".", "").strip("0"))


def _literal(value: Value) -> str:
    number = value.constant if value.is_constant else None
    if isinstance(number, float) and 0 <= number < float("inf"):
        return repr(number)
    return value.operand


def _fits_double(value: Value) -> bool:
    """Whether converting to double loses nothing."""
    if value.is_constant and isinstance(value.constant, int):
        return abs(value.constant) <= EXACT_INTEGER
    return value.rep in (Rep.REAL, Rep.DECIMAL) or value.narrow


def keeps_order(shape: Shape) -> bool:
    """Whether texts of this shape sort as their moments do.

    ``…00Z`` comes after ``…00.5Z``: a point is less than Z.
    """
    return shape.is_epoch or not (shape.fraction_is_optional and shape.suffix == "Z")


def ordered_moment(value: Value) -> TargetType | None:
    """The type of a timestamp that an index holds as it is, for comparisons with its text."""
    if value.rep is not Rep.TIME or value.shape is None or not keeps_order(value.shape):
        return None
    is_date = not value.shape.separator and not value.shape.is_epoch
    return value.stored or TargetType(Kind.DATE if is_date else Kind.TIMESTAMP, shape=value.shape)


def _ordered_times(ctx: Context, operator: str, left: Value, right: Value) -> str | None:
    """Compare moments whose texts differ in more than the moment."""
    if _times(ctx, left, right, ordered=True) is not None:
        return None
    sides = [(left, operator, right), (right, bounds.MIRRORED[operator], left)]
    # An index is on the column.
    for time, direction, other in sorted(sides, key=lambda side: side[0].stored is None):
        if time.rep is Rep.TIME and time.shape and keeps_order(time.shape):
            written = bounds.ordered(ctx, direction, time, other)
            if written is not None:
                return written
    return None


def _times(ctx: Context, left: Value, right: Value, *, ordered: bool) -> tuple[str, str] | None:
    """Compare moments where both sides are of one shape: no text has to be made."""
    shape = left.shape or right.shape
    if shape is None or (ordered and not keeps_order(shape)):
        return None
    if left.rep is right.rep is Rep.TIME and left.shape == right.shape:
        return left.operand, right.operand
    if left.rep is Rep.TIME and right.is_constant:
        moment = moment_literal(right.constant, shape)
        return (left.operand, moment) if moment else None
    if right.rep is Rep.TIME and left.is_constant:
        moment = moment_literal(left.constant, shape)
        return (moment, right.operand) if moment else None
    if ordered:
        return None
    if left.rep is Rep.TIME:
        spelled = bounds.equal(ctx, left, right)
        return (left.operand, spelled) if spelled else None
    spelled = bounds.equal(ctx, right, left) if right.rep is Rep.TIME else None
    return (spelled, right.operand) if spelled else None


def moment_literal(value: Constant, shape: Shape) -> str | None:
    """Write a text of exactly this shape as a timestamp or date; ``None`` if it is not one."""
    if not isinstance(value, str) or shape.is_epoch:
        return None
    fraction = f"\\.\\d{{{shape.fraction}}}" if shape.fraction else ""
    if shape.fraction_is_optional:
        # Zeros would have been left out.
        fraction = rf"(?:\.(?!0+(?!\d))\d{{{shape.fraction}}})?"
    pattern = r"\d{4}-\d{2}-\d{2}"
    if shape.separator:
        seconds = r":\d{2}" + fraction if shape.has_seconds else ""
        pattern += rf"{shape.separator}\d{{2}}:\d{{2}}{seconds}{re.escape(shape.suffix)}"
    if not re.fullmatch(pattern, value, re.ASCII):
        return None
    bare = value.removesuffix(shape.suffix) if shape.suffix else value
    try:
        datetime.fromisoformat(bare)
    except ValueError:
        return None
    return f"date '{bare}'" if not shape.separator else f"timestamp '{bare}'"
