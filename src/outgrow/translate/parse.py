"""SQLite's own grammar: text in, tree out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outgrow.sqlite import grammar
from outgrow.translate.errors import UNPARSABLE, UntranslatableSQL

if TYPE_CHECKING:
    from outgrow.model.source import Expression

Node = grammar.Tree
children = grammar.children


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL: its text, and keyword, identifier, parameter, string … as its category."""

    text: str
    category: str

    @property
    def is_blank(self) -> bool:
        """Whether it is white space or a comment."""
        return self.category in ("other", "comment")


def tokens(sql: str) -> list[Token]:
    """Cut SQL into its pieces; together they are the SQL again."""
    written = sql.encode()
    pieces: list[Token] = []
    end = 0
    for token in grammar.parser().tokenize(sql):
        start = token["offset"]
        if start > end:
            pieces.append(Token(written[end:start].decode(), "other"))
        end = start + token["length"]
        pieces.append(Token(token["text"], token["category"]))
    return pieces


def statement(sql: str) -> Node:
    """Parse exactly one statement; raises UntranslatableSQL."""
    tree = grammar.parse(sql)
    if tree is None:
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    return tree


def expression(sql: str) -> Node:
    """Parse an expression; raises UntranslatableSQL."""
    tree = statement(f"SELECT {sql}")
    columns = children(tree.get("columns"))
    if len(columns) != 1 or columns[0].get("alias") or tree.get("from_clause"):
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    node: Node = columns[0]["expr"]
    return node


def tree_of(written: Expression) -> Node:
    """The tree of an expression of the schema; raises UntranslatableSQL."""
    return expression(written.sql) if written.tree is None else written.tree


def name_of(node: Node | None) -> str:
    """The text of an IdentName; '' where there is none."""
    return str(node["source"] or "") if node else ""


def names_a_column(node: Any) -> bool:
    """Whether a column, or a query, stands anywhere in a tree."""
    if isinstance(node, list):
        return any(map(names_a_column, node))
    if not isinstance(node, dict):
        return False
    if node.get("type") in ("ColumnRef", "SelectStmt", "CompoundSelect", "ValuesClause"):
        return True
    return any(map(names_a_column, node.values()))


def without(node: Node, *types: str) -> Node:
    """What stands in parentheses or other nodes of these types that hold one expression."""
    while node["type"] in types:
        node = node["expr"]
    return node


def fingerprint(node: Any) -> str:
    """A text that is equal for equal trees, parentheses around the whole apart."""
    while node and node.get("type") == "ParenExpr":
        node = node["expr"]
    return json.dumps(node, sort_keys=True)


def double_quoted(sql: str) -> frozenset[str]:
    """The identifiers that the SQL writes in double quotes.

    Raises UntranslatableSQL where such a one is also the keyword TRUE or FALSE: trees don't tell
    which is which.
    """
    found = grammar.parser().tokenize(sql)
    names = [token["text"] for token in found if token["category"] == "identifier"]
    quoted = {grammar.unquoted(name) for name in names if name.startswith('"')}
    bare = {name.lower() for name in names} & {"true", "false"}
    if bare & {name.lower() for name in quoted}:
        word = min(bare)
        raise UntranslatableSQL(UNPARSABLE, f'"{word}" beside {word}', "Write texts in '…'")
    return frozenset(quoted)
