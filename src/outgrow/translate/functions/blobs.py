"""HEX, UNHEX, QUOTE, ZEROBLOB, OCTET_LENGTH: https://www.sqlite.org/lang_corefunc.html.

``hex(x)`` → ``upper(encode(x, 'hex'))``; ``quote(name)`` doubles the quotes and stands in quotes.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import as_bytes, as_integer, as_text, base
from outgrow.translate.expressions.values import Rep, Value, blob, constant, integer, text
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def bytes_of(ctx: Context, value: Value) -> Value:
    """The bytes of a value: of a blob itself, of anything else those of its text."""
    value = base(ctx, value)
    match value.rep:
        case Rep.BLOB | Rep.NULL:
            return value
        case Rep.ANY:
            return blob(ctx.call("any_bytes", value.sql), nullable=value.nullable)
        case _:
            written = as_text(ctx, value)
            return blob(as_bytes(ctx, written), nullable=written.nullable)


def octet_length(translator: Translator, values: Sequence[Value]) -> Value:
    """``octet_length(x)``: bytes."""
    value = base(translator.ctx, values[0])
    if value.rep is Rep.ANY:
        value = bytes_of(translator.ctx, value)
    elif value.rep is not Rep.BLOB:
        value = as_text(translator.ctx, value)
    return integer(f"octet_length({value.sql})", nullable=value.nullable, narrow=True)


def hex_(translator: Translator, values: Sequence[Value]) -> Value:
    """``hex(x)``: upper-case hexadecimal of a blob or of a text's bytes; '' of NULL."""
    value = bytes_of(translator.ctx, values[0])
    if value.rep is Rep.NULL:
        return constant("")
    written = f"upper(encode({value.sql}, 'hex') COLLATE \"C\")"
    if value.nullable:
        written = f"COALESCE({written}, '')"
    return text(written, nullable=False, c_collated=True)


def unhex(translator: Translator, values: Sequence[Value]) -> Value:
    """``unhex(x)``, ``unhex(x, ignored)``; NULL for what is no hexadecimal."""
    parts = [as_text(translator.ctx, value) for value in values]
    if any(part.rep is Rep.NULL for part in parts):
        return constant(None)
    listed = ", ".join(part.sql for part in (*parts, *([] if len(parts) > 1 else [constant("")])))
    return blob(translator.ctx.call("unhex", listed), nullable=True)


def zeroblob(translator: Translator, values: Sequence[Value]) -> Value:
    """``zeroblob(n)``: n bytes that are 0."""
    count = as_integer(translator.ctx, values[0])
    written = f"repeat('00', greatest(COALESCE({count.sql}, 0), 0)::int)"
    return blob(f"decode({written}, 'hex')", nullable=False)


def quote(translator: Translator, values: Sequence[Value]) -> Value:
    """``quote(x)``: the value as a literal of SQL."""
    ctx, value = translator.ctx, base(translator.ctx, values[0])
    match value.rep:
        case Rep.NULL:
            return constant("NULL")
        case Rep.ANY:
            written = ctx.call("any_quote", value.sql)
        case Rep.BLOB:
            written = f"'X''' || upper(encode({value.sql}, 'hex') COLLATE \"C\") || ''''"
        case Rep.TEXT:
            written = f"'''' || replace({value.sql}, '''', '''''') || ''''"
        case _:
            # The literal of infinity is a number that is too great for a double.
            finite = value.rep is Rep.INTEGER or value.finite
            written = as_text(ctx, value).sql
            written = written if finite else f"replace({written}, 'Inf', {literal('9.0e+999')})"
    if value.nullable:
        return text(f"COALESCE({written}, 'NULL')", nullable=False)
    return text(written, nullable=False, atom=False)


FUNCTIONS = {
    "octet_length": Function(octet_length, 1, 1),
    "hex": Function(hex_, 1, 1),
    "unhex": Function(unhex, 1, 2),
    "zeroblob": Function(zeroblob, 1, 1),
    "quote": Function(quote, 1, 1),
}
