"""The schema ``outgrow`` in the target: journal, quarantine, what each object was.

All state of a migration lives here, so that a run can be resumed, audited and explained from the
database itself.
"""

from __future__ import annotations

from typing import Any

import psycopg

_TABLES = """
CREATE SCHEMA IF NOT EXISTS outgrow;
COMMENT ON SCHEMA outgrow IS 'Written by outgrow: how this database was moved from SQLite';

CREATE TABLE IF NOT EXISTS outgrow.version (version integer NOT NULL);
INSERT INTO outgrow.version SELECT 1 WHERE NOT EXISTS (SELECT FROM outgrow.version);

CREATE TABLE IF NOT EXISTS outgrow.runs (
    id bigserial PRIMARY KEY,
    started timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished timestamptz,
    status text NOT NULL,
    target_schema text NOT NULL,
    staging text NOT NULL,
    source text NOT NULL,
    fingerprint text NOT NULL,
    tool_version text NOT NULL,
    plan text NOT NULL,
    result jsonb
);
COMMENT ON TABLE outgrow.runs IS 'Each migration: its source, its plan and how it ended';
COMMENT ON COLUMN outgrow.runs.finished IS
    'NULL where it is published and nobody has heard of that: the next run compares, and says so';

CREATE TABLE IF NOT EXISTS outgrow.journal (
    run bigint NOT NULL REFERENCES outgrow.runs (id) ON DELETE CASCADE,
    step text NOT NULL,
    done timestamptz NOT NULL DEFAULT clock_timestamp(),
    detail jsonb,
    PRIMARY KEY (run, step)
);
COMMENT ON TABLE outgrow.journal IS 'The finished steps of each run, from which it resumes';

CREATE TABLE IF NOT EXISTS outgrow.quarantine (
    id bigserial PRIMARY KEY,
    run bigint NOT NULL REFERENCES outgrow.runs (id) ON DELETE CASCADE,
    schema_name text NOT NULL,
    table_name text NOT NULL,
    column_name text,
    key text NOT NULL,
    action text NOT NULL,
    reason text NOT NULL,
    storage_class text NOT NULL,
    encoding text NOT NULL DEFAULT 'UTF-8',
    original bytea,
    restored timestamptz
);
ALTER TABLE outgrow.quarantine
    ADD COLUMN IF NOT EXISTS encoding text NOT NULL DEFAULT 'UTF-8',
    ADD COLUMN IF NOT EXISTS restored timestamptz;
CREATE INDEX IF NOT EXISTS quarantine_place
    ON outgrow.quarantine (run, schema_name, table_name, column_name);
COMMENT ON TABLE outgrow.quarantine IS
    'Originals of values and rows that PostgreSQL could not hold as they were';
COMMENT ON COLUMN outgrow.quarantine.encoding IS 'The encoding of a text in original';
COMMENT ON COLUMN outgrow.quarantine.restored IS 'When outgrow quarantine retry put it back';
"""


def exists(connection: psycopg.Connection[Any]) -> bool:
    """Whether the target has been written to before."""
    row = connection.execute("SELECT to_regclass('outgrow.runs') IS NOT NULL").fetchone()
    return bool(row and row[0])


def is_readable(connection: psycopg.Connection[Any], table: str) -> bool:
    """Whether a table of the schema is there for this role; asked without any right to it."""
    row = connection.execute(
        "SELECT count(*) = 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'outgrow' AND c.relname = %s "
        "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')",
        (table,),
    ).fetchone()
    return bool(row and row[0])


def furnish(connection: psycopg.Connection[Any], helpers: str) -> None:
    """Make or complete the schema, with the helper functions given as SQL, in one transaction."""
    with connection.transaction():
        connection.execute(_TABLES)
        connection.execute(helpers)
