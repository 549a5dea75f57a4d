"""What only the text of a CREATE statement says: constraints, expressions, comments, names.

SQLite's pragmas know columns, keys and indexes; CHECKs, generated expressions, constraint names,
ON CONFLICT, DEFERRABLE and comments have to be read from the definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from outgrow.model.source import Expression, SourceCheck, SourceForeignKey
from outgrow.sqlite.grammar import (
    Text,
    Token,
    Tree,
    children,
    inside,
    parse,
    split_commas,
    top_level,
    unquoted,
)


@dataclass(frozen=True, slots=True)
class ParsedKey:
    """A PRIMARY KEY or UNIQUE as written."""

    primary: bool
    columns: tuple[str, ...]
    name: str = ""
    on_conflict: str = ""
    autoincrement: bool = False


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """A column definition as written; ``default`` and ``generated`` are ``None`` without one.

    ``on_null`` is what the ON CONFLICT of its NOT NULL says.
    """

    name: str
    default: Tree | None = None
    generated: Expression | None = None
    comment: str = ""
    on_null: str = ""


@dataclass(slots=True)
class ParsedTable:
    """A CREATE TABLE as written; filled while it is read, then only looked at."""

    columns: list[ParsedColumn] = field(default_factory=list)
    keys: list[ParsedKey] = field(default_factory=list)
    foreign_keys: list[SourceForeignKey] = field(default_factory=list)
    checks: list[SourceCheck] = field(default_factory=list)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ParsedIndex:
    """A CREATE INDEX as written: one expression a part, and its WHERE."""

    parts: tuple[Expression, ...]
    where: Expression | None


def parse_table(sql: str) -> ParsedTable | None:
    """Read a CREATE TABLE; ``None`` if it can't be parsed."""
    tree = parse(sql)
    if tree is None or tree["type"] != "CreateTableStmt":
        return None
    table = ParsedTable()
    text = Text(sql)
    definitions = children(tree["columns"])
    body = _body(text, len(definitions))
    comments = _comments(text, body)
    table.comment = comments.get(-1, "")
    for number, (definition, tokens) in enumerate(zip(definitions, body.columns, strict=True)):
        _read_column(table, definition, text, tokens, comments.get(number, ""))
    _read_constraints(table, tree["table_constraints"], text, body.rest)
    return table


def parse_index(sql: str) -> ParsedIndex | None:
    """Read a CREATE INDEX; ``None`` if it can't be parsed."""
    tree = parse(sql)
    if tree is None or tree["type"] != "CreateIndexStmt":
        return None
    text = Text(sql)
    tokens = text.significant
    opening = next(position for position, token in top_level(tokens) if token.text == "(")
    listed = inside(tokens, opening)
    parts = [
        Expression(text.cut(_without_order(piece)), _without_collation(term["expr"]))
        for piece, term in zip(split_commas(listed), children(tree["columns"]), strict=True)
    ]
    where = None
    if tree["where_clause"] is not None:
        condition = tokens[opening + len(listed) + 3 :]  # after both parentheses and WHERE
        where = Expression(text.cut(condition), tree["where_clause"])
    return ParsedIndex(tuple(parts), where)


def _without_collation(expression: Tree) -> Tree:
    """Drop the COLLATE of an index part: the index itself says which collation it has."""
    while expression["type"] == "CollateExpr":
        expression = expression["expr"]
    return expression


