"""Rows in blocks, and names as SQLite writes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.sqlite.failures import reading

if TYPE_CHECKING:
    from outgrow.model.source import SourceTable
    from outgrow.sqlite.snapshot import Snapshot


def quote_identifier(name: str) -> str:
    """Write any name so that SQLite reads it exactly (https://www.sqlite.org/lang_keywords.html)."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """Write a text as a literal; a NUL would end the statement, so it must not contain one."""
    return "'" + text.replace("'", "''") + "'"


def rowid_name(table: SourceTable) -> str:
    """Give a name of the rowid that no column has, '' if all are taken.

    https://www.sqlite.org/lang_createtable.html#rowid
    """
    taken = {fold(column.name) for column in table.columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), "")


def key_text(name: str) -> str:
    """Write the expression of a key's value as a text; a blob as SQL writes one."""
    return (
        f"CASE typeof({name}) WHEN 'blob' THEN 'x' || quote(hex({name})) "
        f"ELSE CAST({name} AS TEXT) END"
    )


def select_blocks(
    snapshot: Snapshot, sql: str, *, block_rows: int, where: str = ""
) -> Iterator[list[tuple[Any, ...]]]:
    """Run a query and give its rows in lists of at most ``block_rows``; memory stays flat.

    ``where`` is the object that is read, for an error.

    Raises:
        SourceError: SQLite can't run it, or found the file damaged on the way.

    """
    with reading(snapshot, where):
        cursor = snapshot.connection.execute(sql)
    while True:
        with reading(snapshot, where):
            block = list(islice(cursor, block_rows))
        if not block:
            return
        yield block


def stand_in_collation(left: str, right: str) -> int:
    """Compare as memcmp does on UTF-8; it stands in for a collation only the application knows."""
    return (left > right) - (left < right)
