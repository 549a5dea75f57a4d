"""Compares every value of a table: by key where there is one, else as multisets."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import psycopg

from .facts import Column, Difference, Table, fold
from .postgres_side import relation
from .sqlite_side import quote
from .values import (
    AS_TEXT,
    Blob,
    Canonical,
    Habit,
    as_printed,
    from_epoch,
    from_postgres,
    from_sqlite,
    habit,
    mended,
    show,
    to_15_digits,
)

_Row = tuple[Canonical | None, ...]

#: Among so many rows without a partner is one looked for.
_CANDIDATES = 200


def _as_it_is(value: Canonical | None) -> Canonical | None:
    return value


def compare_rows(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    tables: tuple[Table, Table],
    level: Callable[[Canonical | None], Canonical | None] = _as_it_is,
    *,
    refuses: bool = False,
    epochs: Mapping[tuple[str, str], int] | None = None,
) -> Iterator[Difference]:
    """Yield a difference for every value, row or spelling that is not the same.

    Its kind is "value", "row" or "spelling"; columns that one side lacks are left out.
    ``level`` may make values equal that need not be the same. A text that PostgreSQL can't hold is
    a difference of its own, and the value that stands for it must be the one that is promised; with
    ``refuses`` its whole row must be gone. ``epochs`` says of which columns (table, column) the
    integers are times, and how many of them are a second.
    """
    here, there = tables
    columns = _comparable(source, here, there)
    stored = []
    for row in _stored(source, here, columns):
        spoilt = list(_spoilt(here, columns, row))
        if spoilt and refuses:
            yield Difference("row", here.source, "", f"{here.source}: a row is refused")
            continue
        yield from spoilt
        stored.append(row)
    arrived = _arrived(target, schema, columns, there)
    forms = []
    for position, column in enumerate(columns):
        habits = Habit()
        unit = (epochs or {}).get((fold(here.source), fold(column.name)))
        if column.type.startswith(("timestamp", "date")) and unit is None:
            habits = habit(row[position] for row in stored)
            here_for_good = sum(row[position] is not None for row in arrived)
            if here_for_good > habits.count:
                says = (
                    f"{here.source}.{column.name} is {column.type}, but only {habits.count} of"
                    f" {here_for_good} texts are spelt alike"
                )
                yield Difference("spelling", here.source, column.name, says)
        canonical = from_sqlite(column.type) if unit is None else from_epoch(unit)
        if column.type in ("text", "bytea"):
            canonical = as_printed(
                column.type, (row[position] for row in stored), (row[position] for row in arrived)
            )
        stands = from_postgres(column.type, habits)
        mine = here.column(column.name)
        if mine is not None and mine.generated and column.type == "text":
            # This SQLite computes it now, and versions print reals with 15 or 17 digits.
            canonical, stands = to_15_digits(canonical), to_15_digits(stands)
        forms.append((canonical, stands))
    left = [tuple(level(f(v)) for (f, _), v in zip(forms, row, strict=True)) for row in stored]
    right = [tuple(level(f(v)) for (_, f), v in zip(forms, row, strict=True)) for row in arrived]
    names = [column.name for column in columns]
    key = [names.index(name) for name in here.primary_key if name in names]
    by_key = _by_key(left, key), _by_key(right, key)
    if key and by_key[0] is not None and by_key[1] is not None:
        yield from _keyed(here, names, by_key[0], by_key[1])
    else:
        here_only, there_only = Counter(left), Counter(right)
        here_only, there_only = here_only - there_only, there_only - here_only
        yield from _unpaired(here, names, [*here_only.elements()], [*there_only.elements()])


def _comparable(connection: sqlite3.Connection, here: Table, there: Table) -> list[Column]:
    """The columns of both sides, without those that only the application can compute."""
    found = []
    for column in there.columns:
        mine = here.column(column.name)
        if mine is not None and mine.generated:
            name = _source_names(connection, here)[column.name]
            query = f"SELECT {quote(name)} FROM {quote(here.source)} NOT INDEXED LIMIT 0"
            try:
                connection.execute(query)
            except sqlite3.OperationalError:
                continue
        if mine is not None:
            found.append(column)
    return found


def _spoilt(table: Table, columns: list[Column], row: tuple[object, ...]) -> Iterator[Difference]:
    """The texts of a row that no text of PostgreSQL can be."""
    for column, value in zip(columns, row, strict=True):
        is_text = type(value) is bytes and column.type in ("text", "json", "jsonb")
        if is_text and mended(value) != value:
            says = f"{table.source}.{column.name}: {show(value)} can't be held"
            yield Difference("value", table.source, column.name, says)


def _source_names(connection: sqlite3.Connection, table: Table) -> dict[str, str]:
    """SQLite's names of columns by the target's."""
    names = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (table.source,))
    return dict(
        zip(
            (column.name for column in table.columns),
            (name.decode() for (name,) in names),
            strict=True,
        )
    )


def _stored(
    connection: sqlite3.Connection, table: Table, columns: list[Column]
) -> list[tuple[object, ...]]:
    """SQLite's rows: texts as bytes, blobs as :class:`Blob`."""
    names = _source_names(connection, table)
    wanted = []
    for column in columns:
        name = quote(names[column.name])
        wanted += [name, f"typeof({name}) = 'blob'"]
    rows = connection.execute(f"SELECT {', '.join(wanted)} FROM {quote(table.source)} NOT INDEXED")
    return [
        tuple(
            Blob(value) if is_blob else value
            for value, is_blob in zip(row[::2], row[1::2], strict=True)
        )
        for row in rows
    ]


