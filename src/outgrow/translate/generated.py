"""Generated columns that read other generated columns.

PostgreSQL lets them read ordinary columns only (https://www.postgresql.org/docs/current/ddl-generated-columns.html),
so the expression of the other column is written in: ``g1 AS (a * 2), g2 AS (g1 + 1)`` →
``g2`` is ``((a * 2)::bigint) + 1``.
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, TargetType
from outgrow.translate import parse
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.assign import assigned
from outgrow.translate.expressions.values import Rep, Value, integer, of_column, real, text
from outgrow.translate.parse import Node
from outgrow.translate.schema import ColumnInfo, TableInfo, named_columns
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator

#: How many columns may read one another in a row, and how long their SQL may become.
_DEEPEST = 30
_LONGEST = 20_000

#: The affinity of a generated column, as far as storing its value depends on it.
_AFFINITIES = {
    Kind.TEXT: Affinity.TEXT,
    Kind.BIGINT: Affinity.INTEGER,
    Kind.DOUBLE: Affinity.REAL,
}


def stored_as(
    ctx: Context, value: Value, kind: TargetType, affinity: Affinity | None = None
) -> str:
    """Write a value as a generated column of this type keeps it; raises UntranslatableSQL.

    ``affinity`` is that of the column; without it, the one that the type stands for.
    """
    implied = _AFFINITIES.get(kind.kind)
    affinity = affinity or implied
    if value.rep is Rep.ANY and not kind.tagged:
        # An affinity that converts nothing, or by the value, leaves the type's one class.
        told = next((each for each in (affinity, implied) if each in _ONE_CLASS), None)
        value = _ONE_CLASS[told](ctx, value) if told else value
    return assigned(ctx, value, kind, affinity)


def _text_of(ctx: Context, value: Value) -> Value:
    return text(ctx.call("only_text", value.sql), nullable=True)


def _integer_of(ctx: Context, value: Value) -> Value:
    converted = ctx.call("any_numeric_affinity", value.sql)
    return integer(ctx.call("only_integer", converted), nullable=True)


def _real_of(ctx: Context, value: Value) -> Value:
    converted = ctx.call("any_numeric_affinity", value.sql)
    number = f"{ctx.call('only_number', converted)}::double precision"
    return real(number, nullable=True, atom=False)


#: What only the row tells, as the one class that the column has; any other is an error there.
_ONE_CLASS = {
    Affinity.TEXT: _text_of,
    Affinity.INTEGER: _integer_of,
    Affinity.REAL: _real_of,
}


def inlined(ctx: Context, table: TableInfo, source: Source, node: Node, depth: int = 0) -> Source:
    """The source of a table in which the generated columns that ``node`` names are computed.

    Also one that is an ordinary column in PostgreSQL, because it has no translation, can't be
    read: nothing computes it there. Raises UntranslatableSQL for it.
    """
    names = named_columns(node)
    computed = {
        fold(column.source): _computed(ctx, table, source, column, column.generated, depth)
        for column in table.columns
        if column.generated and fold(column.source) in names
    }
    return replace(source, columns={**source.columns, **computed})


def _computed(
    ctx: Context,
    table: TableInfo,
    source: Source,
    column: ColumnInfo,
    expression: Expression,
    depth: int,
) -> Value:
    if depth == _DEEPEST:
        raise unsupported(f"more than {_DEEPEST} generated columns that read one another")
    try:
        node = parse.tree_of(expression)
        own = replace(ctx, quoted=parse.double_quoted(expression.sql))
        translator = Translator(own, Scope((inlined(own, table, source, node, depth + 1),)))
        written = stored_as(own, translator.expr(node), column.type, column.affinity)
    except UntranslatableSQL as error:
        raise UntranslatableSQL(
            error.code, f"the generated column {column.source}: {error.what}", error.hint
        ) from error
    if len(written) > _LONGEST:
        raise unsupported("generated columns that read one another too often")
    collate = ' COLLATE "C"' if column.type.kind is Kind.TEXT else ""
    return of_column(column, f"(({written})::{column.type}{collate})")
