"""COALESCE, IFNULL, NULLIF, IIF, TYPEOF, scalar MIN and MAX.

``coalesce(a, 0)`` → ``COALESCE(a, 0)``, with ``a`` as the number that SQLite stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.compare import compare
from outgrow.translate.convert import as_condition, base, collated, like_branches, unify
from outgrow.translate.errors import unsupported
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, constant, text

_CLASS_NAMES = {Rep.INTEGER: "integer", Rep.REAL: "real", Rep.TEXT: "text", Rep.BLOB: "blob"}


def coalesce(translator: Translator, values: Sequence[Value]) -> Value:
    """``coalesce(a, b, …)`` and ``ifnull(a, b)``."""
    branches = unify(translator.ctx, [value.computed() for value in values])
    listed = ", ".join(value.sql for value in branches)
    nullable = all(value.nullable for value in branches)
    # SQLite keeps no affinity through a function.
    return like_branches(branches, f"COALESCE({listed})", nullable=nullable)


def nullif(translator: Translator, values: Sequence[Value]) -> Value:
    """``nullif(a, b)``."""
    value = base(translator.ctx, values[0])
    test = compare(translator.ctx, "=", values[0], values[1])
    if test.sql == f"{value.operand} = {values[1].operand}":
        written = f"NULLIF({value.sql}, {values[1].sql})"
    else:
        written = f"CASE WHEN {test.sql} THEN NULL ELSE {value.sql} END"
    return replace(value.computed(), sql=written, nullable=True, atom=True, is_constant=False)


def iif(translator: Translator, values: Sequence[Value]) -> Value:
    """``iif(test, a, b)``."""
    test = as_condition(translator.ctx, values[0])
    given = [value.computed() for value in values[1:]]
    branches = unify(translator.ctx, given if len(given) > 1 else [*given, constant(None)])
    written = f"CASE WHEN {test.sql} THEN {branches[0].sql} ELSE {branches[1].sql} END"
    return like_branches(branches, written, nullable=any(v.nullable for v in branches))


def typeof(translator: Translator, values: Sequence[Value]) -> Value:
    """``typeof(x)``: known from the type, but for NULL and numbers of either class."""
    value = values[0]
    if value.rep is Rep.NULL:
        return constant("null")
    if value.rep is Rep.JSONB or (value.rep is Rep.TIME and value.is_text):
        name = literal("text")
    else:
        value = base(translator.ctx, value)
        if value.rep is Rep.ANY:
            return text(translator.ctx.call("any_type", value.sql), nullable=False)
        name = literal(_CLASS_NAMES.get(value.rep, ""))
        if value.rep is Rep.DYNAMIC:
            name = f"CASE WHEN scale({value.sql}) = 0 THEN 'integer' ELSE 'real' END"
    if not value.nullable:
        return text(name, nullable=False)
    return text(f"CASE WHEN {value.operand} IS NULL THEN 'null' ELSE {name} END", nullable=False)


def _extreme(word: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """Scalar ``min`` and ``max``: NULL where any argument is NULL."""
        branches = unify(translator.ctx, [value.computed() for value in values])
        if any(v.collation != "BINARY" for v in values) or branches[0].rep in (Rep.BLOB, Rep.ANY):
            raise unsupported(f"{word} of such values")
        if branches[0].rep is Rep.TIME:
            branches = [base(translator.ctx, value) for value in branches]
        listed = ", ".join(collated(v) if v.rep is Rep.TEXT else v.sql for v in branches)
        nullable = [v for v in branches if v.nullable]
        written = f"{word}({listed})"
        if nullable:
            tests = " OR ".join(f"{v.operand} IS NULL" for v in nullable)
            written = f"CASE WHEN {tests} THEN NULL ELSE {written} END"
        return like_branches(branches, written, nullable=bool(nullable))

    return Function(translate, 2, None)


FUNCTIONS = {
    "coalesce": Function(coalesce, 2, None),
    "ifnull": Function(coalesce, 2, 2),
    "nullif": Function(nullif, 2, 2),
    "iif": Function(iif, 2, 3),
    "if": Function(iif, 2, 3),
    "typeof": Function(typeof, 1, 1),
    "min": _extreme("LEAST"),
    "max": _extreme("GREATEST"),
}
