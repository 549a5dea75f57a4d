"""The comparison: one sentence for each difference, an empty list when there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from . import accounts, effects, postgres_side, sqlite_side
from .facts import Database, Difference, Table
from .ledger import Ledger
from .rows import compare_rows
from .structure import compare_structure
from .values import epochs_of


def compare(
    sqlite_path: Path | str,
    conninfo: str,
    *,
    schema: str = "public",
    report: dict[str, Any] | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> list[str]:
    """Compare a SQLite file with a schema of PostgreSQL, value by value and object by object.

    Args:
        sqlite_path: the file, which nothing changes.
        conninfo: of the database; the role must be a superuser (to switch triggers off for an
            insert that is rolled back). Nothing is changed.
        schema: the schema that holds the application's objects.
        report: what ``migrate --json`` printed. Differences that it lists are accepted, and its
            counts are held against both sides.
        chosen: the `tables` of the plan file that was followed: it says in which unit numbers are
            times. It may name columns; the caller holds the report's names against it.

    Returns:
        One sentence for each difference, naming table, column and key.

    """
    ledger = Ledger(report, chosen=chosen is not None)
    epochs = epochs_of(chosen or {})
    with (
        closing(sqlite_side.connect(sqlite_path)) as source,
        psycopg.connect(conninfo, autocommit=True) as target,
    ):
        target.execute("SELECT set_config('search_path', %s, false)", (sqlite_side.quote(schema),))
        target.execute("SELECT set_config('TimeZone', %s, false)", (effects.TIME_ZONE,))
        here = sqlite_side.read(source, ledger)
        there = postgres_side.read(target, schema)
        differences = list(_objects(here, there))
        rows: dict[str, list[Difference]] = {}
        for name in sorted(here.tables.keys() & there.tables.keys()):
            tables = here.tables[name], there.tables[name]
            differences += compare_structure(*tables)
            differences += effects.compare_defaults(target, tables)
            differences += effects.compare_counters(source, target, schema, tables)
            refused = ledger.counts(tables[0].source)["rows_refused"]
            differences += effects.compare_predicates(
                source, target, schema, tables, refused=refused
            )
            rows[tables[0].source] = list(
                compare_rows(source, target, schema, tables, refuses=refused > 0, epochs=epochs)
            )
        remaining = ledger.excuse(_unless_checks_are_listed(differences, ledger, here, there))
        for table, found in rows.items():
            remaining += accounts.unexplained(ledger, table, found)
        if report is not None:
            remaining += accounts.check(ledger, source, target, schema, here, there)
    return [difference.says for difference in remaining]


def _objects(here: Database, there: Database) -> Iterator[Difference]:
    """Tables, views and triggers by name."""
    for name in sorted(here.tables.keys() | there.tables.keys()):
        yield from _presence("tables", name, name in here.tables, name in there.tables)
    for name in sorted(here.virtual):
        yield from _presence("tables", name, True, False)
    for name in sorted(here.views | there.views):
        yield from _presence("views", name, name in here.views, name in there.views)
    for table, name in sorted(here.triggers | there.triggers):
        yield from _presence(
            "triggers",
            name,
            (table, name) in here.triggers,
            (table, name) in there.triggers,
            table,
        )


def _presence(
    kind: str, name: str, here: bool, there: bool, table: str = ""
) -> Iterator[Difference]:
    on = f" on {table}" if table else ""
    if here and not there:
        says = f"{kind[:-1]} {name}{on} is missing in PostgreSQL"
        yield Difference(kind, table or name, name, says)
    if there and not here:
        says = f"{kind[:-1]} {name}{on} is in PostgreSQL only"
        yield Difference(f"extra {kind}", table or name, name, says)


def _unless_checks_are_listed(
    differences: list[Difference], ledger: Ledger, here: Database, there: Database
) -> Iterator[Difference]:
    """CHECKs often have no name: they are counted, and as many as are missing must be listed."""
    pairs: dict[str, tuple[Table, Table]] = {
        table.source: (table, there.tables[name])
        for name, table in here.tables.items()
        if name in there.tables
    }
    for difference in differences:
        if difference.kind == "checks":
            left, right = pairs[difference.table]
            if left.checks - right.checks == ledger.missing("checks", left.source):
                continue
        yield difference


def summary(differences: list[str], most: int = 20) -> str:
    """The first differences and how many there are, for an assertion's message."""
    kinds = Counter(says.partition(":")[0] for says in differences)
    shown = "\n".join(differences[:most])
    return f"{len(differences)} differences in {len(kinds)} places\n{shown}"
