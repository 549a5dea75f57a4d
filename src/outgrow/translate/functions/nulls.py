"""COALESCE, IFNULL, NULLIF, IIF, TYPEOF, LIKELY.

``coalesce(a, 0)`` → ``COALESCE(a, 0)``, with ``a`` as the number that SQLite stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.expressions.compare import compare
from outgrow.translate.expressions.convert import as_condition, base, like_branches, unify
from outgrow.translate.expressions.json_forms import chosen
from outgrow.translate.expressions.values import Rep, Value, constant, text
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator

_CLASS_NAMES = {Rep.INTEGER: "integer", Rep.REAL: "real", Rep.TEXT: "text", Rep.BLOB: "blob"}


def collation_of(values: Sequence[Value]) -> str:
    """The collation by which a function compares: that of the first argument which has one.

    https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql
    """
    return next((v.collation for v in values if v.explicit or v.column), "BINARY")


def coalesce(translator: Translator, values: Sequence[Value]) -> Value:
    """``coalesce(a, b, …)`` and ``ifnull(a, b)``."""
    branches = unify(translator.ctx, [value.computed() for value in values], loose=True)
    listed = ", ".join(value.sql for value in branches)
    nullable = all(value.nullable for value in branches)
    # SQLite keeps no affinity through a function.
    made = like_branches(branches, f"COALESCE({listed})", nullable=nullable)

    def choose(parts: Sequence[str]) -> str:
        given = zip(values, parts, strict=True)
        whens = (f"WHEN {value.operand} IS NOT NULL THEN {part}" for value, part in given)
        return f"CASE {' '.join(whens)} ELSE 'null' END"

    return chosen(translator, made, values, choose)


def nullif(translator: Translator, values: Sequence[Value]) -> Value:
    """``nullif(a, b)``: compared without affinity, ``nullif(1, '1')`` is 1."""
    value = base(translator.ctx, values[0]).computed()
    if value.rep is Rep.NULL:
        return constant(None)
    left = replace(values[0], affinity=None, collation=collation_of(values), explicit=True)
    test = compare(translator.ctx, "=", left, replace(values[1], affinity=None))
    # NULLIF of an integer and a numeric is a numeric in PostgreSQL.
    same = value.rep is values[1].rep
    if same and test.sql == f"{value.operand} = {values[1].operand}":
        written = f"NULLIF({value.sql}, {values[1].sql})"
    else:
        written = f"CASE WHEN {test.sql} THEN NULL ELSE {value.sql} END"
    return replace(value, sql=written, nullable=True, atom=True, is_constant=False)


def iif(translator: Translator, values: Sequence[Value]) -> Value:
    """``iif(test, a, test, b, …, otherwise)``; NULL where nothing is given for otherwise."""
    tests = [as_condition(translator.ctx, value) for value in values[:-1:2]]
    otherwise = values[-1] if len(values) % 2 else constant(None)
    results = [value.computed() for value in (*values[1::2], otherwise)]
    *branches, last = unify(translator.ctx, results, loose=True)

    def choose(parts: Sequence[str]) -> str:
        given = zip(tests, parts, strict=False)
        whens = (f"WHEN {test.sql} THEN {part}" for test, part in given)
        return f"CASE {' '.join(whens)} ELSE {parts[-1]} END"

    nullable = any(v.nullable for v in (*branches, last))
    written = choose([branch.sql for branch in (*branches, last)])
    made = like_branches([*branches, last], written, nullable=nullable)
    return chosen(translator, made, results, choose)


def typeof(translator: Translator, values: Sequence[Value]) -> Value:
    """``typeof(x)``: known from the type, but for NULL and numbers of either class."""
    value = values[0]
    if value.rep is Rep.NULL:
        return constant("null")
    if value.rep is Rep.ANY:
        return text(translator.ctx.call("any_type", value.sql), nullable=False)
    if value.loose or value.rep is Rep.JSONB or (value.rep is Rep.TIME and value.is_text):
        name = literal("text")
    else:
        value = base(translator.ctx, value)
        name = literal(_CLASS_NAMES.get(value.rep, ""))
        if value.rep is Rep.DYNAMIC:
            name = f"CASE WHEN scale({value.sql}) = 0 THEN 'integer' ELSE 'real' END"
    if not value.nullable:
        return text(name, nullable=False)
    return text(f"CASE WHEN {value.operand} IS NULL THEN 'null' ELSE {name} END", nullable=False)


def likely(_: Translator, values: Sequence[Value]) -> Value:
    """``likely(x)``, ``unlikely(x)``, ``likelihood(x, p)`` are ``x``, for SQLite's planner only."""
    return values[0].computed()


FUNCTIONS = {
    "coalesce": Function(coalesce, 2, None),
    "ifnull": Function(coalesce, 2, 2),
    "nullif": Function(nullif, 2, 2),
    "iif": Function(iif, 2, None),
    "if": Function(iif, 2, None),
    "typeof": Function(typeof, 1, 1),
    "likely": Function(likely, 1, 1),
    "unlikely": Function(likely, 1, 1),
    "likelihood": Function(likely, 2, 2),
}
