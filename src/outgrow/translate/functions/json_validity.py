"""JSON_VALID and JSON_ERROR_POSITION.

``json_valid(data)`` of a json or jsonb column → true where it is not NULL; a text is tested by a
helper, which raises no error. https://www.sqlite.org/json1.html#the_json_valid_function
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_text, base
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import Rep, Subtype, Value, condition, constant, integer
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator

#: Bits of json_valid()'s second argument.
_RFC_8259, _JSON5 = 1, 2


def json_valid(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_valid(x)``: RFC 8259; ``json_valid(x, flags)``: JSON5 too, or only SQLite's blobs."""
    value, flags = values[0], _RFC_8259
    if len(values) > 1:
        if not values[1].is_constant:
            raise unsupported("json_valid() with flags that are no constant")
        if Rep.NULL in (value.rep, values[1].rep):
            return constant(None)
        flags = int(str(evaluate("CAST(?1 AS INTEGER)", values[1].constant)))
        if not 1 <= flags <= 15:
            raise unsupported("FLAGS parameter to json_valid() must be between 1 and 15")
    if value.rep is Rep.NULL:
        return constant(None)
    if value.rep in (Rep.JSON, Rep.JSONB) or _is_json(value):
        return _always(value, truth=bool(flags & (_RFC_8259 | _JSON5)))
    if base(translator.ctx, value).rep is Rep.BLOB:
        raise unsupported("json_valid() of a blob")
    if not flags & (_RFC_8259 | _JSON5):
        return _always(value, truth=False)
    written = as_text(translator.ctx, value)
    helper = "json5_valid" if flags & _JSON5 else "json_valid"
    return condition(translator.ctx.call(helper, written.sql), nullable=written.nullable, atom=True)


def _is_json(value: Value) -> bool:
    return value.rep is Rep.TEXT and value.subtype is Subtype.JSON


def _always(value: Value, *, truth: bool) -> Value:
    written = "true" if truth else "false"
    if not value.nullable:
        return condition(written, nullable=False, atom=True)
    return condition(f"CASE WHEN {value.operand} IS NOT NULL THEN {written} END", nullable=True)


def json_error_position(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_error_position(x)``: 0 for JSON and JSON5; for others an error, the place is unknown.

    https://www.sqlite.org/json1.html#the_json_error_position_function
    """
    value = values[0]
    if value.rep is Rep.NULL:
        return constant(None)
    if value.rep in (Rep.JSON, Rep.JSONB) or _is_json(value):
        return integer(f"CASE WHEN {value.operand} IS NOT NULL THEN 0 END", nullable=value.nullable)
    if base(translator.ctx, value).rep is Rep.BLOB:
        raise unsupported("json_error_position() of a blob")
    written = as_text(translator.ctx, value)
    called = translator.ctx.call("json_error_position", written.sql)
    return integer(called, nullable=written.nullable, narrow=True)


FUNCTIONS = {
    "json_valid": Function(json_valid, 1, 2),
    "json_error_position": Function(json_error_position, 1, 1),
}
