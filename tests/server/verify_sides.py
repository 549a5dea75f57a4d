"""Both sides of a table, built by hand: what the tests of verification compare."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import apsw
import psycopg

from outgrow.model.census import TableFacts
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import Affinity, IndexPart, SourceColumn, SourceKey, SourceTable
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import quote
from outgrow.sqlite.rows import quote_identifier
from outgrow.verify.differences import TableComparison
from outgrow.verify.quarantine import Quarantined
from outgrow.verify.values import compare_table

QUARANTINE = """
CREATE SCHEMA outgrow;
CREATE TABLE outgrow.quarantine (
    id bigserial PRIMARY KEY, run bigint, schema_name text NOT NULL, table_name text NOT NULL,
    column_name text, key text NOT NULL, action text NOT NULL, reason text, storage_class text,
    original bytea, restored timestamptz)
"""


@dataclass(frozen=True)
class Column:
    """A column on both sides."""

    name: str
    declared: str
    type: TargetType
    quarantined: int = 0

    @property
    def affinity(self) -> Affinity:
        return {
            "TEXT": Affinity.TEXT,
            "INTEGER": Affinity.INTEGER,
            "REAL": Affinity.REAL,
            "NUMERIC": Affinity.NUMERIC,
        }.get(self.declared, Affinity.BLOB)


class Sides:
    """A table in a SQLite in memory and in schema ``staging`` of a PostgreSQL database."""

    def __init__(
        self,
        database: str | psycopg.Connection[Any],
        columns: list[Column],
        *,
        key: tuple[str, ...] = (),
        name: str = "Things",
        rowid_alias: str = "",
        encoding: str = "UTF-8",
    ) -> None:
        self.sqlite = apsw.Connection(":memory:")
        self.sqlite.execute(f"PRAGMA encoding = '{encoding}'")
        if isinstance(database, str):
            database = psycopg.connect(database, autocommit=True)
        self.postgres = database
        self.columns = columns
        declared = ", ".join(
            f"{quote_identifier(c.name)} {c.declared}"
            + (" PRIMARY KEY" if c.name == rowid_alias else "")
            for c in columns
        )
        if key and not rowid_alias:
            declared += f", PRIMARY KEY ({', '.join(map(quote_identifier, key))})"
        self.sqlite.execute(f"CREATE TABLE {quote_identifier(name)} ({declared})")
        self.target = name.lower()
        self.postgres.execute("CREATE SCHEMA IF NOT EXISTS staging")
        listed = ", ".join(
            f"{quote(c.name.lower())} {c.type}" + (' COLLATE "C"' if str(c.type) == "text" else "")
            for c in columns
        )
        self.postgres.execute(f"CREATE TABLE staging.{quote(self.target)} ({listed})")
        if not self._has_quarantine():
            self.postgres.execute(QUARANTINE)
        self.table = SourceTable(
            name,
            tuple(SourceColumn(c.name, c.declared, c.affinity) for c in columns),
            "",
            primary_key=SourceKey(tuple(IndexPart(each) for each in key)) if key else None,
            rowid_alias=rowid_alias,
        )
        self.plan = TablePlan(
            name,
            self.target,
            tuple(
                ColumnPlan(c.name, c.name.lower(), c.type, "", quarantined=c.quarantined)
                for c in columns
            ),
        )

    def _has_quarantine(self) -> bool:
        row = self.postgres.execute("SELECT to_regclass('outgrow.quarantine')").fetchone()
        return bool(row and row[0])

    def store(self, *rows: tuple[Any, ...]) -> None:
        """Insert rows into SQLite."""
        marks = ", ".join("?" * len(self.columns))
        self.sqlite.executemany(
            f"INSERT INTO {quote_identifier(self.table.name)} VALUES ({marks})", rows
        )

    def arrive(self, *rows: tuple[Any, ...]) -> None:
        """Insert rows into PostgreSQL: texts are cast to the column's type, bytes stay bytes."""
        marks = ", ".join(f"%s::{c.type}" for c in self.columns)
        with self.postgres.cursor() as cursor:
            cursor.executemany(f"INSERT INTO staging.{quote(self.target)} VALUES ({marks})", rows)

    @contextmanager
    def damaged(self, sql: str) -> Iterator[None]:
        """Run statements on PostgreSQL, and undo them at the end."""
        with self.postgres.transaction(force_rollback=True):
            self.postgres.execute("SET LOCAL search_path = staging")
            self.postgres.execute(sql)
            yield

    def keep(
        self,
        column: str | None,
        key: dict[str, Any],
        action: str,
        original: bytes,
        storage: str = "text",
    ) -> None:
        """Put an original into quarantine."""
        self.postgres.execute(
            "INSERT INTO outgrow.quarantine (run, schema_name, table_name, column_name, key,"
            " action, storage_class, original) VALUES (1, 'public', %s, %s, %s, %s, %s, %s)",
            (self.target, column, json.dumps(key), action, storage, original),
        )

    def compare(self, facts: TableFacts | None = None, **options: Any) -> TableComparison:
        """Verify the table."""
        return compare_table(
            self.sqlite,
            self.postgres,
            self.table,
            self.plan,
            schema="staging",
            facts=facts,
            quarantine=Quarantined(self.postgres, "public"),
            **options,
        )

    def close(self) -> None:
        self.sqlite.close()
        self.postgres.close()
