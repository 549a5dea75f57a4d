"""JSON_VALID: ``json_valid(data)`` of a jsonb column → true where it is not NULL."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.convert import as_text
from outgrow.translate.errors import unsupported
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, condition


def json_valid(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_valid(x)``: RFC 8259; a json or jsonb column holds nothing else."""
    value = values[0]
    if value.rep in (Rep.JSON, Rep.JSONB):
        if not value.nullable:
            return condition("true", nullable=False, atom=True)
        return condition(f"CASE WHEN {value.operand} IS NOT NULL THEN true END", nullable=True)
    if value.rep is Rep.BLOB:
        raise unsupported("json_valid() of a blob")
    written = as_text(translator.ctx, value)
    return condition(
        translator.ctx.call("json_valid", written.sql), nullable=written.nullable, atom=True
    )


FUNCTIONS = {"json_valid": Function(json_valid, 1, 1)}