def _without_order(piece: list[Token]) -> list[Token]:
    """Drop ASC, DESC and COLLATE at the end of an index part."""
    tokens = [token for token in piece if token is not piece[-1] or token.text != ","]
    while tokens:
        if tokens[-1].is_keyword("ASC", "DESC"):
            tokens = tokens[:-1]
        elif len(tokens) > 2 and tokens[-2].is_keyword("COLLATE"):
            tokens = tokens[:-2]
        else:
            break
    return tokens


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands in the parentheses of a CREATE TABLE.

    The tokens of each column definition (its comma included), those after the last one, and
    where the parentheses begin and end, in bytes.
    """

    columns: list[list[Token]]
    rest: list[Token]
    start: int
    end: int


def _body(text: Text, columns: int) -> _Body:
    tokens = text.significant
    opening = next(
        (position for position, token in top_level(tokens) if token.text == "("), len(tokens)
    )
    if not columns or opening == len(tokens):
        return _Body([], [], 0, 0)
    listed = inside(tokens, opening)
    pieces = split_commas(listed)
    rest = [token for piece in pieces[columns:] for token in piece]
    return _Body(pieces[:columns], rest, listed[0].start, listed[-1].end)


def _read_column(
    table: ParsedTable, definition: Tree, text: Text, tokens: list[Token], comment: str
) -> None:
    name = str(definition["column_name"]["source"])
    checks = _bracketed(text, tokens, "CHECK")
    generated = _bracketed(text, tokens, "AS")
    column = ParsedColumn(name, comment=comment)
    for label, constraint in _labelled(children(definition["constraints"])):
        kind = constraint["kind"]
        if kind == "DEFAULT":
            column = replace(column, default=constraint["default_expr"])
        elif kind == "GENERATED":
            expression = Expression(next(generated), constraint["generated_expr"])
            column = replace(column, generated=expression)
        elif kind == "CHECK":
            expression = Expression(next(checks), constraint["check_expr"])
            table.checks.append(SourceCheck(expression, label, name))
        elif kind == "DEFERRABLE":
            _defer(table, constraint)
        elif kind == "NOT_NULL":
            column = replace(column, on_null=_on_conflict(constraint))
        else:
            _read_key(table, constraint, label, (name,))
    table.columns.append(column)


def _read_constraints(
    table: ParsedTable, groups: Tree | None, text: Text, tokens: list[Token]
) -> None:
    checks = _bracketed(text, tokens, "CHECK")
    for group in children(groups):
        for label, constraint in _labelled(children(group)):
            if constraint["kind"] == "CHECK":
                expression = Expression(next(checks), constraint["check_expr"])
                table.checks.append(SourceCheck(expression, label))
            elif constraint["kind"] == "FOREIGN_KEY":
                columns = tuple(_name(column) for column in children(constraint["fk_columns"]))
                _read_key(table, constraint, label, columns)
            else:
                terms = children(constraint["pk_columns"])
                columns = tuple(_name(_without_collation(term["expr"])) for term in terms)
                _read_key(table, constraint, label, columns)


def _read_key(table: ParsedTable, constraint: Tree, label: str, columns: tuple[str, ...]) -> None:
    kind = constraint["kind"]
    if kind in ("PRIMARY_KEY", "UNIQUE"):
        table.keys.append(
            ParsedKey(
                primary=kind == "PRIMARY_KEY",
                columns=columns,
                name=label,
                on_conflict=_on_conflict(constraint),
                autoincrement=constraint["is_autoincrement"],
            )
        )
    elif kind in ("REFERENCES", "FOREIGN_KEY"):
        clause = constraint["fk_clause"]
        parent_columns = tuple(_name(column) for column in children(clause["ref_columns"]))
        table.foreign_keys.append(
            SourceForeignKey(columns, str(clause["ref_table"]), parent_columns, name=label)
        )
        _defer(table, clause)


def _on_conflict(constraint: Tree) -> str:
    """Give what a constraint says; ABORT is what it does without a word."""
    action = str(constraint["onconf"])
    return "" if action in ("DEFAULT", "ABORT") else action


def _defer(table: ParsedTable, clause: Tree) -> None:
    """Apply DEFERRABLE to the foreign key before it (https://www.sqlite.org/foreignkeys.html)."""
    if clause["deferrable"] == "DEFERRABLE" and table.foreign_keys:
        table.foreign_keys[-1] = replace(
            table.foreign_keys[-1],
            deferrable=True,
            initially_deferred=clause["initial_defer"] == "DEFERRED",
        )


def _labelled(items: list[Tree]) -> Iterator[tuple[str, Tree]]:
    """Give each constraint with the CONSTRAINT name that stands right before it."""
    label = ""
    for item in items:
        if item["type"] == "ConstraintNameDeclaration":
            label = str(item["name"])
        else:
            yield label, item
            label = ""


def _name(node: Tree) -> str:
    """Give a column's name; SQLite also takes a string for one."""
    return str(node["column"]) if node["type"] == "ColumnRef" else unquoted(node["source"])


def _bracketed(text: Text, tokens: list[Token], keyword: str) -> Iterator[str]:
    """Give the texts in the parentheses that follow a keyword."""
    for position, token in top_level(tokens):
        if token.is_keyword(keyword):
            yield text.cut(inside(tokens, position + 1))


def _comments(text: Text, body: _Body) -> dict[int, str]:
    """Give the comments by the number of the column they belong to, -1 for the table.

    A comment on the line of a column definition belongs to that column; one before the first
    column, or after the last parenthesis, to the table; others explain the text, not the data.
    """
    owners = {token: number for number, tokens in enumerate(body.columns) for token in tokens}
    closing = next((token for token in text.significant if token.start >= body.end), None)
    found: dict[int, list[str]] = {}
    previous: Token | None = None
    for token in text.tokens:
        if not token.is_comment:
            previous = token
            continue
        owner = owners.get(previous) if previous and text.same_line(previous, token) else None
        after = closing is not None and token.start > closing.start
        if owner is None and (token.start < body.start or after):
            owner = -1
        words = _words(token.text)
        if owner is not None and words:
            found.setdefault(owner, []).append(words)
    return {owner: " ".join(texts) for owner, texts in found.items()}


def _words(comment: str) -> str:
    """Take the marks off a comment and put it on one line."""
    bare = comment[2:].strip("- \t") if comment.startswith("--") else comment[2:].rstrip("*/ ")
    return " ".join(bare.lstrip("* ").split())
