"""Kinds of damage to rows, and to what quarantine keeps of them."""

from __future__ import annotations

import json
from itertools import pairwise

from psycopg import sql

from torture.damage.injuring import (
    EXTRA,
    MISSING,
    REFUSALS,
    Column,
    Damage,
    Kind,
    NoPlaceError,
    Patient,
    Place,
    Row,
    Table,
    computed,
    key_at,
    listed,
    value_place,
)

ROWS: dict[str, Kind] = {}
QUARANTINE: dict[str, Kind] = {}
_row, _aside = listed(ROWS), listed(QUARANTINE)

_TRUE = sql.SQL("true")


def _any_row(opened: Patient, *, keyed: bool | None = None) -> Row:
    """Give any row of any table (with or without a key)."""
    tables = [
        table
        for table in opened.tables
        if table.rows and keyed in (None, bool(table.key)) and not opened.is_taken(table.target)
    ]
    return next(opened.rows(opened.random.choice(tables), _TRUE, 1))


@_row
def _a_missing_row(kind: str, opened: Patient) -> Damage:
    row = _any_row(opened)
    opened.claim(row.table.target, row.keys)
    query = sql.SQL("DELETE FROM {} WHERE ctid = %s").format(row.table.name)
    opened.run(query, row.ctid)
    did = f"{row.table.source} at {sorted(row.keys)[:1]} deleted"
    return Damage(kind, did, (Place((row.table.source,), row.keys, MISSING),))


@_row
def _a_doubled_row(kind: str, opened: Patient) -> Damage:
    row = _any_row(opened, keyed=False)
    opened.claim(row.table.target, row.keys)
    at = _inserted(opened, row, {})
    did = f"{row.table.source} at {sorted(row.keys)[:1]} inserted again at {at}"
    return Damage(kind, did, (Place((row.table.source,), code=EXTRA),))


@_row
def _an_extra_row(kind: str, opened: Patient) -> Damage:
    """Copy a row under another key, or with another value in each column of numbers."""
    row = _any_row(opened)
    number = opened.random.randrange(10**6, 10**9)
    others: dict[str, sql.Composable] = {}
    for column in row.table.columns:
        name = sql.Identifier(column.target)
        if column.source in row.table.key or not row.table.key or column.target == "email":
            match column.type:
                case "bigint":
                    others[column.target] = sql.Literal(number)
                case "text":
                    others[column.target] = sql.SQL("{} || {}").format(name, sql.Literal(number))
                case "uuid":
                    others[column.target] = sql.SQL("gen_random_uuid()")
                case "double precision":
                    others[column.target] = sql.Literal(number / 7)
                case "date":
                    others[column.target] = sql.SQL("{} + {}").format(name, sql.Literal(20_000))
        elif column.target == "ordered_at":
            others[column.target] = sql.SQL("{} - interval '20 years'").format(name)
    at = _inserted(opened, row, others)
    opened.claim(row.table.target, at)
    keys = frozenset({key_at(opened, row.table, at)} if row.table.key else ())
    did = f"{row.table.source}: a row more at {sorted(keys)}, like {sorted(row.keys)[:1]}"
    return Damage(kind, did, (Place((row.table.source,), keys, EXTRA),))


def _inserted(opened: Patient, row: Row, others: dict[str, sql.Composable]) -> str:
    """Insert a row like another one; gives where it is."""
    names = [column.target for column in row.table.columns if not column.is_generated]
    query = sql.SQL(
        "INSERT INTO {} ({}) SELECT {} FROM {} WHERE ctid = %s RETURNING ctid::text"
    ).format(
        row.table.name,
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(others.get(name, sql.Identifier(name)) for name in names),
        row.table.name,
    )
    try:
        with opened.connection.transaction():
            return str(opened.one(query, row.ctid))
    except REFUSALS as error:
        raise NoPlaceError from error


@_row
def _the_values_of_two_rows_swapped(kind: str, opened: Patient) -> Damage:
    for table, column in opened.columns():
        if column.source in table.key or opened.is_taken(table.target):
            continue
        pairs = [*opened.rows(table, _TRUE)]
        for one, other in pairwise(pairs):
            try:
                with opened.connection.transaction():
                    return _swapped(kind, opened, table, column, one, other)
            except (NoPlaceError, *REFUSALS):
                continue
    raise NoPlaceError


