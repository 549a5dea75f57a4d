"""Making JSON: JSON_ARRAY, JSON_OBJECT, JSON_QUOTE and the aggregates.

``json_array(id, name)`` → ``'[' || id::text || ',' || to_json(name)::text || ']'``, with
``COALESCE(…, 'null')`` around what may be NULL. The result of a JSON function is put in as JSON,
any other text as a string: https://www.sqlite.org/json1.html#json_arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_any, as_text
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.json_forms import is_loose_part, made_json, part, quoted
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.queries.results import equality
from outgrow.translate.registry import Aggregate, AggregateCall, Function
from outgrow.translate.translator import Translator


def json_array(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_array(a, b, …)``."""
    return _container("[", [part(translator, value) for value in values], "]", values)


def json_object(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_object(key, value, …)``: keys are texts, a key may stand twice."""
    if len(values) % 2:
        raise unsupported("json_object() requires an even number of arguments")
    members = [
        f"{_label(translator, key)} || {part(translator, value)}"
        for key, value in zip(values[::2], values[1::2], strict=True)
    ]
    return _container("{", members, "}", values)


def _container(opening: str, parts: Sequence[str], closing: str, values: Sequence[Value]) -> Value:
    listed = " || ',' || ".join(parts)
    written = f"('{opening}' || {listed} || '{closing}')" if parts else f"'{opening}{closing}'"
    return made_json(written, nullable=False, loose=any(map(is_loose_part, values)))


def _label(translator: Translator, key: Value) -> str:
    ctx = translator.ctx
    if key.is_constant and isinstance(key.constant, str):
        return literal(str(evaluate("json_quote(?1) || ':'", key.constant)))
    if key.rep is not Rep.ANY and not key.is_text:
        raise unsupported("json_object() labels must be TEXT")
    if key.rep is Rep.ANY or key.nullable:
        return f"{ctx.call('json_label', as_any(ctx, key).sql)} || ':'"
    return f"{quoted(ctx, as_text(ctx, key))} || ':'"


def json_quote(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_quote(x)``: a number or text as JSON; JSON as it is."""
    return made_json(part(translator, values[0]), nullable=False, loose=is_loose_part(values[0]))


def json_group_array(translator: Translator, call: AggregateCall, values: Sequence[Value]) -> Value:
    """``json_group_array(x)``: without ORDER BY in the order of the rows' keys."""
    ctx, value = translator.ctx, values[0]
    parts = part(translator, value)
    visited = bool(call.visited) and not call.order
    call = _ordered(translator, call, "json_group_array")
    if call.distinct:
        if not call.by_argument:
            raise unsupported("json_group_array(DISTINCT …) ordered by something else")
        given = replace(call, distinct=False)
        listed = ctx.call(
            "json_firsts",
            given.write("array_agg", f"({parts})::text"),
            given.write("array_agg", _told_apart(ctx, value)),
            "true" if visited else "false",
        )
        return made_json(listed, nullable=False, loose=is_loose_part(value))
    listed = call.write("string_agg", f"{parts}, ','")
    return made_json(
        f"('[' || COALESCE({listed}, '') || ']')", nullable=False, loose=is_loose_part(value)
    )


def _told_apart(ctx: Context, value: Value) -> str:
    """Write an ANY that is equal where SQLite's values are equal."""
    alike = equality(ctx, value)
    if alike.value.is_text and alike.ambiguous:
        return f"to_jsonb({alike.operand}::text)"
    return as_any(ctx, alike.value).sql if alike.value.rep is not Rep.ANY else alike.operand


def json_group_object(
    translator: Translator, call: AggregateCall, values: Sequence[Value]
) -> Value:
    """``json_group_object(key, value)``: any key becomes a text, one that is NULL is left out."""
    ctx = translator.ctx
    if values[0].rep is Rep.NULL:
        raise unsupported("json_group_object() with NULL for all keys")
    call = _ordered(translator, call, "json_group_object")
    label = quoted(ctx, as_text(ctx, values[0]))
    listed = call.write("string_agg", f"{label} || ':' || {part(translator, values[1])}, ','")
    return made_json(
        f"('{{' || COALESCE({listed}, '') || '}}')", nullable=False, loose=is_loose_part(values[1])
    )


def _ordered(translator: Translator, call: AggregateCall, name: str) -> AggregateCall:
    if call.order or call.over:
        return call
    translator.ctx.note(f"{name} without ORDER BY: the order of its parts is not defined")
    return replace(call, order=call.visited, by_argument=True)


FUNCTIONS = {
    "json_array": Function(json_array, 0, None),
    "json_object": Function(json_object, 0, None),
    "json_quote": Function(json_quote, 1, 1),
}
AGGREGATES = {
    "json_group_array": Aggregate(json_group_array, 1, 1, by_position=True),
    "json_group_object": Aggregate(json_group_object, 2, 2, by_position=True),
}
