"""A table's definition written anew from what is known of it, and definitions compared."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.model.names import fold
from outgrow.model.source import (
    Expression,
    SourceCheck,
    SourceColumn,
    SourceForeignKey,
    SourceKey,
    SourceTable,
)
from outgrow.sqlite.grammar import Text, unquoted
from outgrow.sqlite.rows import quote_identifier


def write_table(table: SourceTable) -> str:
    """Write CREATE TABLE, comments included: the rules of the plan read them.

    https://www.sqlite.org/lang_createtable.html
    """
    items = [(_column(table, column), column.comment) for column in table.columns]
    items += [(constraint, "") for constraint in _constraints(table)]
    lines = []
    for number, (item, comment) in enumerate(items):
        comma = "," if number < len(items) - 1 else ""
        lines.append(f"    {item}{comma}{_commented(comment)}\n")
    options = [
        word
        for word, wanted in (("WITHOUT ROWID", table.without_rowid), ("STRICT", table.strict))
        if wanted
    ]
    opening = f"CREATE TABLE {quote_identifier(table.name)} ({_commented(table.comment)}\n"
    return opening + "".join(lines) + ")" + (f" {', '.join(options)}" if options else "")


def normal(sql: str, *, comments: bool = False) -> tuple[str, ...]:
    """Give a text's words so that two texts that mean the same are mostly equal.

    White space, the case of names and keywords and their quotes don't count; comments only do
    where they are asked for. What stands in strings always counts.
    """
    text = Text(sql)
    return tuple(
        fold(unquoted(token.text)) if token.category in ("identifier", "keyword") else token.text
        for token in (text.tokens if comments else text.significant)
    )


def quoted_list(names: tuple[str, ...]) -> str:
    """Write names for a list in parentheses."""
    return ", ".join(map(quote_identifier, names))


def _commented(comment: str) -> str:
    return f"  -- {comment}" if comment else ""


def _column(table: SourceTable, column: SourceColumn) -> str:
    words = [quote_identifier(column.name), column.declared]
    if column.collation.upper() != "BINARY":
        words.append(f"COLLATE {quote_identifier(column.collation)}")
    key = table.primary_key
    if key is not None and fold(column.name) == fold(table.rowid_alias):
        words += [_label(key.name), "PRIMARY KEY", _on_conflict(key.on_conflict)]
        words.append("AUTOINCREMENT" if table.autoincrement else "")
    if column.not_null:
        words += ["NOT NULL", _on_conflict(column.on_null)]
    if column.default is not None:
        words.append(f"DEFAULT {_default(column.default)}")
    if column.generated is not None:
        stored = "STORED" if column.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS ({column.generated.sql}\n) {stored}")
    words += [_check(check) for check in table.checks if fold(check.column) == fold(column.name)]
    return " ".join(filter(None, words))


def _default(default: Expression) -> str:
    """Write a default: a bare name must not stand in parentheses, an expression has to."""
    return default.sql if len(Text(default.sql).significant) == 1 else f"({default.sql})"


def _constraints(table: SourceTable) -> Iterator[str]:
    if table.primary_key is not None and not table.rowid_alias:
        yield _key("PRIMARY KEY", table.primary_key, table)
    for key in table.unique:
        yield _key("UNIQUE", key, table)
    yield from (_check(check) for check in table.checks if not check.column)
    yield from map(_foreign_key, table.foreign_keys)


def _key(kind: str, key: SourceKey, table: SourceTable) -> str:
    parts = []
    for part in key.parts:
        words = [quote_identifier(part.column)]
        if fold(part.collation) != fold(table.column(part.column).collation):
            words.append(f"COLLATE {quote_identifier(part.collation)}")
        words.append("DESC" if part.descending else "")
        parts.append(" ".join(filter(None, words)))
    words = [_label(key.name), f"{kind} ({', '.join(parts)})", _on_conflict(key.on_conflict)]
    return " ".join(filter(None, words))


def _on_conflict(action: str) -> str:
    return f"ON CONFLICT {action}" if action else ""


def _check(check: SourceCheck) -> str:
    # The line ends before the parenthesis, so that a comment in the text can't swallow it.
    return f"{_label(check.name)} CHECK ({check.expression.sql}\n)".lstrip()


def _foreign_key(key: SourceForeignKey) -> str:
    words = [_label(key.name), f"FOREIGN KEY ({quoted_list(key.columns)})"]
    words.append(f"REFERENCES {quote_identifier(key.parent)}")
    if key.parent_columns:
        words.append(f"({quoted_list(key.parent_columns)})")
    words.append("" if key.on_delete == "NO ACTION" else f"ON DELETE {key.on_delete}")
    words.append("" if key.on_update == "NO ACTION" else f"ON UPDATE {key.on_update}")
    if key.deferrable:
        deferred = "DEFERRED" if key.initially_deferred else "IMMEDIATE"
        words.append(f"DEFERRABLE INITIALLY {deferred}")
    return " ".join(filter(None, words))


def _label(name: str) -> str:
    return f"CONSTRAINT {quote_identifier(name)}" if name else ""
