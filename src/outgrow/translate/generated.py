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
from outgrow.translate.assign import assigned
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.parse import Node
from outgrow.translate.schema import ColumnInfo, TableInfo, named_columns
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator
from outgrow.translate.values import Value, of_column

#: How many columns may read one another in a row, and how long their SQL may become.
_DEEPEST = 30
_LONGEST = 20_000

#: The affinity of a generated column, as far as storing its value depends on it.
_AFFINITIES = {
    Kind.TEXT: Affinity.TEXT,
    Kind.BIGINT: Affinity.INTEGER,
    Kind.DOUBLE: Affinity.REAL,
}


def stored_as(ctx: Context, value: Value, kind: TargetType) -> str:
    """Write a value as a generated column of this type keeps it; raises UntranslatableSQL."""
    return assigned(ctx, value, kind, _AFFINITIES.get(kind.kind))


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
        node = expression.tree or parse.expression(expression.sql)
        own = replace(ctx, quoted=parse.double_quoted(expression.sql))
        translator = Translator(own, Scope((inlined(own, table, source, node, depth + 1),)))
        written = stored_as(own, translator.expr(node), column.type)
    except UntranslatableSQL as error:
        raise UntranslatableSQL(
            error.code, f"the generated column {column.source}: {error.what}", error.hint
        ) from error
    if len(written) > _LONGEST:
        raise unsupported("generated columns that read one another too often")
    collate = ' COLLATE "C"' if column.type.kind is Kind.TEXT else ""
    return of_column(column, f"(({written})::{column.type}{collate})")
