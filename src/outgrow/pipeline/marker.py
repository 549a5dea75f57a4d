"""The marker ``outgrow.schema_loaded``: which schemas a schema file or a migration has brought.

The schema file makes it last, in its one transaction: where it is, the whole schema is. A health
check asks for it, and the file itself does before it is loaded again.

What the schema file made and nobody has used since may be replaced by a migration without being
asked: the file notes what it left (`outgrow.schema_state`), the migration compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from outgrow import __version__
from outgrow.pipeline import home
from outgrow.postgres.definitions import QUERY
from outgrow.postgres.identifiers import literal, qualified, quote

Connection = psycopg.Connection[Any]

#: ``state`` is kept where the schema file made the objects; ``run`` where a migration did.
TABLE = """\
CREATE TABLE IF NOT EXISTS outgrow.schema_loaded (
    schema_name text NOT NULL,
    sources text[] NOT NULL,
    loaded timestamptz NOT NULL DEFAULT statement_timestamp(),
    outgrow_version text NOT NULL,
    checksum text NOT NULL,
    run bigint,
    state text,
    PRIMARY KEY (schema_name, sources)
);
COMMENT ON TABLE outgrow.schema_loaded IS
    'The schemas that are here, whole: what a health check asks for';
COMMENT ON COLUMN outgrow.schema_loaded.run IS
    'The migration that brought it; NULL where the schema file did';
COMMENT ON COLUMN outgrow.schema_loaded.state IS
    'outgrow.schema_state() at the end of the schema file';
"""

_OBJECTS = QUERY % {"schema": "quote_ident($1)"}

#: Beyond the definitions: whose the relations are, who may use them, what else stands on them.
STATE_FUNCTION = f"""\
CREATE OR REPLACE FUNCTION outgrow.schema_state(schema_name text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
WITH object (kind, on_table, name, definition) AS (
{_OBJECTS.strip()}
UNION ALL
SELECT 'relation', '', relname, concat_ws(' ', c.relkind, c.relowner::regrole,
    coalesce(c.relacl,
        acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner)),
    c.reloptions, c.relrowsecurity, c.relpersistence, c.relreplident, c.relispartition)
FROM relation JOIN pg_class c USING (oid, relname)
UNION ALL
SELECT 'rule', relname, rulename, pg_get_ruledef(r.oid)
FROM relation JOIN pg_rewrite r ON ev_class = relation.oid
UNION ALL
SELECT 'policy', relname, polname, '' FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL
SELECT 'child', relname, inhrelid::regclass::text, ''
FROM relation JOIN pg_inherits ON inhparent = relation.oid
UNION ALL
SELECT 'right', relname, attname, attacl::text
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attacl IS NOT NULL
UNION ALL
SELECT 'right', proname, proowner::regrole::text,
    coalesce(proacl, acldefault('f', proowner))::text
FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident($1))
UNION ALL
SELECT 'statistics', relname, stxname, ''
FROM relation JOIN pg_statistic_ext ON stxrelid = relation.oid
UNION ALL
SELECT 'comment', relname, objsubid::text, description
FROM relation JOIN pg_description ON objoid = relation.oid AND classoid = 'pg_class'::regclass
)
SELECT md5(string_agg(concat_ws(E'\\x1f', kind, on_table, name, definition), E'\\x1e'
    ORDER BY kind COLLATE "C", on_table, name COLLATE "C", definition COLLATE "C"))
FROM object
$$;
COMMENT ON FUNCTION outgrow.schema_state(text) IS
    'A checksum of what a schema holds but for the rows, by which outgrow sees changes';
"""


#: Why a schema is not bare, where nothing speaks of it.
NOT_LOADED = "no schema file made it"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A row of the marker; ``run`` is None where the schema file made the objects."""

    sources: tuple[str, ...]
    loaded: datetime
    version: str
    checksum: str
    run: int | None


def insert_sql(schema: str, sources: Sequence[str], checksum: str) -> str:
    """Write what the schema file ends with."""
    named = ", ".join(map(literal, sources))
    return (
        "INSERT INTO outgrow.schema_loaded\n"
        "    (schema_name, sources, outgrow_version, checksum, state)\nVALUES\n"
        f"    ({literal(schema)}, ARRAY[{named}], {literal(__version__)},\n"
        f"    {literal(checksum)},\n"
        f"    outgrow.schema_state({literal(schema)}));"
    )


def note(
    connection: Connection, schema: str, sources: Sequence[str], checksum: str, run: int
) -> None:
    """Leave the marker, in the transaction that publishes what a migration has built."""
    connection.execute(TABLE)
    # What was the schema file's is the migration's from now on.
    connection.execute(
        "UPDATE outgrow.schema_loaded SET state = NULL WHERE schema_name = %s", (schema,)
    )
    connection.execute(
        "INSERT INTO outgrow.schema_loaded (schema_name, sources, outgrow_version, checksum, run) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (schema_name, sources) DO UPDATE SET "
        "(loaded, outgrow_version, checksum, run) = "
        "(EXCLUDED.loaded, EXCLUDED.outgrow_version, EXCLUDED.checksum, EXCLUDED.run)",
        (schema, list(sources), __version__, checksum, run),
    )


def read(connection: Connection, schema: str) -> tuple[Loaded, ...]:
    """Give what is noted of a schema, the latest first; nothing where it may not be read."""
    if not home.is_readable(connection, "schema_loaded"):
        return ()
    rows = connection.execute(
        "SELECT sources, loaded, outgrow_version, checksum, run FROM outgrow.schema_loaded "
        "WHERE schema_name = %s ORDER BY loaded DESC",
        (schema,),
    ).fetchall()
    return tuple(Loaded(tuple(sources), *rest) for sources, *rest in rows)


def why_not_bare(connection: Connection, schema: str, tables: Sequence[str]) -> str:
    """Say why the schema is not what a schema file has made, unchanged and empty; '' if it is.

    ``tables`` are looked into, as far as they are there. It never raises for want of rights.
    """
    if not home.is_readable(connection, "schema_loaded"):
        return NOT_LOADED
    left = connection.execute(
        "SELECT state FROM outgrow.schema_loaded WHERE schema_name = %s AND state IS NOT NULL "
        "AND to_regprocedure('outgrow.schema_state(text)') IS NOT NULL",
        (schema,),
    ).fetchall()
    if not left:
        return NOT_LOADED
    if connection.execute("SELECT outgrow.schema_state(%s)", (schema,)).fetchone() not in left:
        return "it is no longer as the schema file made it"
    present = connection.execute(
        "SELECT relname::text, has_table_privilege(oid, 'SELECT') FROM pg_class "
        "WHERE relnamespace = to_regnamespace(%s) "
        "AND relkind IN ('r', 'p') AND relname = ANY(%s)",
        (quote(schema), list(tables)),
    ).fetchall()
    for table, is_readable in present:
        if not is_readable:
            return f"this role may not read {table}"
        query = f"SELECT EXISTS (SELECT FROM {qualified(schema, table)})"
        found = connection.execute(query.encode()).fetchone()
        if found and found[0]:
            return f"{table} has got rows since the schema file made it"
    return ""
