"""A view of one file under another name, with everything in that file that reads it."""

from __future__ import annotations

from contextlib import closing, suppress

import apsw

from outgrow.model.names import fold
from outgrow.sqlite.failures import reading
from outgrow.sqlite.grammar import Text
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.parts import Part, read_part
from outgrow.unite.writing import quoted_list


def rename_view(part: Part, old: str, new: str) -> Part:
    """Rename a view in a part, and in the views and triggers that name it.

    SQLite renames tables only, and then follows every name itself
    (https://www.sqlite.org/lang_altertable.html#alter_table_rename). So for a moment a table of
    the same columns stands for the view.
    """
    view = next(each for each in part.source.views if fold(each.name) == fold(old))
    on_it = [each for each in part.source.triggers if fold(each.table) == fold(old)]
    with reading(part.label, old), closing(apsw.Connection(str(part.path))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(f"DROP VIEW {quote_identifier(old)}")
        if view.columns:
            with suppress(apsw.SQLError):
                _let_follow(connection, old, new, view.columns)
        connection.execute(renamed(view.sql, new))
        for trigger in on_it:
            with suppress(apsw.SQLError):
                connection.execute(_moved_to(trigger.sql, new))
    return read_part(part.number, part.label, part.path, apsw.Connection(str(part.path)))


def _let_follow(connection: apsw.Connection, old: str, new: str, columns: tuple[str, ...]) -> None:
    connection.execute(f"CREATE TABLE {quote_identifier(old)} ({quoted_list(columns)})")
    try:
        connection.execute(f"ALTER TABLE {quote_identifier(old)} RENAME TO {quote_identifier(new)}")
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {quote_identifier(old)}")
        connection.execute(f"DROP TABLE IF EXISTS {quote_identifier(new)}")


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
    return _replaced(sql, tokens[place + 1].start, tokens[place + 1].end, name)


def without_unique(sql: str) -> str:
    """Give a CREATE UNIQUE INDEX as a plain CREATE INDEX."""
    token = next(token for token in Text(sql).significant if token.is_keyword("UNIQUE"))
    text = sql.encode()
    return (text[: token.start] + text[token.end :]).decode()


def _moved_to(sql: str, relation: str) -> str:
    """Give a CREATE TRIGGER that stands on another table or view."""
    tokens = Text(sql).significant
    place = next(number for number, token in enumerate(tokens) if token.is_keyword("ON"))
    return _replaced(sql, tokens[place + 1].start, tokens[place + 1].end, relation)


def _replaced(sql: str, start: int, end: int, name: str) -> str:
    text = sql.encode()
    return (text[:start] + quote_identifier(name).encode() + text[end:]).decode()
