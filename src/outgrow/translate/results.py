"""The result columns of a query: their names, their text, what they are to other queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.postgres.identifiers import MAX_NAME_BYTES, quote
from outgrow.translate.convert import output
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node
from outgrow.translate.query import Column
from outgrow.translate.values import Rep, Value

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


@dataclass(frozen=True, slots=True)
class Item:
    """A result column before it is written: name, value, and the node it came from."""

    name: str
    value: Value
    node: Node | None = None
    has_alias: bool = False


def named(
    translator: Translator, items: Sequence[Item], names: Sequence[str] | None
) -> list[tuple[Column, str]]:
    """Give each column its SQLite and target names, and its text."""
    if names is not None and len(names) != len(items):
        raise unsupported(f"{len(items)} columns where SQLite has {len(names)}")
    columns: list[tuple[Column, str]] = []
    taken: set[str] = set()
    for position, item in enumerate(items):
        source = names[position] if names is not None else item.name or f"column{position + 1}"
        name = free_name(fold(source), taken)
        written, kind = output(translator.ctx, item.value)
        columns.append((Column(source, name, passed(item.value), kind), written))
    return columns


def free_name(name: str, taken: set[str]) -> str:
    """SQLite names a second ``a`` in a subquery or view ``a:1``; PostgreSQL keeps 63 bytes."""
    free, count = _fitting(name), 0
    while free in taken:
        count += 1
        free = _fitting(f"{name}:{count}")
    taken.add(free)
    return free


def _fitting(name: str) -> str:
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    ending = "_" + sha256(name.encode()).hexdigest()[:8]
    return name.encode()[: MAX_NAME_BYTES - len(ending)].decode(errors="ignore") + ending


def passed(value: Value) -> Value:
    """What a result column is to the query around it: its holding after it was written."""
    if value.stored is not None:
        return value
    reps = {Rep.BOOLEAN: Rep.INTEGER, Rep.DECIMAL: Rep.REAL, Rep.NUMBER: Rep.DYNAMIC}
    rep = reps.get(value.rep, value.rep)
    if value.rep is Rep.TIME:
        rep = Rep.TEXT if value.is_text else Rep.INTEGER
    return replace(value, rep=rep, narrow=False, digits=None)


def written_list(columns: Sequence[tuple[Column, str]]) -> str:
    """Write the list of a SELECT, with AS where the text does not name itself."""
    return ", ".join(
        written if _names_itself(written, column.name) else f"{written} AS {quote(column.name)}"
        for column, written in columns
    )


def _names_itself(written: str, name: str) -> bool:
    return written == quote(name) or (
        written.endswith(f".{quote(name)}") and written.count(".") == 1 and "(" not in written
    )


def check_distinct(items: Sequence[Item], what: str) -> None:
    """Refuse to tell values apart where SQLite and PostgreSQL would not agree."""
    for item in items:
        if item.value.is_text and item.value.collation != "BINARY":
            raise unsupported(f"{what} with the collation {item.value.collation}")
        if item.value.rep in (Rep.OPAQUE, Rep.JSON, Rep.JSONB):
            raise unsupported(f"{what} over {item.value.sql}")
