"""Expressions: each node goes to the rule of its type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from outgrow.translate import registry
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.collation import with_collation
from outgrow.translate.expressions.convert import as_condition
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, children, double_quoted, fingerprint, statement
from outgrow.translate.queries.classes import one_class_each
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.select import translate_query
from outgrow.translate.queries.spelling import Spelling
from outgrow.translate.schema import ViewInfo
from outgrow.translate.scope import Scope


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates expressions at one place.

    Args:
        ctx: what the whole translation collects.
        scope: what names mean here.
        group_keys: fingerprints of the GROUP BY terms and what they translate to.
        commons: the common table expressions in sight, by folded name.

    """

    ctx: Context
    scope: Scope
    group_keys: tuple[tuple[str, Value], ...] = ()
    commons: tuple[tuple[str, Query], ...] = ()

    def expr(self, node: Node) -> Value:
        """Translate an expression; raises UntranslatableSQL."""
        if self.group_keys and self.scope.grouped is not None:
            printed = fingerprint(node)
            for key, value in self.group_keys:
                if key == printed:
                    return value
        kind = str(node["type"])
        rule = registry.rules().get(f"{kind}:{node['op']}" if "op" in node else kind)
        if rule is None:
            raise unsupported(f"{kind} {node.get('op', '')}".strip())
        return with_collation(node, rule(self, node))

    def condition(self, node: Node) -> Value:
        """Translate an expression as a test."""
        return as_condition(self.ctx, self.expr(node))

    def inside(self, scope: Scope) -> Translator:
        """The translator of a scope inside this one."""
        return Translator(self.ctx, scope, commons=self.commons)

    def free(self) -> Translator:
        """The translator of SQL that can't name the columns around it."""
        return self.inside(Scope())

    def query(self, node: Node, names: Sequence[str] | None = None) -> Query:
        """Translate a SELECT in any form, inside this scope."""
        return translate_query(self, node, names)

    def subquery(self, node: Node, *, correlated: bool) -> Query:
        """Translate a SELECT in an expression (``correlated``) or in FROM."""
        return (self if correlated else self.inside(self.scope.parent or Scope())).query(node)

    def knowing(self, name: str, query: Query) -> Translator:
        """The translator with one more common table expression."""
        return replace(self, commons=((name, query), *self.commons))

    def common_table(self, name: str) -> Query | None:
        """The common table expression of that folded name."""
        return next((query for known, query in self.commons if known == name), None)

    def view(self, view: ViewInfo) -> Query:
        """What a view gives."""
        return view_query(
            Context(self.ctx.schema, self.ctx.body_schema, views=self.ctx.views), view
        )

    def all(self, nodes: Sequence[Node]) -> list[Value]:
        """Translate several expressions."""
        return [self.expr(node) for node in nodes]

    @contextmanager
    def ungrouped(self, scopes: Sequence[Scope]) -> Iterator[None]:
        """Allow every column of these scopes: the argument of an aggregate."""
        before = [scope.grouped for scope in scopes]
        for scope in scopes:
            scope.grouped = None
        try:
            yield
        finally:
            for scope, grouped in zip(scopes, before, strict=True):
                scope.grouped = grouped


def view_query(ctx: Context, view: ViewInfo) -> Query:
    """Translate a view's SELECT; its columns bear the names that SQLite gives them."""
    tree = statement(view.sql)
    if tree["type"] != "CreateViewStmt":
        raise unsupported(f"{view.source} is not a view")
    if view.name in ctx.views:
        raise unsupported(f"the view {view.source} reads itself, which SQLite refuses too")
    quoting = replace(
        ctx,
        quoted=double_quoted(view.sql),
        spelling=Spelling(tree, view.sql),
        views=ctx.views | {view.name},
    )
    given = [str(column["column"]) for column in children(tree["column_names"])]
    query = Translator(quoting, Scope()).query(tree["select"], view.columns or given or None)
    return one_class_each(ctx, query, view.classes)
