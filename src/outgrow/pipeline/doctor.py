"""``outgrow doctor``: what should be in the database and is not, and what is about to hurt.

What should be there is remembered in the schema ``outgrow``: the definitions that a migration, or
the application itself, has made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.pipeline import marker
from outgrow.pipeline.session import server_version
from outgrow.postgres.catalog import Catalog, read_catalog
from outgrow.postgres.identifiers import literal, qualified, quote
from outgrow.translate import shims

Connection = psycopg.Connection[Any]

NOT_FILLED = define("OG-723", "The schema is there, and no rows were moved into it yet")
NO_MARKER = define("OG-724", "The marker is gone that says that the schema is there")
ABSENT = define("OG-730", "An object that should be there is not")
NEVER_MOVED = define("OG-731", "Nothing is remembered of a migration into this schema")
BEHIND = define("OG-732", "A sequence is behind the ids of its table")
NOT_VALID = define("OG-733", "A constraint does not hold for rows that were there before it")
NO_INDEX = define("OG-734", "A foreign key has no index on the side that refers")
BROKEN_INDEX = define("OG-735", "An index is not valid: PostgreSQL does not use it")
SILENT_TRIGGER = define("OG-736", "A trigger is disabled")
LEFT_OVER = define("OG-737", "A killed migration has left its staging schema behind")
OLD_HELPERS = define("OG-738", "Helper functions are those of another version")
WAITING = define("OG-739", "Values or rows wait in quarantine")

#: Kinds of objects that are looked for one by one, as `outgrow.definitions` calls them.
KINDS = ("table", "index", "view", "trigger")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Args:
        server_version: as the server tells it.
        schema: that was examined.
        expected: by kind, the names that should be there.
        missing: by kind, those that are not.
        findings: what to do something about.

    """

    server_version: str
    schema: str
    expected: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong; what could be better is told as a warning."""
        return not any(each.severity is Severity.ERROR for each in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Give the object of ``--json``."""
        return {
            "status": "well" if self.is_well else "ill",
            "target": {"server_version": self.server_version, "schema": self.schema},
            "objects": {
                kind: {
                    "expected": len(self.expected[kind]),
                    "present": len(self.expected[kind]) - len(self.missing[kind]),
                    "missing": list(self.missing[kind]),
                }
                for kind in KINDS
            },
            "findings": [finding.as_json() for finding in self.findings],
        }


def examine(connection: Connection, schema: str) -> Diagnosis:
    """Look at everything; nothing is changed. Raises psycopg.Error."""
    catalog = read_catalog(connection, schema)
    expected, missing = _compared(connection, catalog, schema)
    findings = [
        *_absent(schema, missing),
        *(() if any(expected.values()) else [_never_moved(schema, catalog)]),
        *_behind(connection, catalog, schema),
        *_constraints(catalog, schema),
        *_indexes(catalog, schema),
        *_triggers(catalog, schema),
        *_about_marker(connection, schema),
        *(_about_home(connection, schema) if _has(connection, "outgrow.runs") else ()),
    ]
    return Diagnosis(server_version(connection), schema, expected, missing, tuple(findings))


