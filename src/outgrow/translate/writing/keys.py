"""Unique keys as they stand in PostgreSQL: what rows are compared by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.source import Expression, IndexPart
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import quote
from outgrow.translate import parse
from outgrow.translate.context import Context
from outgrow.translate.definitions.indexing import CannotIndex, collated
from outgrow.translate.engine import translate_condition, translate_expression
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import Value
from outgrow.translate.generated import inlined
from outgrow.translate.parse import Node, fingerprint, without
from outgrow.translate.schema import KeyInfo, TableInfo, named_columns
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator


def columns_of(key: KeyInfo) -> frozenset[str]:
    """The folded names of all columns that a key depends on."""
    names: set[str] = set()
    for part in key.parts:
        names |= {fold(part.column)} if part.column else _columns_in(part.expression)
    return frozenset(names | _columns_in(key.where))


def _columns_in(expression: Expression | None) -> set[str]:
    return named_columns(_tree(expression)) if expression is not None else set()


def _tree(expression: Expression) -> Node:
    return expression.tree if expression.tree is not None else parse.expression(expression.sql)


def is_plain(key: KeyInfo, table: TableInfo) -> bool:
    """Whether rows of one key are equal to the byte in its columns."""
    return all(
        (column := table.column(part.column)) is not None
        and (part.collation.upper() == "BINARY" or column.type.kind is not Kind.TEXT)
        for part in key.parts
    )


def conflict_target(ctx: Context, table: TableInfo, key: KeyInfo) -> str:
    """Write what stands after ON CONFLICT so that PostgreSQL finds the key's index.

    The texts are those that made the index: https://www.postgresql.org/docs/current/sql-insert.html
    """
    written = []
    for part in key.parts:
        column = table.column(part.column) if part.column else None
        if column is not None:
            sql = _collated(quote(column.name), part.collation, column.type.kind)
            written.append(sql)
            continue
        assert part.expression is not None
        made = translate_expression(part.expression, ctx.schema, table.source, indexed=True)
        assert made.type is not None
        ctx.helpers.update(made.helpers)
        written.append(f"({_collated(f'({made.sql})', part.collation, made.type.kind)})")
    where = ""
    if key.where is not None:
        condition = translate_condition(key.where, ctx.schema, table.source, immutable=True)
        ctx.helpers.update(condition.helpers)
        where = f" WHERE {condition.sql}"
    return f"({', '.join(written)}){where}"


def _collated(sql: str, collation: str, kind: Kind) -> str:
    try:
        return collated(sql, collation, kind)
    except CannotIndex as error:
        raise unsupported(f"a key that PostgreSQL does not have: {error}") from error


def alike(ctx: Context, table: TableInfo, key: KeyInfo, one: Source, other: Source) -> str:
    """Write the test whether two rows have the same key; NULL is like nothing."""
    tests = [
        f"{_part(ctx, table, part, one)} = {_part(ctx, table, part, other)}" for part in key.parts
    ]
    if key.where is not None:
        tests += [condition_in(ctx, key.where, row) for row in (one, other)]
    return " AND ".join(tests)


def _part(ctx: Context, table: TableInfo, part: IndexPart, row: Source) -> str:
    column = table.column(part.column) if part.column else None
    if column is not None:
        return _collated(row.columns[fold(column.source)].operand, part.collation, column.type.kind)
    assert part.expression is not None
    value = value_in(ctx, part.expression, row)
    kind = Kind.TEXT if value.is_text else Kind.BIGINT
    return _collated(value.operand, part.collation, kind)


def value_in(ctx: Context, expression: Expression, row: Source) -> Value:
    """Translate an expression of the table's definition over one row."""
    own = replace(ctx, quoted=parse.double_quoted(expression.sql))
    return Translator(own, Scope((row,))).expr(_tree(expression))


def condition_in(ctx: Context, expression: Expression, row: Source) -> str:
    """Translate a condition of the table's definition over one row, as an operand."""
    own = replace(ctx, quoted=parse.double_quoted(expression.sql))
    return Translator(own, Scope((row,))).condition(_tree(expression)).operand


def computed(ctx: Context, table: TableInfo, row: Source, needed: Collection[str]) -> Source:
    """A row in which the generated columns of these names are computed from the others."""
    names = [{"type": "ColumnRef", "column": name} for name in sorted(needed)]
    return inlined(ctx, table, row, {"type": "names", "children": names})


def matching(table: TableInfo, clause: Node) -> list[KeyInfo]:
    """The keys that an ON CONFLICT clause names; all of them without a target."""
    terms = [term["expr"] for term in parse.children(clause["columns"])]
    if not terms:
        return list(table.keys)
    return [key for key in table.keys if _is_named(table, key, terms, clause["target_where"])]


def _is_named(table: TableInfo, key: KeyInfo, terms: Sequence[Node], where: Node | None) -> bool:
    if len(terms) != len(key.parts):
        return False
    if key.where is not None and (
        where is None or fingerprint(_tree(key.where)) != fingerprint(where)
    ):
        return False
    left = list(terms)
    for part in key.parts:
        named = next((term for term in left if _names(table, part, term)), None)
        if named is None:
            return False
        left.remove(named)
    return True


def _names(table: TableInfo, part: IndexPart, term: Node) -> bool:
    collation = part.collation.upper()
    if term["type"] == "CollateExpr" and str(term["collation"]).upper() != collation:
        return False
    term = without(term, "ParenExpr", "CollateExpr")
    if part.expression is not None:
        return fingerprint(_tree(part.expression)) == fingerprint(term)
    if term["type"] != "ColumnRef":
        return False
    written = fold(str(term["column"]))
    is_rowid = written in ("rowid", "oid", "_rowid_") and table.column(written) is None
    return fold(part.column) == (fold(table.rowid_alias) if is_rowid else written)