def _arrived(
    connection: psycopg.Connection, schema: str, columns: list[Column], table: Table
) -> list[tuple[object, ...]]:
    wanted = [
        quote(column.name) + ("::text" if column.type.startswith(AS_TEXT) else "")
        for column in columns
    ]
    query = f"SELECT {', '.join(wanted)} FROM {relation(schema, table.name)}"
    return connection.execute(query.encode()).fetchall()


def _by_key(rows: list[_Row], key: list[int]) -> dict[_Row, _Row] | None:
    """Rows by their key, or None if the key doesn't tell them apart."""
    found = {tuple(row[position] for position in key): row for row in rows}
    return found if len(found) == len(rows) else None


def _keyed(
    table: Table, names: list[str], left: dict[_Row, _Row], right: dict[_Row, _Row]
) -> Iterator[Difference]:
    for key in left.keys() & right.keys():
        if left[key] != right[key]:
            text = ", ".join(map(_show, key))
            yield from _values(table, names, text, left[key], right[key])
    missing = [left[key] for key in left.keys() - right.keys()]
    extra = [right[key] for key in right.keys() - left.keys()]
    yield from _unpaired(table, names, missing, extra)


def _unpaired(
    table: Table, names: list[str], missing: list[_Row], extra: list[_Row]
) -> Iterator[Difference]:
    """Rows that have no partner: two that are nearly the same are one row with other values."""
    for row in missing:
        text = ", ".join(map(_show, row))
        partner = min(extra[:_CANDIDATES], key=lambda other: _distance(row, other), default=None)
        if partner is not None and _distance(row, partner) <= len(names) // 2:
            extra.remove(partner)
            yield from _values(table, names, text, row, partner)
        else:
            says = f"{table.source}: a row is in SQLite only: {text}"
            yield Difference("row", table.source, "", says, text)
    for row in extra:
        text = ", ".join(map(_show, row))
        says = f"{table.source}: a row is in PostgreSQL only: {text}"
        yield Difference("row", table.source, "", says, text)


def _distance(left: _Row, right: _Row) -> int:
    return sum(here != there for here, there in zip(left, right, strict=True))


def _show(value: Canonical | None) -> str:
    return show(value[1] if value else None)


def _values(
    table: Table, names: list[str], key: str, left: _Row, right: _Row
) -> Iterator[Difference]:
    for name, here, there in zip(names, left, right, strict=True):
        if here != there:
            yield _value(table, name, key, here, there)


def _value(
    table: Table, name: str, key: str, here: Canonical | None, there: Canonical | None
) -> Difference:
    place = f"{table.source}.{name}, key {key}"
    says = f"{place}: {_show(here)} in SQLite, {_show(there)} in PostgreSQL"
    return Difference("value", table.source, name, says, key)
