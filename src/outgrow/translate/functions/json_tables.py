"""JSON_EACH and JSON_TREE in FROM.

``FROM t, json_each(t.tags) AS e`` → ``FROM t CROSS JOIN outgrow.json_children(t.tags::json) AS e``.
Their columns are worked out where they are named, so what is not read costs nothing.
https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.model.source import Affinity
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.json_forms import (
    Document,
    document,
    extracted,
    lookup,
    path_steps,
    written_steps,
)
from outgrow.translate.expressions.values import (
    Rep,
    Subtype,
    Value,
    any_class,
    integer,
    text,
)
from outgrow.translate.scope import Source
from outgrow.translate.translator import Translator

_NAMES = ("key", "value", "type", "atom", "id", "parent", "fullkey", "path")


def json_each(translator: Translator, alias: str, values: Sequence[Value]) -> tuple[str, Source]:
    """``json_each(x)``, ``json_each(x, path)``: the children of an object or array."""
    ctx, row = translator.ctx, quote(alias)
    whole = _whole(ctx, values)
    steps, path = _path(ctx, values)
    found = Document("NULL::json", nullable=True) if path is None else lookup(ctx, whole, steps)
    helper = "jsonb_children" if found.loose else "json_children"
    root = f"CASE WHEN {row}.place IS NOT NULL THEN {path or 'NULL'} END"
    suffix = ctx.call("json_suffix", f"{row}.index", f"{row}.label")
    each_id = ctx.call("json_each_id", whole.sql, written_steps(steps), f"{row}.place")
    columns = {
        **_of_element(ctx, row, f"{row}.value", loose=found.loose),
        "id": _number(each_id, "id", loose=found.loose),
        "parent": integer("NULL::bigint", nullable=True),
        "fullkey": replace(text(f"({root} || {suffix})", nullable=True), loose=found.loose),
        "path": text(f"({root})", nullable=True),
    }
    place = integer(f"{row}.place", nullable=True, narrow=True)
    return f"{ctx.call(helper, found.sql)} AS {row}", _source(alias, columns, place)


def json_tree(translator: Translator, alias: str, values: Sequence[Value]) -> tuple[str, Source]:
    """``json_tree(x)``, ``json_tree(x, path)``: what the path finds, and all that is in it."""
    ctx, row = translator.ctx, quote(alias)
    whole = _whole(ctx, values)
    _, path = _path(ctx, values)
    loose = whole.loose
    element = f"{row}.value::text::jsonb" if loose else f"{row}.value"
    columns = {
        **_of_element(ctx, row, element, loose=loose),
        "id": _number(f"{row}.id", "id", loose=loose),
        "parent": _number(f"{row}.parent", "parent", loose=loose),
        "fullkey": replace(text(f"{row}.fullkey", nullable=True), loose=loose),
        "path": replace(text(f"{row}.path", nullable=True), loose=loose),
    }
    called = ctx.call("json_tree", whole.as_json, path or "NULL::text")
    listed = "index, key, value, id, parent, fullkey, path, place"
    written = f"{called} WITH ORDINALITY AS {row}({listed})"
    return written, _source(alias, columns, integer(f"({row}.place - 1)", nullable=True))


def _whole(ctx: Context, values: Sequence[Value]) -> Document:
    if not 1 <= len(values) <= 2:
        raise unsupported(f"json_each() or json_tree() with {len(values)} arguments")
    return document(ctx, values[0])


def _path(ctx: Context, values: Sequence[Value]) -> tuple[tuple[str, ...] | str, str | None]:
    """The path's steps, and its text as SQL; ``None`` for a path that is NULL."""
    if len(values) == 1:
        return (), literal("$")
    if values[1].rep is Rep.NULL:
        return (), None
    return path_steps(ctx, values[1]), as_text(ctx, values[1]).sql


def _of_element(ctx: Context, row: str, element: str, *, loose: bool) -> dict[str, Value]:
    """The columns that key and value give."""
    kind = ctx.call("jsonb_kind" if loose else "json_kind", element)
    value = extracted(ctx, Document(element, nullable=True, loose=loose), Subtype.COLUMN)
    atom = f"CASE WHEN {kind} NOT IN ('object', 'array') THEN {value.sql} END"
    return {
        "key": any_class(f"COALESCE(to_jsonb({row}.index), to_jsonb({row}.key))", nullable=True),
        "value": value,
        "type": text(kind, nullable=True),
        "atom": any_class(f"({atom})", nullable=True),
    }


def _number(sql: str, name: str, *, loose: bool) -> Value:
    """A place in SQLite's binary form of the text, which no jsonb keeps."""
    if loose:
        return Value(f"the {name} of json_each() or json_tree()", Rep.JSONB)
    return integer(sql, nullable=True)


def _source(alias: str, columns: dict[str, Value], place: Value) -> Source:
    named = {
        name: replace(value, affinity=Affinity.BLOB, column=True) for name, value in columns.items()
    }
    return Source(alias, _NAMES, named, place, order=(place.sql,), is_table=True)


TABLE_FUNCTIONS = {"json_each": json_each, "json_tree": json_tree}
