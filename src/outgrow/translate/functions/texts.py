"""Functions on text: SQLite folds ASCII letters only, and counts characters.

``upper(x)`` → ``upper(x COLLATE "C")``; ``substr(x, -2)`` counts from the end. A number is taken
for the text that it prints, a blob for the text that its bytes are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import as_any, as_integer, as_text, base, collated
from outgrow.translate.expressions.values import (
    Rep,
    Value,
    any_class,
    blob,
    constant,
    integer,
    text,
)
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def length(translator: Translator, values: Sequence[Value]) -> Value:
    """``length(x)``: characters of a text, bytes of a blob."""
    ctx, value = translator.ctx, base(translator.ctx, values[0])
    if value.rep is Rep.ANY:
        return integer(ctx.call("any_length", value.sql), nullable=value.nullable)
    if value.rep is not Rep.BLOB:
        value = as_text(ctx, value)
    return integer(f"length({value.sql})", nullable=value.nullable, narrow=True)


def _folding(name: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """``upper(x)``, ``lower(x)``: ASCII letters only."""
        value = as_text(translator.ctx, values[0])
        written = collated(value) if value.rep is Rep.TEXT else value.sql
        return text(f"{name}({written})", nullable=value.nullable, c_collated=True)

    return Function(translate, 1, 1)


def _trimming(name: str) -> Function:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """``trim(x)``, ``trim(x, characters)``."""
        return _of_texts(translator.ctx, name, values)

    return Function(translate, 1, 2)


def replace_(translator: Translator, values: Sequence[Value]) -> Value:
    """``replace(x, old, new)``; an empty ``old`` changes nothing, not even if ``new`` is NULL."""
    replaced = _of_texts(translator.ctx, "replace", values)
    given, old, new = (as_text(translator.ctx, value) for value in values)
    if not new.nullable or (old.is_constant and old.constant != ""):
        return replaced
    written = f"CASE WHEN {old.operand} = '' THEN {given.sql} ELSE {replaced.sql} END"
    return replace(replaced, sql=written, nullable=True, atom=True)


def _of_texts(ctx: Context, name: str, values: Sequence[Value]) -> Value:
    parts = [as_text(ctx, value) for value in values]
    return text(
        f"{name}({', '.join(part.sql for part in parts)})",
        nullable=any(part.nullable for part in parts),
        c_collated=parts[0].c_collated,
    )


def instr(translator: Translator, values: Sequence[Value]) -> Value:
    """``instr(x, part)``: the position of the first, from 1; 0 for none. Bytes of two blobs."""
    ctx = translator.ctx
    given = [base(ctx, value) for value in values]
    nullable = any(value.nullable for value in given)
    reps = [value.rep for value in given]
    if Rep.NULL in reps:
        return constant(None)
    if Rep.ANY in reps and Rep.TEXT not in reps and not any(value.is_number for value in given):
        anys = ", ".join(as_any(ctx, value).sql for value in given)
        return integer(ctx.call("any_instr", anys), nullable=nullable)
    if reps == [Rep.BLOB, Rep.BLOB]:
        written = f"position({given[1].sql} IN {given[0].operand})"
        return integer(written, nullable=nullable, narrow=True)
    parts = [as_text(ctx, value) for value in given]
    listed = ", ".join(part.sql for part in parts)
    return integer(f"strpos({listed})", nullable=nullable, narrow=True)


def substr(translator: Translator, values: Sequence[Value]) -> Value:
    """``substr(x, from, count)``: a negative ``from`` counts from the end."""
    ctx = translator.ctx
    value = base(ctx, values[0])
    numbers = [as_integer(ctx, argument) for argument in values[1:]]
    if value.rep is Rep.NULL or any(number.rep is Rep.NULL for number in numbers):
        return constant(None)
    nullable = any(v.nullable for v in (value, *numbers))
    if value.rep not in (Rep.BLOB, Rep.ANY):
        value = as_text(ctx, value)
        plain = _plain_substr(value, numbers)
        if plain is not None:
            return text(plain, nullable=value.nullable, c_collated=value.c_collated)
    listed = ", ".join([value.sql, *(f"{n.operand}::bigint" for n in numbers)])
    match value.rep:
        case Rep.BLOB:
            return blob(ctx.call("blob_substr", listed), nullable=True)
        case Rep.ANY:
            return any_class(ctx.call("any_substr", listed), nullable=True)
        case _:
            call = ctx.call("substr", listed)
            return text(call, nullable=nullable, c_collated=value.c_collated)


def _plain_substr(value: Value, numbers: Sequence[Value]) -> str | None:
    """The common forms, where PostgreSQL's functions do the same."""
    start, *counts = [number.constant for number in numbers]
    if not isinstance(start, int) or not all(isinstance(count, int) for count in counts):
        return None
    if not -(2**31) < start < 2**31:
        return None
    if not counts:
        if start >= 1:
            return f"substr({value.sql}, {start})"
        return f"right({value.sql}, {-start})" if start < 0 else value.sql
    count = counts[0]
    if not isinstance(count, int) or start < 1 or count < 0 or start + count >= 2**31:
        return None
    return f"substr({value.sql}, {start}, {count})"


