"""SQLite SQL in, PostgreSQL SQL out: the same result, or a refusal that says why."""

from __future__ import annotations

from outgrow.translate.defaults import translate_default
from outgrow.translate.engine import (
    ExpressionTranslation,
    ViewTranslation,
    translate_condition,
    translate_expression,
    translate_view,
)
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.outcome import Action, Kind
from outgrow.translate.parameters import classes_of, scan
from outgrow.translate.runtime import Step, Translation, Translations, translate
from outgrow.translate.schema import (
    ColumnInfo,
    IndexInfo,
    Schema,
    TableInfo,
    TriggerInfo,
    ViewInfo,
    schema_of,
)
from outgrow.translate.shims import install_sql
from outgrow.translate.splitting import split
from outgrow.translate.triggers import TriggerTranslation, translate_trigger

__all__ = [
    "Action",
    "ColumnInfo",
    "ExpressionTranslation",
    "IndexInfo",
    "Kind",
    "Schema",
    "Step",
    "TableInfo",
    "Translation",
    "Translations",
    "TriggerInfo",
    "TriggerTranslation",
    "UntranslatableSQL",
    "ViewInfo",
    "ViewTranslation",
    "classes_of",
    "install_sql",
    "scan",
    "schema_of",
    "split",
    "translate",
    "translate_condition",
    "translate_default",
    "translate_expression",
    "translate_trigger",
    "translate_view",
]
