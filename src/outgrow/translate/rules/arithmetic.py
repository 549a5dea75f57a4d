"""``+ - * / %``, ``<< >> & |``, ``||`` and the sign.

Integers divide towards zero; division by zero is NULL; integer and real meet as double;
``a || b`` prints numbers as SQLite does. An integer result beyond 64 bits, and a real beyond the
range of a double, is an error in PostgreSQL where SQLite goes over to REAL, to infinity or to 0:
loud, never another value. What it would cost to go over too: every sum of two integers would be
a numeric, which no index on a bigint serves and no client reads as an integer.
"""

from __future__ import annotations

from outgrow.translate.expressions.convert import (
    as_double,
    as_integer,
    as_number,
    as_numeric,
    as_text,
    widened,
)
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import Rep, Value, constant, dynamic, integer, real, text
from outgrow.translate.parse import Node, without
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator

_SYMBOLS = {"PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/"}
_HELPERS = {"PLUS": "add", "MINUS": "subtract", "STAR": "multiply", "SLASH": "divide"}
_BITS = {"BIT_AND": "&", "BIT_OR": "|"}
_SHIFTS = {"LSHIFT": "<<", "RSHIFT": ">>"}
_NUMBERS = ("INTEGER", "FLOAT", "QNUMBER")


def arithmetic(translator: Translator, node: Node) -> Value:
    """``a + b``, ``a - b``, ``a * b``, ``a / b``."""
    ctx, operator = translator.ctx, str(node["op"])
    left, right = translator.expr(node["left"]), translator.expr(node["right"])
    if left.is_constant and right.is_constant:
        return constant(evaluate(f"?1 {_SYMBOLS[operator]} ?2", left.constant, right.constant))
    a, b = as_number(ctx, left), as_number(ctx, right)
    if Rep.NULL in (a.rep, b.rep):
        return constant(None)
    nullable = a.nullable or b.nullable or operator == "SLASH"
    if a.rep is b.rep is Rep.INTEGER:
        return _integers(operator, a, b, nullable=nullable)
    if Rep.REAL in (a.rep, b.rep):
        return _reals(operator, as_double(ctx, a), as_double(ctx, b), nullable=nullable)
    call = ctx.call(_HELPERS[operator], as_numeric(ctx, a), as_numeric(ctx, b))
    return dynamic(call, nullable=nullable)


def _integers(operator: str, a: Value, b: Value, *, nullable: bool) -> Value:
    left, right = a.operand, b.operand
    if a.narrow and b.narrow:
        left = widened(a)
    if operator == "SLASH":
        right, nullable = _divisor(b, right), nullable and not _is_safe(a, b)
    return integer(f"{left} {_SYMBOLS[operator]} {right}", nullable=nullable, atom=False)


def _reals(operator: str, a: Value, b: Value, *, nullable: bool) -> Value:
    right = b.operand
    if operator == "SLASH":
        right, nullable = _divisor(b, right), nullable and not _is_safe(a, b)
    written = f"{a.operand} {_SYMBOLS[operator]} {right}"
    if _may_be_nan(operator, a, b):
        return real(f"NULLIF({written}, 'NaN')", nullable=True)
    return real(written, nullable=nullable, atom=False, finite=a.finite and b.finite)


def _may_be_nan(operator: str, a: Value, b: Value) -> bool:
    """Infinity minus infinity or times zero: NaN, which SQLite turns into NULL."""
    if _is_nonzero(a) or _is_nonzero(b):
        return False
    finite = (a.finite, b.finite)
    return not all(finite) if operator == "STAR" else not any(finite)


def _is_nonzero(value: Value) -> bool:
    return value.is_constant and bool(value.constant) and value.finite


def _is_safe(a: Value, b: Value) -> bool:
    return not a.nullable and b.is_constant and bool(b.constant)


def _divisor(value: Value, written: str) -> str:
    if value.is_constant and value.constant:
        return written
    return f"NULLIF({value.sql}, 0)"


def remainder(translator: Translator, node: Node) -> Value:
    """``a % b``: both become integers first."""
    ctx = translator.ctx
    left, right = translator.expr(node["left"]), translator.expr(node["right"])
    if left.is_constant and right.is_constant:
        return constant(evaluate("?1 % ?2", left.constant, right.constant))
    numbers = [as_number(ctx, value) for value in (left, right)]
    a, b = (as_integer(ctx, value) for value in (left, right))
    if Rep.NULL in (a.rep, b.rep):
        return constant(None)
    nullable = a.nullable or not _is_safe(a, b)
    first = widened(a) if a.narrow and b.narrow else a.operand
    written = f"{first} % {_divisor(b, b.operand)}"
    reps = {number.rep for number in numbers}
    if reps == {Rep.INTEGER}:
        return integer(written, nullable=nullable, atom=False)
    if Rep.REAL in reps:
        return real(f"({written})::double precision", nullable=nullable, finite=True)
    # A scale of 1 makes the result a real, as soon as one of the numbers is one.
    scales = ", ".join(f"scale({number.sql})" for number in numbers if number.rep is Rep.DYNAMIC)
    return dynamic(f"round(({written})::numeric, least(greatest({scales}), 1))", nullable=nullable)


