"""Making what differs small: pieces of the statement are replaced, rows and columns left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from generator.expressions import literal
from generator.schemas import Schema, smaller_schemas
from generator.statements import Statement
from generator.trees import NOTHING, Tree, expr, with_piece

Fails = Callable[[Statement], bool]
FailsOver = Callable[[Schema, Statement], bool]
_SIMPLEST = tuple(expr(text) for text in ("1", "NULL", "'a'", "0", "'1'", "1.5"))


def shrunk_statement(statement: Statement, fails: Fails) -> Statement:
    """The smallest statement that still fails, as far as single steps find it."""
    found: Statement | None = statement
    while found is not None:
        statement = found
        found = next((smaller for smaller in _smaller(statement) if fails(smaller)), None)
    return statement


def _smaller(statement: Statement) -> Iterator[Statement]:
    if statement.style != "?":
        yield replace(statement, style="?")
    if statement.untyped:
        yield replace(statement, untyped=False)
    size = statement.tree.size()
    for path, node in list(statement.tree.nodes()):
        if node.kind == "order":
            tree = with_piece(statement.tree, path, NOTHING)
            yield replace(statement, tree=tree, ordered=False)
        for piece in _instead_of(node):
            tree = with_piece(statement.tree, path, piece)
            if tree.size() < size:
                yield statement.with_tree(tree)


def _instead_of(node: Tree) -> Iterator[Tree]:
    """Smaller pieces that may stand at the place of a piece."""
    match node.kind:
        case "optional":
            yield NOTHING
        case "steps" | "list" if len(node.parts) > 1:
            for place in range(len(node.parts)):
                yield replace(node, parts=node.parts[:place] + node.parts[place + 1 :])
        case "bound":
            yield expr(literal(int(node.value) if node.value in (True, False) else node.value))
        case "expr":
            yield from _SIMPLEST
            yield from (n for path, n in node.nodes() if path and n.kind in ("expr", "bound"))
        case "query" | "rows":
            kinds = {"query", node.kind}
            yield from (n for path, n in node.nodes() if path and n.kind in kinds)


def shrunk(schema: Schema, statement: Statement, fails: FailsOver) -> Schema:
    """The smallest schema over which the statement still fails."""
    found: Schema | None = schema
    while found is not None:
        schema = found
        found = next((s for s in smaller_schemas(schema) if fails(s, statement)), None)
    return schema
