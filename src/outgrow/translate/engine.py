"""The doors of this room: conditions, expressions, views."""

from __future__ import annotations

from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.model.source import Affinity, Expression
from outgrow.model.types import TargetType
from outgrow.translate import parse
from outgrow.translate.context import Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL
from outgrow.translate.expressions.compare import ordered_moment
from outgrow.translate.expressions.convert import output
from outgrow.translate.generated import inlined, stored_as
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import Schema, TableInfo, ViewInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator, view_query


@dataclass(frozen=True, slots=True)
class ExpressionTranslation:
    """An expression in PostgreSQL, the type it has, the helper functions it calls."""

    sql: str
    type: TargetType | None
    helpers: frozenset[str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewTranslation:
    """A view's SELECT: its columns (target name and type), what it calls and reads.

    ``reads`` holds the folded SQLite names of the tables and views it names.
    """

    sql: str
    columns: tuple[tuple[str, TargetType], ...]
    helpers: frozenset[str]
    reads: frozenset[str]
    notes: tuple[str, ...] = ()


def translate_condition(
    expr: Expression, schema: Schema, table: str, *, immutable: bool = False
) -> ExpressionTranslation:
    """Translate a CHECK or the WHERE of a partial index (``immutable``) to a boolean.

    ``table`` is SQLite's name of the table whose columns the expression names. Raises
    UntranslatableSQL.
    """
    ctx, source, node = _inside_table(expr, schema, table, immutable=immutable)
    value = Translator(ctx, Scope((source,))).condition(node)
    return ExpressionTranslation(value.sql, None, frozenset(ctx.helpers), tuple(ctx.notes))


def translate_expression(
    expr: Expression,
    schema: Schema,
    table: str,
    *,
    as_type: TargetType | None = None,
    affinity: Affinity | None = None,
    indexed: bool = False,
) -> ExpressionTranslation:
    """Translate a generated column (of type ``as_type``) or a part of an index (``indexed``).

    ``affinity`` is that of the generated column, where it is not the one of its type. The result
    is immutable. Raises UntranslatableSQL.
    """
    ctx, source, node = _inside_table(expr, schema, table, immutable=True)
    # SQLite knows no rowid there: in double quotes such a word is a text.
    source = replace(source, rowid=None, is_table=False)
    if as_type is None:
        value = Translator(ctx, Scope((source,))).expr(node)
        moment = ordered_moment(value) if indexed else None
        written, kind = output(ctx, value) if moment is None else (value.sql, moment)
    else:
        source = inlined(ctx, _known(schema, table), source, node)
        value = Translator(ctx, Scope((source,))).expr(node)
        written, kind = stored_as(ctx, value, as_type, affinity), as_type
    return ExpressionTranslation(written, kind, frozenset(ctx.helpers), tuple(ctx.notes))


def translate_view(sql: str, schema: Schema, view: str) -> ViewTranslation:
    """Translate a CREATE VIEW statement to its SELECT; raises UntranslatableSQL."""
    known = schema.views.get(fold(view))
    if known is None or not known.columns:
        raise UntranslatableSQL(UNKNOWN_NAME, f"SQLite can't run the view {view} either")
    ctx = Context(schema, schema.target_schema)
    query = view_query(ctx, ViewInfo(view, known.name, sql, known.columns, known.classes))
    return ViewTranslation(
        query.sql,
        tuple((column.name, column.type) for column in query.columns),
        frozenset(ctx.helpers),
        frozenset(ctx.reads),
        tuple(ctx.notes),
    )


def _inside_table(
    expr: Expression, schema: Schema, table: str, *, immutable: bool
) -> tuple[Context, Source, parse.Node]:
    info = _known(schema, table)
    ctx = Context(schema, schema.target_schema, immutable, quoted=parse.double_quoted(expr.sql))
    source = table_source(info, fold(table), "", bare=True)
    return ctx, source, parse.tree_of(expr)


def _known(schema: Schema, table: str) -> TableInfo:
    info = schema.table(table)
    if info is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {table}")
    return info
