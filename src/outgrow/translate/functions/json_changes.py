"""Changing JSON: JSON_SET, JSON_INSERT, JSON_REPLACE, JSON_ARRAY_INSERT, JSON_REMOVE, JSON_PATCH.

The parts that stay keep their order and spelling, so a helper works on ``json``:
``json_set(data, '$.a', 1)`` → ``outgrow.json_edited(…::json, ARRAY['.a'], '1', 'set')::text``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.json_forms import (
    Document,
    document,
    is_loose_part,
    made_json,
    part,
    path_steps,
    written_steps,
)
from outgrow.translate.expressions.values import Rep, Value, constant
from outgrow.translate.functions.json import nothing
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def _minified(ctx: Context, source: Document) -> str:
    return f"{ctx.call('json_minified', source.as_json)}::json"


def _edits(name: str, mode: str) -> Callable[[Translator, Sequence[Value]], Value]:
    def translate(translator: Translator, values: Sequence[Value]) -> Value:
        """``json_set(x, path, value, …)`` and its like; a path that is NULL changes nothing."""
        ctx = translator.ctx
        if len(values) % 2 == 0:
            raise unsupported(f"{name}() needs an odd number of arguments")
        if values[0].rep is Rep.NULL:
            return constant(None)
        source = document(ctx, values[0])
        written = _minified(ctx, source)
        for path, value in zip(values[1::2], values[2::2], strict=True):
            if path.rep is not Rep.NULL:
                steps = written_steps(path_steps(ctx, path))
                written = ctx.call(
                    "json_edited", written, steps, part(translator, value), literal(mode)
                )
        loose = source.loose or any(map(is_loose_part, values[2::2]))
        return made_json(f"{written}::text", nullable=source.nullable, loose=loose)

    return translate


def json_remove(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_remove(x, path, …)``: NULL if nothing is left, or a path is NULL."""
    ctx = translator.ctx
    if values[0].rep is Rep.NULL:
        return constant(None)
    source = document(ctx, values[0])
    if any(path.rep is Rep.NULL for path in values[1:]):
        return nothing(source)
    written = _minified(ctx, source)
    for path in values[1:]:
        steps = written_steps(path_steps(ctx, path))
        written = ctx.call("json_removed", written, steps)
    return made_json(f"{written}::text", nullable=True, loose=source.loose)


def json_patch(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_patch(x, patch)``: RFC 7396."""
    ctx = translator.ctx
    if any(value.rep is Rep.NULL for value in values):
        return constant(None)
    given = [document(ctx, value) for value in values]
    written = ctx.call("json_patched", *(_minified(ctx, one) for one in given))
    return made_json(
        f"{written}::text",
        nullable=any(one.nullable for one in given),
        loose=any(one.loose for one in given),
    )


_MODES = {
    "json_set": "set",
    "json_insert": "insert",
    "json_replace": "replace",
    "json_array_insert": "squeeze",
}
FUNCTIONS = {
    **{name: Function(_edits(name, mode), 1, None) for name, mode in _MODES.items()},
    "json_remove": Function(json_remove, 1, None),
    "json_patch": Function(json_patch, 2, 2),
}
