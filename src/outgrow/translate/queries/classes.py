"""Columns of a view whose storage class only the rows tell: each gets the type of its values.

``json_extract(data, '$.name') AS name`` → ``outgrow.any_text(…) AS name`` where SQLite's view
gives texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.model.types import Kind, TargetType
from outgrow.translate.context import Context
from outgrow.translate.errors import MIXED_CLASSES, UntranslatableSQL
from outgrow.translate.expressions.values import Rep, Value, dynamic, integer, real, text
from outgrow.translate.queries.query import Column, Query

_TEXT = frozenset({"text"})
_INTEGER = frozenset({"integer"})
_REAL = frozenset({"real"})


def one_class_each(ctx: Context, query: Query, classes: Sequence[frozenset[str]]) -> Query:
    """Give every column of a view one type; ``classes`` are those that SQLite gives in each.

    Raises UntranslatableSQL for a column that gives texts and numbers, or blobs and others.
    """
    if not any(column.value.rep is Rep.ANY for column in query.columns):
        return query
    alias = ctx.fresh_alias()
    reads = query.read(alias)
    known: Sequence[frozenset[str] | None] = classes or [None] * len(reads)
    columns: list[Column] = []
    written: list[str] = []
    for column, read, given in zip(query.columns, reads, known, strict=True):
        if column.value.rep is Rep.ANY:
            value, kind = _settled(ctx, column, read, given)
            columns.append(Column(column.source, column.name, value, kind))
            written.append(f"{value.sql} AS {query.sql_names[len(written)]}")
        else:
            columns.append(column)
            written.append(read.sql)
    sql = f"SELECT {', '.join(written)} FROM ({query.sql}) AS {alias}"
    return Query(sql, tuple(columns), one_row=query.one_row)


def _settled(
    ctx: Context, column: Column, read: Value, given: frozenset[str] | None
) -> tuple[Value, TargetType]:
    if given is not None and given <= _TEXT:
        ctx.note(f"{column.source} gives texts; a number or blob would be shown as its text")
        made = text(f'{ctx.call("any_text", read.sql)} COLLATE "C"', nullable=True, atom=False)
        return replace(made, c_collated=True), TargetType(Kind.TEXT)
    if given == _INTEGER:
        return integer(ctx.call("only_integer", read.sql), nullable=True), TargetType(Kind.BIGINT)
    if given == _REAL:
        number = f"{ctx.call('only_number', read.sql)}::double precision"
        return real(number, nullable=True), TargetType(Kind.DOUBLE)
    if given == _INTEGER | _REAL:
        return dynamic(ctx.call("only_number", read.sql), nullable=True), TargetType(Kind.NUMERIC)
    listed = ", ".join(sorted(given)) if given else "integer, real, text or blob"
    raise UntranslatableSQL(
        MIXED_CLASSES,
        f"the column {column.source} gives values of several storage classes ({listed})",
        "CAST it to TEXT, INTEGER or REAL",
    )
