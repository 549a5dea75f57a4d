"""What a column gets that a statement does not name, where the statement has to say it."""

from __future__ import annotations

from functools import lru_cache

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import TargetType
from outgrow.translate.context import Context
from outgrow.translate.defaults import translate_default
from outgrow.translate.engine import ExpressionTranslation
from outgrow.translate.schema import ColumnInfo
from outgrow.translate.writing.target import Target


def default_of(ctx: Context, target: Target, column: ColumnInfo) -> str:
    """Write a column's default as a value; raises UntranslatableSQL."""
    if column == target.rowid or column.default is None:
        return "NULL"
    made = _translated(column.default.sql, column.type, column.affinity)
    ctx.helpers.update(made.helpers)
    return made.sql


@lru_cache(maxsize=2000)
def _translated(sql: str, kind: TargetType, affinity: Affinity) -> ExpressionTranslation:
    return translate_default(Expression(sql), ColumnInfo("c", "c", kind, affinity))
