"""SQLite SQL in, PostgreSQL SQL out: the same result, or a refusal that says why."""

from __future__ import annotations

from outgrow.translate.defaults import translate_default
from outgrow.translate.engine import (
    Translation,
    ViewTranslation,
    translate_condition,
    translate_expression,
    translate_view,
)
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.schema import (
    ColumnInfo,
    Schema,
    TableInfo,
    TriggerInfo,
    ViewInfo,
    schema_of,
)
from outgrow.translate.shims import install_sql
from outgrow.translate.triggers import TriggerTranslation, translate_trigger

__all__ = [
    "ColumnInfo",
    "Schema",
    "TableInfo",
    "Translation",
    "TriggerInfo",
    "TriggerTranslation",
    "UntranslatableSQL",
    "ViewInfo",
    "ViewTranslation",
    "install_sql",
    "schema_of",
    "translate_condition",
    "translate_default",
    "translate_expression",
    "translate_trigger",
    "translate_view",
]
