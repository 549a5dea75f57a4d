"""``CAST(x AS type)``: the type's name gives an affinity, the affinity the conversion.

``CAST(s AS INTEGER)`` of ``'12abc'`` is 12, of 2.9 is 2: towards zero, never an error.
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.source import Affinity
from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import (
    as_bytes,
    as_double,
    as_integer,
    as_number,
    as_text,
    base,
    escaped,
)
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import (
    JsonForm,
    Rep,
    Subtype,
    Value,
    blob,
    constant,
    dynamic,
)
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator


def affinity_of(declared: str) -> Affinity:
    """https://www.sqlite.org/datatype3.html#determination_of_column_affinity."""
    name = declared.upper()
    if "INT" in name:
        return Affinity.INTEGER
    if any(part in name for part in ("CHAR", "CLOB", "TEXT")):
        return Affinity.TEXT
    if "BLOB" in name or not name.strip():
        return Affinity.BLOB
    if any(part in name for part in ("REAL", "FLOA", "DOUB")):
        return Affinity.REAL
    return Affinity.NUMERIC


def cast(translator: Translator, node: Node) -> Value:
    """``CAST(x AS type)``."""
    affinity = affinity_of(node["type_name"] or "")
    value = translator.expr(node["expr"])
    if value.is_constant:
        made = constant(evaluate(f"CAST(?1 AS {affinity})", value.constant))
    else:
        made = _converted(translator, value, affinity)
    # https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql: a column
    # behind CAST is still a column.
    return replace(
        made,
        affinity=affinity,
        stored=None,
        collation=value.collation,
        explicit=value.explicit,
        column=value.column,
        form=made.form or (JsonForm(made.sql, Subtype.UNSURE) if value.subtype else None),
    )


def _converted(translator: Translator, value: Value, affinity: Affinity) -> Value:
    ctx = translator.ctx
    match affinity:
        case Affinity.TEXT:
            return as_text(ctx, value)
        case Affinity.INTEGER:
            return as_integer(ctx, value)
        case Affinity.REAL:
            return as_double(ctx, value)
        case Affinity.NUMERIC:
            return _as_numeric(ctx, value)
        case _:
            return _as_blob(translator, value)


def _as_numeric(ctx: Context, value: Value) -> Value:
    """https://www.sqlite.org/lang_expr.html#castexpr: "a no-op" for numbers."""
    value = base(ctx, value)
    match value.rep:
        case Rep.TEXT if value.numeral is Rep.INTEGER:
            return as_number(ctx, value)
        case Rep.TEXT:
            written = ctx.call("text_numeric", value.sql)
        case Rep.BLOB:
            written = ctx.call("text_numeric", escaped(value))
        case Rep.ANY:
            written = ctx.call("any_numeric", value.sql)
        case _:
            return value.computed()
    return dynamic(written, nullable=value.nullable)


def _as_blob(translator: Translator, value: Value) -> Value:
    ctx = translator.ctx
    value = base(ctx, value)
    if value.rep is Rep.BLOB:
        return value
    if value.rep is Rep.ANY:
        return blob(ctx.call("any_bytes", value.sql), nullable=value.nullable)
    return blob(as_bytes(ctx, as_text(ctx, value)), nullable=value.nullable)


RULES: dict[str, Rule] = {"CastExpr": cast}
