"""A table or view of one file under another name, with everything in that file that names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace

import apsw

from outgrow.model.names import fold
from outgrow.sqlite.failures import reading
from outgrow.sqlite.grammar import Text, Token, unquoted
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.parts import Part, read_part
from outgrow.unite.writing import quoted_list

#: What stands right before the name of a table or view.
_BEFORE = ("FROM", "INTO", "JOIN", "ON", "UPDATE")


def rename_tables(part: Part, names: dict[str, str]) -> Part:
    """Rename tables in a part.

    SQLite itself renames them, so that keys, views and triggers follow
    (https://www.sqlite.org/lang_altertable.html#alter_table_rename).
    """
    with reading(part.label), _opened(part) as connection:
        for old, new in names.items():
            _rename(connection, old, new)
    return _read_again(part)


def rename_view(part: Part, old: str, new: str) -> Part:
    """Rename a view in a part.

    SQLite renames tables only; so for a moment a table of the same columns stands for the view.
    """
    view = next(each for each in part.source.views if fold(each.name) == fold(old))
    on_it = [each for each in part.source.triggers if fold(each.table) == fold(old)]
    with reading(part.label, old), _opened(part) as connection:
        connection.execute(f"DROP VIEW {quote_identifier(old)}")
        if view.columns:
            with suppress(apsw.SQLError):
                connection.execute(
                    f"CREATE TABLE {quote_identifier(old)} ({quoted_list(view.columns)})"
                )
                _rename(connection, old, new)
                connection.execute(f"DROP TABLE {quote_identifier(new)}")
        connection.execute(renamed(view.sql, new))
        for trigger in on_it:
            with suppress(apsw.SQLError):
                connection.execute(following(trigger.sql, old, new))
    return _read_again(part)


def _opened(part: Part) -> closing[apsw.Connection]:
    """Open a part for changes; what SQLite can't load of its schema is taken out for good."""
    connection = apsw.Connection(str(part.path))
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA synchronous = OFF")
    for name in (*part.source.damaged_tables, *part.source.damaged_views):
        connection.execute("DELETE FROM sqlite_schema WHERE tbl_name = ?", (name,))
    for _, name in part.source.damaged_indexes:
        connection.execute("DELETE FROM sqlite_schema WHERE type = 'index' AND name = ?", (name,))
    connection.execute("PRAGMA writable_schema = RESET")
    return closing(connection)


def _read_again(part: Part) -> Part:
    """Read what a part declares now; what was taken out of it is still known."""
    changed = read_part(part.number, part.label, part.path, apsw.Connection(str(part.path)))
    source = replace(
        changed.source,
        damaged_tables=part.source.damaged_tables,
        damaged_views=part.source.damaged_views,
        damaged_indexes=part.source.damaged_indexes,
    )
    return replace(changed, source=source)


def _rename(connection: apsw.Connection, old: str, new: str) -> None:
    """Rename a table; a view or trigger that SQLite can't read follows word by word."""
    aside: list[Sequence[object]] = []
    while True:
        try:
            connection.execute(
                f"ALTER TABLE {quote_identifier(old)} RENAME TO {quote_identifier(new)}"
            )
            break
        except apsw.SQLError as error:
            rows = _blamed(connection, str(error))
            if not rows:
                raise
            aside += rows
            for row in rows:
                _change_schema(
                    connection, "DELETE FROM sqlite_schema WHERE type = ? AND name = ?", row[:2]
                )
    for kind, name, table, sql in sorted(aside, key=lambda row: row[0] == "trigger"):
        _change_schema(
            connection,
            "INSERT INTO sqlite_schema VALUES (?, ?, ?, 0, ?)",
            (
                kind,
                name,
                new if fold(str(table)) == fold(old) else table,
                following(str(sql), old, new),
            ),
        )


def _blamed(connection: apsw.Connection, says: str) -> list[Sequence[object]]:
    """Find the view or trigger that SQLite's complaint names; a view after its own triggers."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger')"
    ).fetchall()
    for row in rows:
        named = f"error in {row[0]} {row[1]}"
        if says.startswith((f"{named}:", f"{named} after")):
            is_view = row[0] == "view"
            on_it = [each for each in rows if is_view and fold(str(each[2])) == fold(str(row[1]))]
            return [*(each for each in on_it if each[0] == "trigger"), row]
    return []


def _change_schema(connection: apsw.Connection, statement: str, values: Sequence[object]) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(statement, tuple(values))
    connection.execute("PRAGMA writable_schema = RESET")


def renamed(sql: str, name: str) -> str:
    """Give a CREATE statement, as SQLite keeps it, with another name for what it makes.

    SQLite writes the words up to the name itself, so nothing else stands before it
    (https://www.sqlite.org/schematab.html#interpretation_of_the_schema_table).
    """
    tokens = Text(sql).significant
    place = next(
        number
        for number, token in enumerate(tokens)
        if token.is_keyword("TABLE", "INDEX", "VIEW", "TRIGGER")
    )
    return _replaced(sql, [tokens[place + 1]], name)


def without_unique(sql: str) -> str:
    """Give a CREATE UNIQUE INDEX as a plain CREATE INDEX."""
    token = next(token for token in Text(sql).significant if token.is_keyword("UNIQUE"))
    text = sql.encode()
    return (text[: token.start] + text[token.end :]).decode()


def following(sql: str, old: str, new: str) -> str:
    """Give a statement with another name for a table or view, wherever it can be nothing else."""
    return _replaced(sql, list(_naming(Text(sql).significant, old)), new)


def _naming(tokens: list[Token], name: str) -> Iterator[Token]:
    for before, token, after in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if token.category == "string" or fold(unquoted(token.text)) != fold(name):
            continue
        if before.is_keyword(*_BEFORE) or (after is not None and after.text == "."):
            yield token


def _replaced(sql: str, tokens: list[Token], name: str) -> str:
    text = sql.encode()
    for token in reversed(tokens):
        text = text[: token.start] + quote_identifier(name).encode() + text[token.end :]
    return text.decode()
