"""Compares what two descriptions of a table declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .facts import Difference, Index, Part, Table


def compare_structure(here: Table, there: Table) -> Iterator[Difference]:
    """Yield a difference for each column, key or index that is not the same on both sides."""
    yield from _columns(here, there)
    yield from _keys(here, there)
    yield from _foreign_keys(here, there)
    yield from _indexes(here, there)
    if here.checks != there.checks:
        yield Difference(
            "checks",
            here.source,
            "",
            f"{here.source} has {here.checks} CHECKs in SQLite, {there.checks} in PostgreSQL",
        )


def _columns(here: Table, there: Table) -> Iterator[Difference]:
    names = [[column.name for column in table.columns] for table in (here, there)]
    if names[0] != names[1]:
        yield Difference(
            "columns",
            here.source,
            "",
            f"{here.source} has the columns {names[0]} in SQLite, {names[1]} in PostgreSQL",
        )
    for column in here.columns:
        other = there.column(column.name)
        if other is None:
            continue
        place = f"{here.source}.{column.name}"
        # PostgreSQL allows no NULL in a primary key; SQLite does in some.
        by_key = column.name in there.primary_key
        if column.not_null != other.not_null and not (other.not_null and by_key):
            says = f"{place} is {'' if column.not_null else 'not '}NOT NULL in SQLite only"
            if not column.not_null:
                says = f"{place} is NOT NULL in PostgreSQL only"
            yield Difference("not_null", here.source, column.name, says)
        if column.name != here.counter and (column.default is None) != (other.default is None):
            side = "PostgreSQL" if column.default is None else "SQLite"
            says = f"{place} has a default in {side} only"
            yield Difference("defaults", here.source, column.name, says)
        if column.generated != other.generated:
            side = "SQLite" if column.generated else "PostgreSQL"
            says = f"{place} is generated in {side} only"
            yield Difference("generated", here.source, column.name, says)
        if other.collation and other.collation not in ("C", "POSIX", "C.UTF-8"):
            says = f"{place} is sorted by {other.collation} in PostgreSQL, by bytes in SQLite"
            yield Difference("collation", here.source, column.name, says)


def _keys(here: Table, there: Table) -> Iterator[Difference]:
    if here.primary_key != there.primary_key:
        says = (
            f"{here.source} has the primary key {here.primary_key} in SQLite,"
            f" {there.primary_key} in PostgreSQL"
        )
        yield Difference("primary_keys", here.source, ",".join(here.primary_key), says)
    for key in here.keys:
        columns = tuple(part.column for part in key.parts)
        if columns in here.unique and not any(
            _same_parts(key, offer, there) for offer in _unique_of(there)
        ):
            says = f"{here.source} has UNIQUE {columns} in SQLite only"
            yield Difference("unique", here.source, ",".join(columns), says)
    for columns in there.unique - here.unique - {here.primary_key}:
        says = f"{here.source} has UNIQUE {columns} in PostgreSQL only"
        yield Difference("unique", here.source, ",".join(columns), says)


def _unique_of(table: Table) -> Iterator[Index]:
    """What keeps rows apart in PostgreSQL: constraints and unique indexes."""
    for columns in (*table.unique, table.primary_key):
        yield Index("", tuple(Part(column, False) for column in columns), True, None)
    yield from (index for index in table.indexes if index.unique and not index.where)


def _foreign_keys(here: Table, there: Table) -> Iterator[Difference]:
    left = {str(key): key for key in here.foreign_keys}
    right = {str(key): key for key in there.foreign_keys}
    for text, key in left.items():
        says = ""
        if text not in right:
            says = f"{here.source} has the foreign key {text} in SQLite only"
        elif key.valid and not right[text].valid:
            says = f"{here.source}: the foreign key {text} is NOT VALID though no row breaks it"
        if says:
            yield Difference("foreign_keys", here.source, ",".join(key.columns), says)
    for text in right.keys() - left.keys():
        says = f"{here.source} has the foreign key {text} in PostgreSQL only"
        yield Difference("foreign_keys", here.source, "", says)


def _indexes(here: Table, there: Table) -> Iterator[Difference]:
    found = {index.name: index for index in there.indexes}
    for index in here.indexes:
        other = found.pop(index.name, None)
        says = f"index {index.name} on {here.source} is missing in PostgreSQL"
        if other is not None:
            says = _how_they_differ(index, other, here.source, there)
        if says:
            yield Difference("indexes", here.source, index.name, says)
    for index in found.values():
        if not index.unique or not any(_same_parts(key, index, there) for key in here.keys):
            says = f"index {index.name} on {here.source} is in PostgreSQL only"
            yield Difference("indexes", here.source, index.name, says)


def _how_they_differ(here: Index, there: Index, table: str, whole: Table) -> str:
    place = f"index {here.name} on {table}"
    if here.unique != there.unique:
        return f"{place} is UNIQUE in {'SQLite' if here.unique else 'PostgreSQL'} only"
    if (here.where is None) != (there.where is None):
        return f"{place} is partial in {'SQLite' if here.where else 'PostgreSQL'} only"
    directions = [[part.descending for part in index.parts] for index in (here, there)]
    if directions[0] != directions[1] or not _same_parts(here, there, whole):
        return f"{place} is on {here.parts} in SQLite, on {there.parts} in PostgreSQL"
    return ""


def _same_parts(here: Index, there: Index, table: Table) -> bool:
    """Whether two indexes compare the same columns in the same way."""
    return len(here.parts) == len(there.parts) and all(
        _same(part, other, table) for part, other in zip(here.parts, there.parts, strict=True)
    )


#: What stands for a collation in PostgreSQL, where the column holds texts.
_FOLDED = {"nocase": "lower", "rtrim": "rtrim"}
_CALL = re.compile(r'(\w+)\(+(?:"((?:[^"]|"")*)"|([^\s"(),]+))')


def _same(here: Part, there: Part, table: Table) -> bool:
    column = table.column(here.column)
    if here.collation == "binary" or column is None or column.type != "text":
        return here.column == there.column
    call = _CALL.match(there.expression)
    if call is None or call[1] != _FOLDED.get(here.collation):
        return False
    return here.column == (call[2] or "").replace('""', '"') or here.column == call[3]
