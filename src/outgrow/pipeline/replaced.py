"""What somebody has added to objects that are replaced: it goes with them, and that is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.steps import Construction, ObjectKind
from outgrow.postgres.identifiers import quote

GONE = define("OG-547", "What was added to an object goes with it when it is replaced")

Connection = psycopg.Connection[Any]

#: https://www.postgresql.org/docs/current/catalogs.html
_ADDED = """
WITH old AS (
  SELECT c.oid, c.relname, c.relowner, c.relacl, c.relrowsecurity, c.reloptions, c.relreplident
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = %(schema)s AND c.relname = ANY(%(names)s)
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), rights AS (
  SELECT oid, relname, relowner, a.privilege_type, a.grantee, '' AS on_column
  FROM old, aclexplode(relacl) AS a
  WHERE NOT EXISTS (  -- what is made anew has them by default
    SELECT FROM pg_default_acl, aclexplode(defaclacl) AS d
    WHERE defaclobjtype = 'r' AND defaclnamespace IN (0, to_regnamespace(%(quoted)s))
      AND pg_get_userbyid(defaclrole) = current_user
      AND (d.grantee, d.privilege_type) = (a.grantee, a.privilege_type))
  UNION ALL
  SELECT old.oid, relname, relowner, a.privilege_type, a.grantee, ' on ' || quote_ident(attname)
  FROM old JOIN pg_attribute ON attrelid = old.oid, aclexplode(attacl) AS a
)
SELECT relname, 'row level security' FROM old WHERE relrowsecurity
UNION ALL
SELECT relname, 'storage option ' || o FROM old, unnest(reloptions) AS o
UNION ALL
SELECT relname, 'its replica identity' FROM old WHERE relreplident NOT IN ('d', 'n')
UNION ALL
SELECT relname, 'policy ' || quote_ident(polname) FROM old JOIN pg_policy ON polrelid = old.oid
UNION ALL
SELECT relname, 'trigger ' || quote_ident(tgname) FROM old JOIN pg_trigger ON tgrelid = old.oid
JOIN pg_proc p ON p.oid = tgfoid
WHERE NOT tgisinternal AND p.pronamespace IS DISTINCT FROM to_regnamespace('outgrow')
  AND p.proname <> ALL(%(functions)s)
UNION ALL
SELECT old.relname, 'index ' || quote_ident(i.relname)
FROM old JOIN pg_index ON indrelid = old.oid JOIN pg_class i ON i.oid = indexrelid
WHERE NOT indisunique AND i.relname <> ALL(%(indexes)s)
UNION ALL
SELECT relname, 'publication ' || quote_ident(pubname)
FROM old JOIN pg_publication_rel ON prrelid = old.oid
JOIN pg_publication p ON p.oid = prpubid
UNION ALL
SELECT relname, string_agg(privilege_type, ', ' ORDER BY privilege_type) || on_column || ' for '
  || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
FROM rights WHERE grantee <> relowner GROUP BY oid, relname, grantee, on_column
ORDER BY 1, 2
"""


def added_to(connection: Connection, schema: str, construction: Construction) -> Iterator[Finding]:
    """Tell what the objects have, whose names a construction takes, that it does not make anew."""
    found = connection.execute(
        _ADDED.encode(),
        {
            "schema": schema,
            "quoted": quote(schema),
            "names": construction.targets(ObjectKind.TABLES, ObjectKind.VIEWS),
            "functions": construction.targets(ObjectKind.TRIGGERS),
            "indexes": construction.targets(ObjectKind.INDEXES),
        },
    )
    place = f"{connection.info.dbname}:{schema}"
    for name, things in groupby(found, key=lambda row: row[0]):
        says = f"with {name}, which is replaced, goes {'; '.join(thing for _, thing in things)}"
        fix = "Make it again afterwards; pg_dump --schema-only writes it down before"
        yield Finding(GONE, Severity.WARNING, f"{place}.{name}", says, fix)
