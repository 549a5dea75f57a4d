"""Functions on text: SQLite folds ASCII letters only, and counts characters.

``upper(x)`` → ``upper(x COLLATE "C")``; ``substr(x, -2)`` counts from the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.convert import as_bytes, as_integer, as_text, base, collated
from outgrow.translate.errors import unsupported
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, constant, integer, text


def length(translator: Translator, values: Sequence[Value]) -> Value:
    """``length(x)``: characters of a text, bytes of a blob."""
    value = base(translator.ctx, values[0])
    if value.rep is not Rep.BLOB:
        value = as_text(translator.ctx, value)
    return integer(f"length({value.sql})", nullable=value.nullable, narrow=True)


def octet_length(translator: Translator, values: Sequence[Value]) -> Value:
    """``octet_length(x)``: bytes."""
    value = base(translator.ctx, values[0])
    if value.rep is not Rep.BLOB:
        value = as_text(translator.ctx, value)
    return integer(f"octet_length({value.sql})", nullable=value.nullable, narrow=True)


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
        parts = [as_text(translator.ctx, value) for value in values]
        listed = ", ".join(part.sql for part in parts)
        return text(
            f"{name}({listed})",
            nullable=any(part.nullable for part in parts),
            c_collated=parts[0].c_collated,
        )

    return Function(translate, 1, 2)


def replace_(translator: Translator, values: Sequence[Value]) -> Value:
    """``replace(x, old, new)``; an empty ``old`` changes nothing on both sides."""
    parts = [as_text(translator.ctx, value) for value in values]
    listed = ", ".join(part.sql for part in parts)
    return text(
        f"replace({listed})",
        nullable=any(part.nullable for part in parts),
        c_collated=parts[0].c_collated,
    )


def instr(translator: Translator, values: Sequence[Value]) -> Value:
    """``instr(x, part)``: the position of the first, from 1; 0 for none."""
    if any(value.rep is Rep.BLOB for value in values):
        raise unsupported("instr() of blobs")
    parts = [as_text(translator.ctx, value) for value in values]
    listed = ", ".join(part.sql for part in parts)
    return integer(f"strpos({listed})", nullable=any(p.nullable for p in parts), narrow=True)


def substr(translator: Translator, values: Sequence[Value]) -> Value:
    """``substr(x, from, count)``: a negative ``from`` counts from the end."""
    ctx = translator.ctx
    if values[0].rep is Rep.BLOB:
        raise unsupported("substr() of a blob")
    value = as_text(ctx, values[0])
    if value.rep is Rep.NULL:
        return constant(None)
    numbers = [as_integer(ctx, argument) for argument in values[1:]]
    nullable = any(v.nullable for v in (value, *numbers))
    if all(number.is_constant for number in numbers):
        start = numbers[0].constant
        count = numbers[1].constant if len(numbers) > 1 else None
        plain = _plain_substr(value, start, count)
        if plain is not None:
            return text(plain, nullable=value.nullable, c_collated=value.c_collated)
    listed = ", ".join([value.sql, *(f"{n.operand}::bigint" for n in numbers)])
    return text(f"{ctx.call('substr', listed)}", nullable=nullable, c_collated=value.c_collated)


def _plain_substr(value: Value, start: object, count: object) -> str | None:
    """The common forms, where PostgreSQL's functions do the same."""
    if not isinstance(start, int):
        return None
    if count is None:
        if start >= 1:
            return f"substr({value.sql}, {start})"
        return f"right({value.sql}, {-start})" if start < 0 else value.sql
    if not isinstance(count, int) or start < 1 or count < 0 or start + count >= 2**31:
        return None
    return f"substr({value.sql}, {start}, {count})"


def hex_(translator: Translator, values: Sequence[Value]) -> Value:
    """``hex(x)``: upper-case hexadecimal of a blob or of a text's bytes."""
    value = base(translator.ctx, values[0])
    if value.rep is Rep.BLOB:
        written = f"upper(encode({value.sql}, 'hex') COLLATE \"C\")"
    else:
        value = as_text(translator.ctx, value)
        written = f"upper(encode({as_bytes(translator.ctx, value)}, 'hex') COLLATE \"C\")"
    if value.nullable:
        written = f"COALESCE({written}, '')"
    return text(written, nullable=False, c_collated=True)


def unicode_(translator: Translator, values: Sequence[Value]) -> Value:
    """``unicode(x)``: the first character's code point; NULL for an empty text."""
    value = as_text(translator.ctx, values[0])
    return integer(f"ascii(NULLIF({value.sql}, ''))", nullable=True, narrow=True)


def char(translator: Translator, values: Sequence[Value]) -> Value:
    """``char(n, …)`` of constants only."""
    raise unsupported("char() of anything but constants")


FUNCTIONS = {
    "length": Function(length, 1, 1),
    "octet_length": Function(octet_length, 1, 1),
    "upper": _folding("upper"),
    "lower": _folding("lower"),
    "trim": _trimming("btrim"),
    "ltrim": _trimming("ltrim"),
    "rtrim": _trimming("rtrim"),
    "replace": Function(replace_, 3, 3),
    "instr": Function(instr, 2, 2),
    "substr": Function(substr, 2, 3),
    "substring": Function(substr, 2, 3),
    "hex": Function(hex_, 1, 1),
    "unicode": Function(unicode_, 1, 1),
    "char": Function(char, 0, None),
}
