"""Reading JSON: JSON, JSON_EXTRACT, JSON_TYPE, JSON_ARRAY_LENGTH, JSON_PRETTY.

``json_extract(data, '$.a.b')`` of a jsonb column → ``outgrow.jsonb_any(data -> 'a' -> 'b')``; of a
text column → ``outgrow.json_any(outgrow.json_lookup(data::json, ARRAY['.a', '.b']))``. The same
text of SQL comes of the same expression everywhere, so that an index on it serves a query.
https://www.sqlite.org/json1.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.postgres.identifiers import literal
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.json_forms import (
    Document,
    document,
    extracted,
    json_text,
    lookup,
    made_json,
    path_steps,
)
from outgrow.translate.expressions.values import Rep, Subtype, Value, constant, integer, text
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def json(translator: Translator, values: Sequence[Value]) -> Value:
    """``json(x)``: the minified text."""
    if values[0].rep is Rep.NULL:
        return constant(None)
    return json_text(translator.ctx, document(translator.ctx, values[0]))


def nothing(source: Document) -> Value:
    """NULL, after an error for what is no JSON: what a path that is NULL finds."""
    typeof = "jsonb_typeof" if source.loose else "json_typeof"
    # No JSON has that type.
    return text(f"CASE {typeof}({source.sql}) WHEN '' THEN '' END", nullable=True)


def json_extract(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_extract(x, path)``; of several paths an array."""
    ctx = translator.ctx
    if values[0].rep is Rep.NULL or len(values) == 1:
        return constant(None)
    source = document(ctx, values[0])
    if any(path.rep is Rep.NULL for path in values[1:]):
        return nothing(source)
    found = [lookup(ctx, source, path_steps(ctx, path)) for path in values[1:]]
    if len(found) == 1:
        return extracted(ctx, found[0], Subtype.JSON)
    parts = " || ',' || ".join(ctx.call("json_listed", part.as_json) for part in found)
    tests = [f"{v.operand} IS NULL" for v in values if v.nullable]
    written = f"('[' || {parts} || ']')"
    if tests:
        written = f"CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {written} END"
    return made_json(written, nullable=bool(tests), loose=source.loose)


def _found(translator: Translator, values: Sequence[Value]) -> Document | None:
    """What a function of a document and perhaps a path reads; ``None`` where a path is NULL."""
    ctx = translator.ctx
    source = document(ctx, values[0])
    if len(values) == 1:
        return source
    if values[1].rep is Rep.NULL:
        return None
    return lookup(ctx, source, path_steps(ctx, values[1]))


def json_type(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_type(x)``, ``json_type(x, path)``."""
    if values[0].rep is Rep.NULL:
        return constant(None)
    found = _found(translator, values)
    if found is None:
        return nothing(document(translator.ctx, values[0]))
    helper = "jsonb_kind" if found.loose else "json_kind"
    return text(translator.ctx.call(helper, found.sql), nullable=found.nullable)


def json_array_length(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_array_length(x)``, ``json_array_length(x, path)``: 0 for what is no array."""
    if values[0].rep is Rep.NULL:
        return constant(None)
    found = _found(translator, values)
    if found is None:
        return nothing(document(translator.ctx, values[0]))
    helper = "jsonb_length" if found.loose else "json_length"
    written = translator.ctx.call(helper, found.sql)
    return integer(written, nullable=found.nullable, narrow=True)


def json_pretty(translator: Translator, values: Sequence[Value]) -> Value:
    """``json_pretty(x)``, ``json_pretty(x, indent)``: four spaces by default."""
    ctx = translator.ctx
    if values[0].rep is Rep.NULL:
        return constant(None)
    source = document(ctx, values[0])
    indent = literal("    ")
    if len(values) > 1 and values[1].rep is not Rep.NULL:
        given = as_text(ctx, values[1])
        indent = f"COALESCE({given.sql}, {indent})" if given.nullable else given.sql
    written = ctx.call("json_pretty", source.as_json, indent, "''")
    return replace(text(written, nullable=source.nullable), loose=source.loose)


FUNCTIONS = {
    "json": Function(json, 1, 1),
    "json_extract": Function(json_extract, 1, None),
    "json_type": Function(json_type, 1, 2),
    "json_array_length": Function(json_array_length, 1, 2),
    "json_pretty": Function(json_pretty, 1, 2),
}
