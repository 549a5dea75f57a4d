"""Scalar MIN and MAX: NULL where any argument is NULL.

``max(a, b)`` → ``GREATEST(a, b)`` where neither can be NULL. Arguments of several storage classes
are compared as SQLite sorts them. Of equal arguments MAX gives the first and MIN the last, which
shows where 1 meets 1.0 or 'a' meets 'A' under NOCASE.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import base, collated, like_branches, unify
from outgrow.translate.expressions.values import Rep, Value, any_class, text
from outgrow.translate.functions.nulls import collation_of
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def _extreme(word: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """The least or greatest of several arguments."""
        ctx = translator.ctx
        branches = unify(ctx, [value.computed() for value in values])
        if branches[0].rep is Rep.TIME:
            branches = [base(ctx, value) for value in branches]
        reps = {value.rep for value in branches} - {Rep.NULL}
        nullable = [value for value in branches if value.nullable]
        collation = collation_of(values)
        largest = "true" if word == "GREATEST" else "false"
        listed = ", ".join(value.sql for value in branches)
        if reps == {Rep.ANY} or (reps == {Rep.TEXT} and collation != "BINARY"):
            if collation not in ("BINARY", "NOCASE", "RTRIM"):
                raise unsupported(f"the collation {collation}, which only the application knows")
            made, kind = (any_class, "any") if reps == {Rep.ANY} else (text, "text")
            array = f"ARRAY[{listed}]::{'jsonb' if kind == 'any' else 'text'}[]"
            call = ctx.call(f"{kind}_extreme", array, literal(collation), largest)
            return made(call, nullable=bool(nullable))
        ordered = branches if word == "GREATEST" else branches[::-1]
        written = ", ".join(collated(v) if v.rep is Rep.TEXT else v.sql for v in ordered)
        written = f"{word}({written})"
        if nullable:
            tests = " OR ".join(f"{v.operand} IS NULL" for v in nullable)
            written = f"CASE WHEN {tests} THEN NULL ELSE {written} END"
        return like_branches(branches, written, nullable=bool(nullable))

    return Function(translate, 2, None)


FUNCTIONS = {"min": _extreme("LEAST"), "max": _extreme("GREATEST")}
