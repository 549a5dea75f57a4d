"""CREATE INDEX: order, uniqueness, collation, expressions and the WHERE of partial indexes."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.model.source import IndexPart, SourceIndex, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import quote
from outgrow.translate.engine import translate_condition, translate_expression
from outgrow.translate.errors import UntranslatableSQL


class CannotIndex(Exception):
    """A part that PostgreSQL can't index as SQLite does; the message is the reason."""


def draft_indexes(draft: Draft) -> None:
    """Draft every index made by CREATE INDEX."""
    for table in draft.tables():
        for index in table.indexes:
            _draft_index(draft, table, index)


def _draft_index(draft: Draft, table: SourceTable, index: SourceIndex) -> None:
    target = draft.target_name("index", index.name)
    if not index.parsed:
        reason = "its definition could not be parsed"
        draft.miss(ObjectKind.INDEXES, table.name, index.name, reason)
        return
    try:
        parts = ", ".join(index_part(draft, table, part) for part in index.parts)
        where = _where(draft, table, index)
    except (CannotIndex, UntranslatableSQL) as error:
        draft.miss(ObjectKind.INDEXES, table.name, index.name, str(error))
        return
    unique = "UNIQUE " if index.unique else ""
    draft.add(
        Phase.AFTER_DATA,
        ObjectKind.INDEXES,
        table.name,
        index.name,
        f"CREATE {unique}INDEX {quote(target)} ON {draft.qualified(table)} ({parts}){where}",
    )
    draft.made(ObjectKind.INDEXES, table.name, index.name, target)


def _where(draft: Draft, table: SourceTable, index: SourceIndex) -> str:
    if index.where is None:
        return ""
    translation = translate_condition(index.where, draft.names, table.name, immutable=True)
    draft.helpers.update(translation.helpers)
    return f" WHERE {translation.sql}"


def index_part(draft: Draft, table: SourceTable, part: IndexPart) -> str:
    """Write one part of an index or key, in SQLite's order: NULL is the smallest value.

    PostgreSQL sorts NULL last when ascending; the order is written only where a NULL can stand,
    so that plain queries still match (https://www.postgresql.org/docs/current/indexes-ordering.html).
    Raises CannotIndex and UntranslatableSQL.
    """
    if part.column:
        column = table.column(part.column)
        decided = draft.plan.table(table.name).column(part.column)
        sql = collated(quote(decided.name), part.collation, decided.type.kind)
        nullable = not column.not_null and column.name != table.rowid_alias
    else:
        assert part.expression is not None
        translation = translate_expression(part.expression, draft.names, table.name)
        assert translation.type is not None
        draft.helpers.update(translation.helpers)
        sql = f"({collated(f'({translation.sql})', part.collation, translation.type.kind)})"
        nullable = True
    if part.descending:
        return f"{sql} DESC NULLS LAST" if nullable else f"{sql} DESC"
    return f"{sql} NULLS FIRST" if nullable else sql


def collated(sql: str, collation: str, kind: Kind) -> str:
    """Write a value as SQLite's collation compares it; raises CannotIndex for an unknown one.

    NOCASE folds ASCII letters only, which is what ``lower`` does under "C"
    (https://www.sqlite.org/datatype3.html#collating_sequences).
    """
    if kind in (Kind.JSON,):
        raise CannotIndex("json values have no order in PostgreSQL")
    if kind is not Kind.TEXT:
        return sql
    match collation.upper():
        case "BINARY":
            return sql
        case "NOCASE":
            return f'lower({sql} COLLATE "C")'
        case "RTRIM":
            return f"rtrim({sql}, ' ')"
    raise CannotIndex(f"the application's own collation {collation} does not exist in PostgreSQL")