def _swapped(
    kind: str, opened: Patient, table: Table, column: Column, one: Row, other: Row
) -> Damage:
    if one.keys & other.keys:
        raise NoPlaceError
    if not table.key and _differing(opened, one, other) < 3:
        raise NoPlaceError  # swapping another column would give the same rows
    was = opened.value(one, column, "::text"), opened.value(other, column, "::text")
    if was[0] == was[1]:
        raise NoPlaceError
    opened.claim(table.target, one.keys, other.keys)
    opened.run(
        sql.SQL(
            "UPDATE {table} x SET {column} = y.{column} FROM {table} y"
            " WHERE (x.ctid, y.ctid) IN (({a}, {b}), ({b}, {a}))"
        ).format(
            table=table.name,
            column=sql.Identifier(column.target),
            a=sql.SQL("{}::tid").format(sql.Literal(one.ctid)),
            b=sql.SQL("{}::tid").format(sql.Literal(other.ctid)),
        )
    )
    did = (
        f"{table.source}.{column.source}: {was[0]!r:.100} at {sorted(one.keys)[:1]} and "
        f"{was[1]!r:.100} at {sorted(other.keys)[:1]} swapped"
    )
    places = (value_place(one, column), value_place(other, column))
    return Damage(kind, did, places, (*computed(one), *computed(other)))


def _differing(opened: Patient, one: Row, other: Row) -> int:
    """Count the columns in which two rows differ."""
    pairs = (
        (opened.value(one, column, "::text"), opened.value(other, column, "::text"))
        for column in one.table.columns
    )
    return sum(ours != theirs for ours, theirs in pairs)


def _kept(opened: Patient, condition: str = "true") -> tuple[int, Place]:
    """Give any entry of quarantine, and the value or row that it accounts for."""
    found = opened.run(
        "SELECT id, table_name, column_name, key FROM outgrow.quarantine WHERE " + condition
    )
    if not found:
        raise NoPlaceError
    number, target, column_name, key = opened.random.choice(found)
    table = opened.table(target)
    keys = frozenset({tuple(sorted((name, str(value)) for name, value in json.loads(key).items()))})
    opened.claim(target, keys)
    columns = [each.source for each in table.columns if each.target == column_name]
    where = f"{table.source}.{columns[0]}" if columns else table.source
    return number, Place((where,), keys)


def _altered(kind: str, opened: Patient, change: str, condition: str = "true") -> Damage:
    number, place = _kept(opened, condition)
    done = opened.run(f"{change} WHERE id = {number} RETURNING key, action")
    return Damage(kind, f"{change} of {done}", (place,))


@_aside
def _an_entry_of_quarantine_deleted(kind: str, opened: Patient) -> Damage:
    return _altered(kind, opened, "DELETE FROM outgrow.quarantine")


@_aside
def _a_kept_original_changed(kind: str, opened: Patient) -> Damage:
    flipped = (
        "UPDATE outgrow.quarantine SET original = "
        f"set_byte(original, length(original) * {opened.random.randrange(100)} / 100, "
        f"{opened.random.randrange(48, 58)})"
    )
    number, place = _kept(opened)
    before = opened.one("SELECT original FROM outgrow.quarantine WHERE id = %s", number)
    after = opened.one(f"{flipped} WHERE id = {number} RETURNING original")
    if before == after:
        raise NoPlaceError
    return Damage(kind, f"{before[:60]!r} is {after[:60]!r}", (place,))


@_aside
def _a_kept_original_of_another_class(kind: str, opened: Patient) -> Damage:
    return _altered(
        kind,
        opened,
        "UPDATE outgrow.quarantine SET storage_class = 'blob'",
        "storage_class = 'text'",
    )


@_aside
def _an_entry_of_quarantine_under_another_key(kind: str, opened: Patient) -> Damage:
    return _altered(
        kind,
        opened,
        "UPDATE outgrow.quarantine SET key = regexp_replace(key, '[0-9]+', '424242')",
    )


@_aside
def _an_entry_of_quarantine_called_restored(kind: str, opened: Patient) -> Damage:
    return _altered(kind, opened, "UPDATE outgrow.quarantine SET restored = now()")


@_aside
def _a_repaired_text_changed(kind: str, opened: Patient) -> Damage:
    """Change the text that stands for one that PostgreSQL can't hold."""
    _, place = _kept(opened, "action = 'repaired'")
    (key,) = (dict(found) for found in place.keys)
    opened.run("UPDATE document SET body = body || '.' WHERE id = %s", int(key["id"]))
    return Damage(kind, f"{place}", (place,))


@_aside
def _a_value_where_one_was_set_aside(kind: str, opened: Patient) -> Damage:
    _, place = _kept(opened, "action = 'nullified'")
    (key,) = (dict(found) for found in place.keys)
    opened.run("UPDATE moment SET unclear_on = '1970-01-01' WHERE id = %s", int(key["id"]))
    return Damage(kind, f"{place}", (place,))


@_aside
def _a_refused_row_half_there(kind: str, opened: Patient) -> Damage:
    """Have a row that was refused in the table after all, not as it was."""
    _, place = _kept(opened, "action = 'refused'")
    (key,) = (dict(found) for found in place.keys)
    opened.run("INSERT INTO document (id, title) VALUES (%s, 'other')", int(key["id"]))
    title = Place(("document.title",), place.keys)
    return Damage(kind, f"{title}", (title,), whole="document")
