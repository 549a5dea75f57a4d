"""SQLite's own grammar: text in, tree out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Any

from outgrow.translate.errors import UNPARSABLE, UntranslatableSQL

if TYPE_CHECKING:
    from syntaqlite import Syntaqlite

    from outgrow.model.source import Expression

Node = Mapping[str, Any]


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
    for token in _parser().tokenize(sql):
        start = token["offset"]
        if start > end:
            pieces.append(Token(written[end:start].decode(), "other"))
        end = start + token["length"]
        pieces.append(Token(token["text"], token["category"]))
    return pieces


_local = local()


def _parser() -> Syntaqlite:
    """Give this thread's parser: one must not be used by two at once."""
    try:
        parser: Syntaqlite = _local.parser
    except AttributeError:
        from syntaqlite import Syntaqlite  # noqa: PLC0415 - importing the package loads no parser

        parser = _local.parser = Syntaqlite()
    return parser


def statement(sql: str) -> Node:
    """Parse exactly one statement; raises UntranslatableSQL."""
    trees = _parser().parse_raw(sql)
    if len(trees) != 1 or not trees[0] or trees[0].get("type") in (None, "Error"):
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    tree: Node = trees[0]
    if '"' in sql or "`" in sql or "[" in sql or "'" in sql:
        _unquote(tree)
    return tree


#: Names that the parser gives in their quotes, here or there.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "AnalyzeOrReindexStmt": ("schema", "target_name"),
    "CollateExpr": ("collation",),
    "ColumnConstraint": ("collation_name",),
    "ConstraintNameDeclaration": ("name",),
    "CreateIndexStmt": ("schema", "index_name", "table_name"),
    "CreateTableStmt": ("schema", "table_name"),
    "CreateTriggerStmt": ("schema", "trigger_name"),
    "CreateViewStmt": ("schema", "view_name"),
    "CteDefinition": ("cte_name",),
    "ForeignKeyClause": ("ref_table",),
    "FunctionCall": ("func_name",),
    "IdentName": ("source",),
    "NamedWindowDef": ("window_name",),
    "PragmaStmt": ("schema", "pragma_name"),
    "SetClause": ("column",),
    "TableRef": ("schema", "table_name"),
    "WindowDef": ("ref_window_name",),
}
#: What never goes without a name.
_NAMED = {"ColumnRef": "column", "SetClause": "column", "TableRef": "table_name"}
_CLOSING = {'"': '"', "`": "`", "[": "]", "'": "'"}


def _unquote(node: Any) -> None:
    """Make every name in a tree the name that is meant."""
    if isinstance(node, list):
        for child in node:
            _unquote(child)
    elif isinstance(node, dict):
        kind = node.get("type", "")
        if kind in _NAMED:  # the parser gives nothing for an empty name
            node[_NAMED[kind]] = node[_NAMED[kind]] or ""
        for field in _NAMES.get(kind, ()):
            if node[field] is not None:
                node[field] = _bare(node[field])
        if kind == "ColumnRef":
            for field in ("schema", "table", "column"):
                node[field] = node[field] and node[field].replace('""', '"')
        for child in node.values():
            _unquote(child)


def _bare(name: str) -> str:
    closing = _CLOSING.get(name[:1])
    if closing and len(name) > 1 and name.endswith(closing):
        name = name[1:-1]
    return name.replace('""', '"')


def expression(sql: str) -> Node:
    """Parse an expression; raises UntranslatableSQL."""
    tree = statement(f"SELECT {sql}")
    columns = children(tree.get("columns"))
    if len(columns) != 1 or columns[0].get("alias") or tree.get("from_clause"):
        raise UntranslatableSQL(UNPARSABLE, " ".join(sql.split())[:80])
    node: Node = columns[0]["expr"]
    return node


def tree_of(written: Expression) -> Node:
    """The tree of an expression of the schema; raises UntranslatableSQL.

    The one that came with it has names as they are written, with their quotes doubled.
    """
    if written.tree is None or '""' in written.sql:
        return expression(written.sql)
    return written.tree


def children(node: Node | None) -> list[Node]:
    """The elements of a list node; an absent list is empty."""
    return list(node["children"]) if node else []


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
    names = [t["text"] for t in _parser().tokenize(sql) if t["category"] == "identifier"]
    quoted = {name[1:-1].replace('""', '"') for name in names if name.startswith('"')}
    bare = {name.lower() for name in names} & {"true", "false"}
    if bare & {name.lower() for name in quoted}:
        word = min(bare)
        raise UntranslatableSQL(UNPARSABLE, f'"{word}" beside {word}', "Write texts in '…'")
    return frozenset(quoted)