def unicode_(translator: Translator, values: Sequence[Value]) -> Value:
    """``unicode(x)``: the first character's code point; NULL for an empty text."""
    value = as_text(translator.ctx, values[0])
    return integer(f"ascii(NULLIF({value.sql}, ''))", nullable=True, narrow=True)


def char(translator: Translator, values: Sequence[Value]) -> Value:
    """``char(n, …)``: the text of these code points; 0 is an error, no text can hold it."""
    ctx = translator.ctx
    codes = [as_integer(ctx, value) for value in values]
    listed = ", ".join(f"COALESCE({code.sql}, 0)" for code in codes)
    return text(ctx.call("char", f"ARRAY[{listed}]::bigint[]"), nullable=False)


def concat(translator: Translator, values: Sequence[Value]) -> Value:
    """``concat(a, b, …)``: NULL counts as an empty text."""
    parts = [as_text(translator.ctx, value) for value in values]
    parts = [part for part in parts if part.rep is not Rep.NULL]
    written = [f"COALESCE({p.sql}, '')" if p.nullable else p.operand for p in parts]
    return text(" || ".join(written), nullable=False, atom=len(parts) == 1)


def concat_ws(translator: Translator, values: Sequence[Value]) -> Value:
    """``concat_ws(separator, a, b, …)``: without those that are NULL."""
    ctx = translator.ctx
    separator, *parts = [as_text(ctx, value) for value in values]
    if separator.rep is Rep.NULL:
        return constant(None)
    listed = ", ".join(part.sql for part in parts)
    call = ctx.call("concat_ws", separator.sql, f"ARRAY[{listed}]::text[]")
    return text(call, nullable=separator.nullable)


def unistr(translator: Translator, values: Sequence[Value]) -> Value:
    r"""``unistr('\00e9')``: the same escapes on both sides."""
    return _of_texts(translator.ctx, "unistr", values)


FUNCTIONS = {
    "length": Function(length, 1, 1),
    "upper": _folding("upper"),
    "lower": _folding("lower"),
    "trim": _trimming("btrim"),
    "ltrim": _trimming("ltrim"),
    "rtrim": _trimming("rtrim"),
    "replace": Function(replace_, 3, 3),
    "instr": Function(instr, 2, 2),
    "substr": Function(substr, 2, 3),
    "substring": Function(substr, 2, 3),
    "unicode": Function(unicode_, 1, 1),
    "char": Function(char, 0, None),
    "concat": Function(concat, 1, None),
    "concat_ws": Function(concat_ws, 2, None),
    "unistr": Function(unistr, 1, 1),
}
