"""SQLite's own grammar: text in, tree out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from outgrow.translate.errors import UNPARSABLE, UntranslatableSQL

if TYPE_CHECKING:
    from syntaqlite import Syntaqlite

Node = Mapping[str, Any]


@lru_cache(maxsize=1)
def _parser() -> Syntaqlite:
    from syntaqlite import Syntaqlite  # noqa: PLC0415 - importing the package loads no parser

    return Syntaqlite()


def statement(sql: str) -> Node:
    """Parse exactly one statement; raises UntranslatableSQL."""
    trees = _parser().parse_raw(sql)
    if len(trees) != 1 or trees[0].get("type") in (None, "Error"):
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    tree: Node = trees[0]
    return tree


def expression(sql: str) -> Node:
    """Parse an expression; raises UntranslatableSQL."""
    tree = statement(f"SELECT {sql}")
    columns = children(tree.get("columns"))
    if len(columns) != 1 or columns[0].get("alias") or tree.get("from_clause"):
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    node: Node = columns[0]["expr"]
    return node


def children(node: Node | None) -> list[Node]:
    """The elements of a list node; an absent list is empty."""
    return list(node["children"]) if node else []


def name_of(node: Node | None) -> str:
    """The text of an IdentName; '' where there is none."""
    return str(node["source"]) if node else ""


def fingerprint(node: Any) -> str:
    """A text that is equal for equal trees, parentheses around the whole apart."""
    while node and node.get("type") == "ParenExpr":
        node = node["expr"]
    return json.dumps(node, sort_keys=True)


def double_quoted(sql: str) -> frozenset[str]:
    """The identifiers that the SQL writes in double quotes."""
    return frozenset(
        token["text"][1:-1].replace('""', '"')
        for token in _parser().tokenize(sql)
        if token["category"] == "identifier" and token["text"].startswith('"')
    )
