"""Values that PostgreSQL can't hold: found again, repaired or refused, the originals kept.

PostgreSQL's text holds no NUL character and no invalid UTF-8
(https://www.postgresql.org/docs/current/datatype-character.html); SQLite's does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from outgrow.errors import SourceError, define
from outgrow.model.census import TableFacts
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import SourceTable
from outgrow.model.types import Kind
from outgrow.sqlite.fitting import fits
from outgrow.sqlite.rows import key_text, quote_identifier, quote_literal, rowid_name

NAMELESS = define("OG-141", "The rows of a table can't be named")

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_BEYOND_ASCII = "'*[^' || char(1) || '-' || char(127) || ']*'"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One value (or, without ``column``, one row) whose original goes to quarantine.

    ``file`` is where it is from, if its table holds rows of several.
    """

    column: str | None
    key: str
    action: str
    reason: str
    storage_class: str
    original: bytes
    file: str = ""


def mend(text: bytes, encoding: str) -> str:
    """Give the text that PostgreSQL can hold: each impossible part is one U+FFFD."""
    return text.decode(encoding, errors="replace").replace("\0", REPLACEMENT)


def complaint(text: bytes, encoding: str) -> str:
    """Say what PostgreSQL could not hold in a text, or nothing."""
    try:
        decoded = text.decode(encoding)
    except UnicodeDecodeError as error:
        return f"text is not valid {encoding.upper()} at byte {error.start}"
    return "text holds a NUL character" if "\0" in decoded else ""


def bad_text_columns(plan: TablePlan, facts: TableFacts) -> tuple[ColumnPlan, ...]:
    """The text columns in which the census met what PostgreSQL can't hold."""
    found = []
    for column in plan.columns:
        known = facts.column(column.source)
        if column.type.kind is Kind.TEXT and (known.texts_with_nul or known.invalid_utf8):
            found.append(column)
    return tuple(found)


def key_columns(table: SourceTable) -> tuple[str, ...]:
    """The columns that name a row to a person; without any it is the rowid."""
    return table.primary_key.columns if table.primary_key else ()


def key_expression(table: SourceTable) -> str:
    """Write the SELECT expression of a row's key: a JSON object of key columns as texts.

    A blob is written as SQL writes one.

    It comes as bytes, because a key may itself hold what is not valid UTF-8.
    """
    pairs = [
        f"{quote_literal(column)}, {key_text(quote_identifier(column))}"
        for column in key_columns(table)
    ] or [f"'rowid', {required_rowid(table)}"]
    return f"CAST(json_object({', '.join(pairs)}) AS BLOB)"


def required_rowid(table: SourceTable) -> str:
    """Give a name of SQLite's rowid; raises SourceError if columns have taken all of them."""
    name = quote_identifier(table.rowid_alias) if table.rowid_alias else rowid_name(table)
    if not name:
        raise SourceError(
            NAMELESS,
            "values of it have to be repaired or refused, and nothing tells its rows apart: its "
            "columns have all three names of the rowid",
            where=table.name,
            fix="Rename one of the columns rowid, _rowid_ and oid, or mend the values in SQLite",
        )
    return name


def misfits(
    connection: apsw.Connection,
    table: SourceTable,
    plan: TablePlan,
    encoding: str,
    loaded: str,
    row_file: str,
) -> Iterator[SetAside]:
    """Find the values that a promoted column can't hold and that become NULL (``eager``).

    ``loaded`` is the condition under which a row arrives at all, ``row_file`` the expression of
    the file that it is from.
    """
    for column in plan.columns:
        if not column.quarantined:
            continue
        name = quote_identifier(column.source)
        query = (
            f"SELECT {key_expression(table)}, typeof({name}), CAST({name} AS BLOB), {row_file} "
            f"FROM {quote_identifier(table.name)} NOT INDEXED WHERE {name} IS NOT NULL "
            f"AND NOT ({fits(name, column.type, encoding)}) AND ({loaded})"
        )
        reason = f"not a value of type {column.type}"
        for key, storage, original, file in connection.execute(query):
            place = mend(key, encoding)
            yield SetAside(column.name, place, "nullified", reason, storage, original, file)


def bad_texts(
    connection: apsw.Connection,
    table: SourceTable,
    columns: tuple[ColumnPlan, ...],
    encoding: str,
    row_file: str,
) -> Iterator[SetAside]:
    """Find the texts that PostgreSQL can't hold, with their bytes as SQLite stores them."""
    for column in columns:
        name = quote_identifier(column.source)
        query = (
            f"SELECT {key_expression(table)}, CAST({name} AS BLOB), {row_file} "
            f"FROM {quote_identifier(table.name)} NOT INDEXED "
            f"WHERE {suspicious(name)}"
        )
        for key, original, file in connection.execute(query):
            reason = complaint(original, encoding)
            if reason:
                place = mend(key, encoding)
                yield SetAside(column.name, place, "repaired", reason, "text", original, file)


def suspicious(name: str) -> str:
    """Write a condition that is quick, and true of every text that PostgreSQL can't hold."""
    return f"typeof({name}) = 'text' AND (instr({name}, char(0)) OR {name} GLOB {_BEYOND_ASCII})"