def _compared(
    connection: Connection, catalog: Catalog, schema: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    rows = []
    if _has(connection, "outgrow.definitions"):
        rows = connection.execute(
            "SELECT kind, name FROM outgrow.definitions WHERE schema_name = %s ORDER BY place",
            (schema,),
        ).fetchall()
    there = {
        "table": set(catalog.tables),
        "index": set(catalog.indexes),
        "view": set(catalog.views),
        "trigger": {trigger.name for trigger in catalog.triggers},
    }
    expected = {kind: tuple(name for k, name in rows if k == kind) for kind in KINDS}
    missing = {
        kind: tuple(name for name in names if name not in there[kind])
        for kind, names in expected.items()
    }
    return expected, missing


def _absent(schema: str, missing: Mapping[str, Iterable[str]]) -> Iterator[Finding]:
    for kind, names in missing.items():
        for name in names:
            yield Finding(
                ABSENT,
                Severity.ERROR,
                f"{schema}.{name}",
                f"the {kind} should be there and is not",
                "Restore it from a backup, or run the migration again with --replace; if it was "
                f"dropped on purpose: DELETE FROM outgrow.definitions WHERE name = {literal(name)}",
            )


def _never_moved(schema: str, catalog: Catalog) -> Finding:
    says = f"it has {len(catalog.tables)} tables, and nothing is remembered of what should be there"
    return Finding(
        NEVER_MOVED,
        Severity.WARNING,
        schema,
        says,
        "Check the database and --schema that you named",
    )


def _behind(connection: Connection, catalog: Catalog, schema: str) -> Iterator[Finding]:
    for sequence in catalog.sequences.values():
        if sequence.table not in catalog.tables:
            continue
        relation = qualified(schema, sequence.table)
        row = connection.execute(
            f"SELECT max({quote(sequence.column)}) FROM {relation}".encode()
        ).fetchone()
        highest = row[0] if row else None
        if highest is None or highest < sequence.next_value:
            continue
        place = f"{literal(relation)}, {literal(sequence.column)}"
        yield Finding(
            BEHIND,
            Severity.ERROR,
            f"{schema}.{sequence.table}.{sequence.column}",
            f"the highest id is {highest:,}, and the sequence would give {sequence.next_value:,}: "
            "an INSERT will fail",
            f"SELECT setval(pg_get_serial_sequence({place}), {highest})",
        )


def _constraints(catalog: Catalog, schema: str) -> Iterator[Finding]:
    for each in catalog.constraints:
        where = f"{schema}.{each.table}.{each.name}"
        relation = qualified(schema, each.table)
        if not each.validated:
            yield Finding(
                NOT_VALID,
                Severity.WARNING,
                where,
                "it is NOT VALID: rows that were there before may break it",
                f"Mend the rows, then ALTER TABLE {relation} "
                f"VALIDATE CONSTRAINT {quote(each.name)}",
            )
        if each.kind == "foreign key" and not _is_served(catalog, each.table, each.columns):
            columns = ", ".join(map(quote, each.columns))
            yield Finding(
                NO_INDEX,
                Severity.WARNING,
                where,
                f"no index begins with {', '.join(each.columns)}: deleting a row of {each.parent} "
                "reads the whole table",
                f"CREATE INDEX ON {relation} ({columns})",
            )


def _is_served(catalog: Catalog, table: str, columns: tuple[str, ...]) -> bool:
    return any(
        not index.where and {part.column for part in index.parts[: len(columns)]} == set(columns)
        for index in catalog.indexes_of(table)
    )


def _indexes(catalog: Catalog, schema: str) -> Iterator[Finding]:
    for index in catalog.indexes.values():
        if not index.valid:
            name = qualified(schema, index.name)
            yield Finding(
                BROKEN_INDEX,
                Severity.ERROR,
                f"{schema}.{index.name}",
                "it is not valid, as after a CREATE INDEX CONCURRENTLY that failed",
                f"REINDEX INDEX {name}",
            )


def _triggers(catalog: Catalog, schema: str) -> Iterator[Finding]:
    for trigger in catalog.triggers:
        if not trigger.enabled:
            relation = qualified(schema, trigger.table)
            yield Finding(
                SILENT_TRIGGER,
                Severity.ERROR,
                f"{schema}.{trigger.table}.{trigger.name}",
                "it is disabled",
                f"ALTER TABLE {relation} ENABLE TRIGGER {quote(trigger.name)}",
            )


def _about_marker(connection: Connection, schema: str) -> Iterator[Finding]:
    """What the marker tells: a schema file made the schema, or a migration, or it is gone."""
    loaded = marker.read(connection, schema)
    if loaded and loaded[0].run is None:
        files = " and ".join(loaded[0].sources)
        yield Finding(
            NOT_FILLED,
            Severity.INFO,
            schema,
            f"the schema file of {files} was loaded on {loaded[0].loaded:%Y-%m-%d}; no rows were "
            "moved yet",
            "Run outgrow migrate with these files, unless the application begins without rows",
        )
    elif not loaded and _has(connection, "outgrow.runs"):
        row = connection.execute(
            "SELECT count(*) FROM outgrow.runs WHERE status = 'published' AND target_schema = %s",
            (schema,),
        ).fetchone()
        if row and row[0]:
            yield Finding(
                NO_MARKER,
                Severity.WARNING,
                "outgrow.schema_loaded",
                "the marker is gone: a health check that asks for it fails, and the schema file "
                "would be loaded again",
                "Run the migration again with --replace, or restore the schema outgrow",
            )


def _about_home(connection: Connection, schema: str) -> Iterator[Finding]:
    """What the schema ``outgrow`` itself tells."""
    for (staging,) in connection.execute(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'outgrow_staging')"
    ).fetchall():
        yield Finding(
            LEFT_OVER,
            Severity.WARNING,
            str(staging),
            "it is what a migration that was stopped has built so far",
            "Run the same outgrow migrate again to continue it; to give it up: "
            f"DROP SCHEMA {quote(staging)} CASCADE",
        )
    installed = shims.installed(lambda sql: connection.execute(sql.encode()).fetchall())
    old = shims.missing(installed, [name for name in installed if name in shims.names()])
    if old:
        yield Finding(
            OLD_HELPERS,
            Severity.INFO,
            "outgrow",
            f"{len(old)} of {len(installed)} helper functions are of another version of outgrow",
            "The application replaces them when it next needs them",
        )
    row = connection.execute(
        "SELECT count(*) FROM outgrow.quarantine WHERE schema_name = %s", (schema,)
    ).fetchone()
    if row and row[0]:
        yield Finding(
            WAITING,
            Severity.INFO,
            schema,
            f"{row[0]:,} values or rows are in quarantine",
            "See outgrow quarantine list",
        )


def _has(connection: Connection, relation: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (relation,)).fetchone()
    return bool(row and row[0])
