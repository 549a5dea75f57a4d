"""``PRAGMA foreign_key_check``: the rows that have no parent, as SQLite lists them.

https://www.sqlite.org/pragma.html#pragma_foreign_key_check
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.postgres.identifiers import literal, quote
from outgrow.sqlite.rows import quote_identifier
from outgrow.translate.context import Context
from outgrow.translate.definitions.answers import query_of
from outgrow.translate.definitions.references import parent_columns
from outgrow.translate.definitions.twin import Answer, twin_of
from outgrow.translate.parse import double_quoted, statement
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.spelling import Spelling
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator

_NAMES = ("table", "rowid", "parent", "fkid")


def foreign_key_check(translator: Translator, table: str | None) -> Query:
    """Write the query; raises UntranslatableSQL where SQLite finds a key that can't be checked."""
    twin = twin_of(translator.ctx.schema)
    twin.answer(translator.ctx.text)
    named = fold(table.strip("'\"`[]")) if table else ""
    parts = []
    for entry in twin.picture.of_type("table"):
        if named not in ("", fold(entry.name)):
            continue
        child = twin.picture.table(entry)
        count = len(child.foreign_keys)
        for number, key in enumerate(child.foreign_keys):
            parent = twin.picture.named("table", key.parent)
            source = twin.picture.table(parent) if parent else None
            # The pragma numbers them from the last one.
            parts.append(_broken(translator, child, key, source, count - number - 1))
    empty = query_of(Answer(_NAMES, ()))
    return Query(" UNION ALL ".join([empty.sql, *parts]), empty.columns)


def _broken(
    translator: Translator,
    child: SourceTable,
    key: SourceForeignKey,
    parent: SourceTable | None,
    number: int,
) -> str:
    """The rows that break one foreign key."""
    tests = [f"child.{quote_identifier(column)} IS NOT NULL" for column in key.columns]
    if parent is not None:
        pairs = zip(parent_columns(key, parent), key.columns, strict=True)
        same = " AND ".join(
            f"parent.{quote_identifier(theirs)} = child.{quote_identifier(ours)}"
            for theirs, ours in pairs
        )
        name = quote_identifier(parent.name)
        tests.append(f"NOT EXISTS (SELECT 1 AS found FROM {name} AS parent WHERE {same})")
    shown = quote_identifier(child.rowid_alias) if child.rowid_alias else "NULL"
    rows = _translated(
        translator.ctx,
        f"SELECT {shown} AS number FROM {quote_identifier(child.name)} AS child "
        f"WHERE {' AND '.join(tests)}",
    )
    return (
        f'SELECT {literal(child.name)}::text COLLATE "C", {_rowid(translator, child)}, '
        f'{literal(key.parent)}::text COLLATE "C", {number}::bigint FROM ({rows.sql}) AS broken'
    )


def _translated(ctx: Context, sql: str) -> Query:
    tree = statement(sql)
    own = replace(ctx, spelling=Spelling(tree, sql), quoted=double_quoted(sql), text=sql)
    return Translator(own, Scope()).query(tree)


def _rowid(translator: Translator, child: SourceTable) -> str:
    if child.rowid_alias:
        return f"broken.{quote('number')}"
    if child.without_rowid:
        return "NULL::bigint"
    message = literal(f"a row of {child.name} has no parent, and no column keeps its rowid")
    return f"{translator.ctx.call('raise_error', message)}::bigint"
