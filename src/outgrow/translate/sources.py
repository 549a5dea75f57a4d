"""FROM: tables, views, subqueries and every kind of join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.compare import compare
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children, name_of
from outgrow.translate.schema import TableInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.values import Value, of_column

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

#: Which sides of a join may have no row: (left, right).
_OUTER = {
    "LEFT": (False, True),
    "RIGHT": (True, False),
    "FULL": (True, True),
}


@dataclass(frozen=True, slots=True)
class From:
    """A translated FROM clause. ``shown`` is what ``SELECT *`` gives: (name, value) pairs."""

    sql: str
    sources: tuple[Source, ...]
    shown: tuple[tuple[str, Value], ...]
    merged: Mapping[str, Value] = field(default_factory=dict)

    def nullable(self) -> From:
        """The clause on the side of an outer join that may have no row."""
        return From(
            self.sql,
            tuple(source.nullable() for source in self.sources),
            tuple((name, replace(value, nullable=True)) for name, value in self.shown),
            {name: replace(value, nullable=True) for name, value in self.merged.items()},
        )


def table_source(table: TableInfo, alias: str, prefix: str, *, bare: bool = False) -> Source:
    """A table's columns as read under ``prefix`` (NEW, an alias), or by bare names."""
    columns = {
        fold(column.source): of_column(
            column, quote(column.name) if bare else f"{prefix}.{quote(column.name)}"
        )
        for column in table.columns
    }
    key = frozenset(fold(name) for name in table.primary_key if fold(name) in columns)
    rowid_name = fold(table.rowid_alias)
    rowid = columns.get(rowid_name)
    names = tuple(column.source for column in table.columns)
    not_null = all(not columns[name].nullable for name in key)
    return Source(
        alias,
        names,
        columns,
        rowid,
        key=key if not_null else frozenset(),
        rowid_name=rowid_name,
    )


def translate_from(translator: Translator, node: Node) -> From:
    """Translate a FROM clause; raises UntranslatableSQL."""
    match node["type"]:
        case "TableRef":
            return _table(translator, node)
        case "SubqueryTableSource":
            return _subquery(translator, node)
        case "ParenTableSource":
            return _parentheses(translator, node)
        case "JoinClause":
            return _join(translator, node)
        case other:
            raise unsupported(f"{other} in FROM")


def _shown(source: Source) -> tuple[tuple[str, Value], ...]:
    return tuple((name, source.columns[fold(name)]) for name in source.names)


def _from_source(sql: str, source: Source) -> From:
    return From(sql, (source,), _shown(source))


def _table(translator: Translator, node: Node) -> From:
    name = str(node["table_name"])
    if node["args"] or node["has_parens"]:
        raise unsupported(f"the table-valued function {name}")
    if node["schema"] and fold(node["schema"]) != "main":
        raise unsupported(f"the attached database {node['schema']}")
    alias = fold(name_of(node["alias"]) or name)
    ctx = translator.ctx
    common = None if node["schema"] else translator.common_table(fold(name))
    if common is not None:
        return _from_source(_named(quote(fold(name)), fold(name), alias), common.source(alias))
    ctx.reads.add(fold(name))
    table = ctx.schema.table(name)
    if table is not None:
        written = _named(qualified(ctx.body_schema, table.name), table.name, alias)
        return _from_source(written, table_source(table, alias, quote(alias)))
    view = ctx.schema.views.get(fold(name))
    if view is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {name}")
    written = _named(qualified(ctx.body_schema, view.name), view.name, alias)
    return _from_source(written, translator.view(view).source(alias))


def _named(sql: str, name: str, alias: str) -> str:
    return sql if name == alias else f"{sql} AS {quote(alias)}"


def _subquery(translator: Translator, node: Node) -> From:
    inner = translator.subquery(node["select"], correlated=False)
    alias = fold(name_of(node["alias"])) or translator.ctx.fresh_alias()
    return _from_source(f"({inner.sql}) AS {quote(alias)}", inner.source(alias))


def _parentheses(translator: Translator, node: Node) -> From:
    if node["alias"]:
        raise unsupported("an alias of a join in parentheses")
    return translate_from(translator, node["source"])


def _join(translator: Translator, node: Node) -> From:
    left = translate_from(translator, node["left"])
    right = translate_from(translator, node["right"])
    kind = str(node["join_type"]).removeprefix("NATURAL_")
    names = _common_names(node, left, right)
    condition = _condition(translator, node, left, right, names)
    empty_left, empty_right = _OUTER.get(kind, (False, False))
    after_left = left.nullable() if empty_left else left
    after_right = right.nullable() if empty_right else right
    merged = {**after_left.merged, **after_right.merged}
    for name in names:
        merged[name] = _merged(kind, _find(after_left, name), _find(after_right, name))
    word = f"{kind} JOIN" if kind in _OUTER else "JOIN" if condition else "CROSS JOIN"
    on = f" ON {condition or 'true'}" if word != "CROSS JOIN" else ""
    shown_left = tuple((n, merged.get(fold(n), v)) for n, v in after_left.shown)
    shown_right = tuple((n, v) for n, v in after_right.shown if fold(n) not in names)
    return From(
        f"{_side(node['left'], left)} {word} {_side(node['right'], right)}{on}",
        after_left.sources + after_right.sources,
        shown_left + shown_right,
        merged,
    )


def _side(node: Node, side: From) -> str:
    return f"({side.sql})" if node["type"] == "ParenTableSource" else side.sql


def _common_names(node: Node, left: From, right: From) -> list[str]:
    """The columns of USING, or those that NATURAL finds on both sides."""
    if str(node["join_type"]).startswith("NATURAL"):
        ours = {fold(name) for name, _ in left.shown}
        return [fold(name) for name, _ in right.shown if fold(name) in ours]
    return [fold(column["column"]) for column in children(node["using_columns"])]


def _find(side: From, name: str) -> Value:
    if name in side.merged:
        return side.merged[name]
    for source in side.sources:
        if name in source.columns:
            return source.columns[name]
    raise UntranslatableSQL(
        UNKNOWN_NAME, f"cannot join using column {name} - column not present in both tables"
    )


def _merged(kind: str, left: Value, right: Value) -> Value:
    if kind == "LEFT" or kind not in _OUTER:
        return left
    if left.rep is not right.rep or left.shape != right.shape:
        raise unsupported("an outer join whose common columns have different types")
    nullable = left.nullable and right.nullable
    return replace(left, sql=f"COALESCE({left.sql}, {right.sql})", nullable=nullable)


def _condition(
    translator: Translator, node: Node, left: From, right: From, names: list[str]
) -> str:
    if names:
        tests = [
            compare(translator.ctx, "=", _find(left, name), _find(right, name)) for name in names
        ]
        return " AND ".join(test.operand if len(tests) > 1 else test.sql for test in tests)
    if node["on_expr"] is None:
        return ""
    scope = Scope(
        left.sources + right.sources,
        translator.scope.parent,
        {**left.merged, **right.merged},
    )
    return translator.inside(scope).condition(node["on_expr"]).sql