def shift(translator: Translator, node: Node) -> Value:
    """``a << b``, ``a >> b``: by 64 bits or more nothing is left but the sign."""
    ctx = translator.ctx
    left, right = translator.expr(node["left"]), translator.expr(node["right"])
    sign = _SHIFTS[node["op"]]
    if left.is_constant and right.is_constant:
        return constant(evaluate(f"?1 {sign} ?2", left.constant, right.constant))
    a, b = as_integer(ctx, left), as_integer(ctx, right)
    if Rep.NULL in (a.rep, b.rep):
        return constant(None)
    nullable = a.nullable or b.nullable
    if isinstance(b.constant, int) and 0 <= b.constant < 64:
        return integer(f"{widened(a)} {sign} {b.constant}", nullable=nullable, atom=False)
    count = widened(b) if sign == "<<" else f"- {widened(b)}"
    return integer(ctx.call("shifted", widened(a), count), nullable=nullable)


def bits(translator: Translator, node: Node) -> Value:
    """``a & b``, ``a | b``."""
    a = as_integer(translator.ctx, translator.expr(node["left"]))
    b = as_integer(translator.ctx, translator.expr(node["right"]))
    if Rep.NULL in (a.rep, b.rep):
        return constant(None)
    if a.is_constant and b.is_constant:
        return constant(evaluate(f"?1 {_BITS[node['op']]} ?2", a.constant, b.constant))
    return integer(
        f"{widened(a)} {_BITS[node['op']]} {widened(b)}",
        nullable=a.nullable or b.nullable,
        atom=False,
    )


def minus(translator: Translator, node: Node) -> Value:
    """``-x``: 0 less x, so that the sign of 0.0 stays, but for a literal.

    https://www.sqlite.org/src/file?name=src/expr.c, sqlite3ExprCodeTarget
    """
    literal = _literal(node["operand"])
    if literal:
        return constant(evaluate(f"-{literal}"))
    operand = translator.expr(node["operand"])
    if operand.is_constant:
        return constant(evaluate("- ?1", operand.constant))
    value = as_number(translator.ctx, operand)
    if value.rep is Rep.NULL:
        return constant(None)
    if value.rep is Rep.DYNAMIC:
        zero = "0::numeric"
        return dynamic(translator.ctx.call("subtract", zero, value.sql), nullable=value.nullable)
    if value.rep is Rep.REAL:
        written = f"0 - {value.operand}"
        return real(written, nullable=value.nullable, atom=False, finite=value.finite)
    return integer(f"- {widened(value)}", nullable=value.nullable, atom=False)


def _literal(node: Node) -> str:
    """The number that stands behind the sign, if it is one."""
    node = without(node, "ParenExpr")
    if node["type"] == "Literal" and node["literal_type"] in _NUMBERS:
        return str(node["source"])
    return ""


def complement(translator: Translator, node: Node) -> Value:
    """``~x``."""
    value = as_integer(translator.ctx, translator.expr(node["operand"]))
    if value.rep is Rep.NULL:
        return constant(None)
    if value.is_constant:
        return constant(evaluate("~ ?1", value.constant))
    return integer(f"~ {widened(value)}", nullable=value.nullable, atom=False)


def concatenation(translator: Translator, node: Node) -> Value:
    """``a || b``."""
    ctx = translator.ctx
    left, right = translator.expr(node["left"]), translator.expr(node["right"])
    if left.is_constant and right.is_constant:
        return constant(evaluate("?1 || ?2", left.constant, right.constant))
    a, b = as_text(ctx, left), as_text(ctx, right)
    if Rep.NULL in (a.rep, b.rep):
        return constant(None)
    return text(
        f"{a.operand} || {b.operand}",
        nullable=a.nullable or b.nullable,
        atom=False,
        c_collated=a.c_collated or b.c_collated,
    )


RULES: dict[str, Rule] = {
    **{f"BinaryExpr:{operator}": arithmetic for operator in _SYMBOLS},
    "BinaryExpr:REM": remainder,
    **{f"BinaryExpr:{operator}": bits for operator in _BITS},
    **{f"BinaryExpr:{operator}": shift for operator in _SHIFTS},
    "UnaryExpr:MINUS": minus,
    "UnaryExpr:BIT_NOT": complement,
    "BinaryExpr:CONCAT": concatenation,
}
