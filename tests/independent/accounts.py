"""Holds the report's counts against what is really there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import psycopg

from .facts import Database, Difference
from .ledger import Ledger
from .postgres_side import relation
from .sqlite_side import quote


def unexplained(ledger: Ledger, table: str, found: list[Difference]) -> list[Difference]:
    """The row and value differences that the report's counts for a table don't cover.

    As many values may differ as the report says were repaired, and as many rows may be missing
    as it says were refused, merged or superseded: exactly as many, or all are told.
    """
    counts = ledger.counts(table)
    gone = sum(counts[name] for name in ("rows_refused", "rows_merged", "rows_superseded"))
    values = [difference for difference in found if difference.kind == "value"]
    rows = [difference for difference in found if difference.kind == "row"]
    spelt = [difference for difference in found if difference.kind == "spelling"]
    if len(values) == counts["values_repaired"]:
        values = []
    if len(rows) == gone:
        rows = []
    return [*values, *rows, *spelt]


def check(
    ledger: Ledger,
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    here: Database,
    there: Database,
) -> list[Difference]:
    """Every count of the report against both databases."""
    return [
        *_rows(ledger, source, target, schema, here, there),
        *_types(ledger, here, there),
        *_counts(ledger, here, there),
        *_status(ledger),
    ]


def _rows(
    ledger: Ledger,
    source: sqlite3.Connection,
    target: psycopg.Connection,
    schema: str,
    here: Database,
    there: Database,
) -> Iterator[Difference]:
    for name, table in here.tables.items():
        counts = ledger.counts(table.source)
        parts = [
            counts[part]
            for part in ("rows_loaded", "rows_refused", "rows_merged", "rows_superseded")
        ]
        if counts["rows_read"] != sum(parts):
            yield _wrong(table.source, f"rows_read {counts['rows_read']} is not the sum of {parts}")
        (rows,) = source.execute(f"SELECT count(*) FROM {quote(table.source)}").fetchone()
        if name in there.tables and counts["rows_read"] != rows:
            yield _wrong(table.source, f"rows_read {counts['rows_read']}, but SQLite has {rows}")
        if name in there.tables:
            query = f"SELECT count(*) FROM {relation(schema, name)}"
            (rows,) = target.execute(query.encode()).fetchone() or (0,)
            if counts["rows_loaded"] != rows:
                loaded = counts["rows_loaded"]
                yield _wrong(table.source, f"rows_loaded {loaded}, but PostgreSQL has {rows}")


def _types(ledger: Ledger, here: Database, there: Database) -> Iterator[Difference]:
    for name, table in here.tables.items():
        if name not in there.tables:
            continue
        told = ledger.types(table.source)
        real = {column.name: column.type for column in there.tables[name].columns}
        for column in told.keys() | real.keys():
            if told.get(column) != real.get(column):
                says = f"{column} is told to be {told.get(column)} and is {real.get(column)}"
                yield _wrong(table.source, says)


def own_counts(database: Database) -> dict[str, set[int]]:
    """How many objects of each kind a side has; some kinds can be counted in two sound ways."""
    tables = database.tables.values()
    declared = sum(column.not_null for table in tables for column in table.columns)
    outside = sum(
        column.not_null and column.name not in table.primary_key
        for table in tables
        for column in table.columns
    )
    defaults = sum(
        column.default is not None and column.name != table.counter
        for table in tables
        for column in table.columns
    )
    return {
        "tables": {len(database.tables) + len(database.virtual)},
        "indexes": {sum(len(table.indexes) for table in tables)},
        "primary_keys": {sum(bool(table.primary_key) for table in tables)},
        "unique": {sum(len(table.unique) for table in tables)},
        "foreign_keys": {sum(len(table.foreign_keys) for table in tables)},
        "checks": {sum(table.checks for table in tables)},
        "not_null": {declared, outside},
        "defaults": {defaults},
        "generated": {sum(column.generated for table in tables for column in table.columns)},
        "views": {len(database.views)},
        "triggers": {len(database.triggers)},
        "sequences": {sum(bool(table.counter) for table in tables)},
    }


def _counts(ledger: Ledger, here: Database, there: Database) -> Iterator[Difference]:
    sides = {"source": own_counts(here), "target": own_counts(there)}
    nulls = sum(table.null_defaults for table in here.tables.values())
    for counts in sides.values():  # a default of NULL may be counted as kept
        counts["defaults"] |= {count + nulls for count in counts["defaults"]}
    for kind in sides["source"]:
        told = (ledger.report or {})["objects"].get(kind)
        if told is None:
            yield _wrong("", f"the report says nothing about {kind}")
            continue
        for side, counts in sides.items():
            # NOT NULL and UNIQUE can be held by other means (a primary key, an index).
            if told[side] not in counts[kind] and kind not in ("not_null", "unique", "indexes"):
                yield _wrong("", f"{kind}: {told[side]} in {side} told, {counts[kind]} counted")
        if told["source"] - len(told["missing"]) != told["target"]:
            yield _wrong(
                "",
                f"{kind}: {told['source']} less {len(told['missing'])} missing"
                f" is not {told['target']}",
            )
        for entry in told["missing"]:
            if not entry.get("reason"):
                yield _wrong("", f"{kind} {entry['name']} is missing without a reason")


def _status(ledger: Ledger) -> Iterator[Difference]:
    report = ledger.report or {}
    incomplete = any(told["missing"] for told in report["objects"].values()) or any(
        table["rows_refused"] or table["values_repaired"] for table in report["tables"]
    )
    wanted = "incomplete" if incomplete else "verified"
    if report["status"] != wanted:
        yield _wrong("", f"status is {report['status']} where {wanted} is true")


def _wrong(table: str, says: str) -> Difference:
    return Difference("report", table, "", f"the report on {table or 'objects'}: {says}")
