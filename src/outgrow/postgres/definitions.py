"""The definitions of a schema's objects in PostgreSQL's own words, to be compared as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.postgres.identifiers import quote


@dataclass(frozen=True, slots=True)
class Named:
    """What an object is called: its kind, its table ('' where it has none), its own name."""

    kind: str
    table: str
    name: str


#: One row an object of ``%(schema)s``: kind, table, name, definition. The functions spell every
#: name with its schema as long as the search path is empty
#: (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG).
QUERY = """
WITH relation AS (
    SELECT oid, relname, relkind, relpersistence FROM pg_catalog.pg_class
    WHERE relnamespace = pg_catalog.to_regnamespace(%(schema)s)
)
SELECT 'table', '', relname, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END
FROM relation WHERE relkind = 'r'
UNION ALL
SELECT 'column', relname, attname, concat_ws(' ',
    format_type(atttypid, atttypmod),
    CASE WHEN attcollation <> 0 THEN 'COLLATE ' || attcollation::regcollation::text END,
    CASE WHEN attnotnull THEN 'NOT NULL' END,
    CASE WHEN attidentity <> '' THEN 'IDENTITY ' || attidentity::text END,
    CASE WHEN attgenerated <> '' THEN 'GENERATED ' || attgenerated::text END,
    CASE WHEN adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(adbin, adrelid) END)
FROM relation JOIN pg_catalog.pg_attribute a ON attrelid = relation.oid
LEFT JOIN pg_catalog.pg_attrdef ON adrelid = relation.oid AND adnum = attnum
WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', relname, conname, concat_ws(' ', pg_get_constraintdef(c.oid),
    CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger
        WHERE tgconstraint = c.oid AND tgenabled NOT IN ('O', 'A')) THEN 'TRIGGERS DISABLED' END)
FROM relation JOIN pg_catalog.pg_constraint c ON conrelid = relation.oid AND contype <> 'n'
UNION ALL
SELECT 'index', t.relname, relation.relname, pg_get_indexdef(relation.oid)
FROM relation JOIN pg_catalog.pg_index ON indexrelid = relation.oid
JOIN relation t ON t.oid = indrelid
UNION ALL
SELECT 'view', '', relname, pg_get_viewdef(oid) FROM relation WHERE relkind = 'v'
UNION ALL
SELECT 'trigger', relname, tgname, pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
FROM relation JOIN pg_catalog.pg_trigger t ON tgrelid = relation.oid AND NOT tgisinternal
UNION ALL
SELECT 'function', '', proname, concat_ws(' ', prosrc, array_to_string(proconfig, ', '))
FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.to_regnamespace(%(schema)s)
UNION ALL
SELECT 'sequence', '', relname,
    concat_ws(' ', seqtypid::regtype, seqincrement, seqmin, seqmax, seqcycle)
FROM relation JOIN pg_catalog.pg_sequence ON seqrelid = relation.oid
"""


def definitions(connection: psycopg.Connection[Any], schema: str) -> Mapping[Named, str]:
    """Read every object's definition, with ``schema`` itself left out of the names in it."""
    rows = connection.execute(QUERY, {"schema": quote(schema)}).fetchall()
    own = f"{quote(schema)}."
    return {
        Named(kind, table, name): definition.replace(own, "")
        for kind, table, name, definition in rows
    }
