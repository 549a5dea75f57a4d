-- outgrow init 68b7974a80f3: yours to change, and then left alone
-- PostgreSQL schema of b/it's $HOME `x`.db and data/it's $HOME `x`.db
--
-- 4 tables, 1 index, 1 view, 0 triggers, in schema public.
-- Written by outgrow 0.1.0 (types: native), for PostgreSQL 15 and later.
--
-- Load it with:  psql -v ON_ERROR_STOP=1 -f THIS_FILE
--
-- It is one transaction: all of it is loaded, or nothing. Where it was loaded before, it is
-- skipped. The tables are empty, and ids begin at 1; outgrow migrate brings the rows and
-- sets the ids past those of SQLite.
--
-- 1. Schema outgrow: functions that do what SQLite's do
-- 2. Tables, each with its keys, checks, comments, indexes and triggers
-- 3. Views, and the triggers on them
-- 4. What it was in SQLite, for outgrow.database
-- 5. The marker: from here on this file is skipped

\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';

SELECT count(*) > 0 AS outgrow_has_marker
FROM pg_catalog.pg_class
WHERE relname = 'schema_loaded' AND relnamespace = pg_catalog.to_regnamespace('outgrow')
\gset
\set outgrow_is_loaded false
\if :outgrow_has_marker
SELECT count(*) > 0 AS outgrow_is_loaded, max(loaded)::timestamptz(0) AS outgrow_since,
    coalesce(max(checksum), '') = '1b4a010e08f7a1a2548a0a8178890dce43303acda4b9f243b2f10159c135941e' AS outgrow_is_same
FROM outgrow.schema_loaded
WHERE schema_name = 'public' AND sources = ARRAY['b/it''s $HOME `x`.db', 'data/it''s $HOME `x`.db']
\gset
\endif
\if :outgrow_is_loaded
\if :outgrow_is_same
\echo 'The schema of b/it''s $HOME `x`.db and data/it''s $HOME `x`.db is loaded already, since' :outgrow_since
\else
\echo 'Another version of the schema of b/it''s $HOME `x`.db and data/it''s $HOME `x`.db is loaded already: this one is skipped. It is there since' :outgrow_since
\endif
\else

BEGIN;

SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = pg_catalog;
SET LOCAL transform_null_equals = off;
SET LOCAL default_table_access_method = heap;


-- -----------------------------------------------------------------------------
-- 1. Schema outgrow: functions that do what SQLite's do
-- -----------------------------------------------------------------------------

DO $$ BEGIN PERFORM pg_advisory_xact_lock(8319105); END $$;
CREATE SCHEMA IF NOT EXISTS outgrow;
CREATE TABLE IF NOT EXISTS outgrow.helpers (name text PRIMARY KEY, digest text NOT NULL);
COMMENT ON TABLE outgrow.helpers IS 'The version of each helper function';
-- What each column and each definition was in SQLite.
CREATE TABLE IF NOT EXISTS outgrow.columns (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  run bigint,
  file text NOT NULL,
  source_table text NOT NULL,
  source_column text NOT NULL,
  declared text NOT NULL,
  affinity text NOT NULL,
  source_collation text NOT NULL,
  type text NOT NULL,
  shape text,
  reason text NOT NULL,
  mixed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (schema_name, table_name, column_name)
);
COMMENT ON TABLE outgrow.columns IS 'What each column was in SQLite, and how it spelled its values';
COMMENT ON COLUMN outgrow.columns.run IS 'The migration that brought it; NULL where the application made it';

CREATE TABLE IF NOT EXISTS outgrow.definitions (
  schema_name text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  source_name text NOT NULL,
  source_table text NOT NULL,
  sql text NOT NULL,
  place bigserial,
  PRIMARY KEY (schema_name, kind, name)
);
COMMENT ON TABLE outgrow.definitions IS 'The DDL of each object as SQLite keeps it, in the order in which they were made';

-- Numbers that a PRAGMA keeps in the database: user_version, application_id, schema_version.
CREATE TABLE IF NOT EXISTS outgrow.pragmas (
  schema_name text NOT NULL,
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (schema_name, name)
);
COMMENT ON TABLE outgrow.pragmas IS 'Numbers that PRAGMA keeps: user_version, application_id, schema_version';

INSERT INTO outgrow.helpers VALUES
  ('history', '70e67b937be29656'),
  ('pragmas', 'd9e192f04888660a')
ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest;


-- -----------------------------------------------------------------------------
-- 2. Tables, each with its keys, checks, comments, indexes and triggers
-- -----------------------------------------------------------------------------

-- a b: from b/it's $HOME `x`.db
CREATE TABLE public."a
b" (
    "*/ x /*" text COLLATE "C"
);


-- select: from data/it's $HOME `x`.db
CREATE TABLE public."select" (
    "order" bigserial,
    "a ""quoted"" one" text COLLATE "C",
    "{{ 7 * 7 }}" text COLLATE "C",
    PRIMARY KEY ("order")
);

CREATE INDEX "i|x" ON public."select" ("a ""quoted"" one" NULLS FIRST);


-- ':a; drop table x; --: from data/it's $HOME `x`.db
CREATE TABLE public."':a; drop table x; --" (
    "%s" text COLLATE "C",
    "\." text COLLATE "C" DEFAULT '\! touch owned',
    ":a" double precision
);


-- straße/$(touch owned): from data/it's $HOME `x`.db
CREATE TABLE public."straße/$(touch owned)" (
    "é" text COLLATE "C",
    "b`" bytea,
    UNIQUE ("é")
);


-- -----------------------------------------------------------------------------
-- 3. Views, and the triggers on them
-- -----------------------------------------------------------------------------

-- data/it's $HOME `x`.db:<script>v</script>
CREATE VIEW public."<script>v</script>" ("${home}") AS
SELECT "select"."order" AS "${home}"
FROM public."select";


-- -----------------------------------------------------------------------------
-- 4. What it was in SQLite, for outgrow.database
-- -----------------------------------------------------------------------------

INSERT INTO outgrow.columns
    (schema_name, table_name, column_name, run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed)
VALUES
('public', $sql$a
b$sql$, '*/ x /*', NULL, $sql$b/it's $HOME `x`.db$sql$, $sql$a
b$sql$, '*/ x /*', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'select', 'order', NULL, $sql$data/it's $HOME `x`.db$sql$, 'select', 'order', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'select', 'a "quoted" one', NULL, $sql$data/it's $HOME `x`.db$sql$, 'select', 'a "quoted" one', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'select', '{{ 7 * 7 }}', NULL, $sql$data/it's $HOME `x`.db$sql$, 'select', '{{ 7 * 7 }}', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', $sql$':a; drop table x; --$sql$, '%s', NULL, $sql$data/it's $HOME `x`.db$sql$, $sql$':a; DROP TABLE x; --$sql$, '%s', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', $sql$':a; drop table x; --$sql$, '\.', NULL, $sql$data/it's $HOME `x`.db$sql$, $sql$':a; DROP TABLE x; --$sql$, '\.', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', $sql$':a; drop table x; --$sql$, ':a', NULL, $sql$data/it's $HOME `x`.db$sql$, $sql$':a; DROP TABLE x; --$sql$, ':a', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'straße/$(touch owned)', 'é', NULL, $sql$data/it's $HOME `x`.db$sql$, 'Straße/$(touch owned)', 'é', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'straße/$(touch owned)', 'b`', NULL, $sql$data/it's $HOME `x`.db$sql$, 'Straße/$(touch owned)', 'b`', 'BLOB', 'BLOB', 'BINARY', 'bytea', NULL, 'the schema file made it', false)
ON CONFLICT (schema_name, table_name, column_name) DO UPDATE SET
    (run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed) =
    (EXCLUDED.run, EXCLUDED.file, EXCLUDED.source_table, EXCLUDED.source_column, EXCLUDED.declared, EXCLUDED.affinity, EXCLUDED.source_collation, EXCLUDED.type, EXCLUDED.shape, EXCLUDED.reason, EXCLUDED.mixed);

INSERT INTO outgrow.definitions
    (schema_name, kind, name, source_name, source_table, sql)
VALUES
('public', 'table', $sql$a
b$sql$, $sql$a
b$sql$, $sql$a
b$sql$, $sql$CREATE TABLE "a
b" ("*/ x /*" TEXT)$sql$),
('public', 'table', 'select', 'select', 'select', 'CREATE TABLE "select" ("order" INTEGER PRIMARY KEY, "a ""quoted"" one" TEXT, "{{ 7 * 7 }}" TEXT)'),
('public', 'table', $sql$':a; drop table x; --$sql$, $sql$':a; DROP TABLE x; --$sql$, $sql$':a; DROP TABLE x; --$sql$, $sql$CREATE TABLE "':a; DROP TABLE x; --" ("%s" TEXT, "\." TEXT DEFAULT '\! touch owned', ":a" REAL)$sql$),
('public', 'table', 'straße/$(touch owned)', 'Straße/$(touch owned)', 'Straße/$(touch owned)', 'CREATE TABLE "Straße/$(touch owned)" ("é" TEXT UNIQUE, "b`" BLOB)'),
('public', 'index', 'i|x', 'i|x', 'select', 'CREATE INDEX "i|x" ON "select" ("a ""quoted"" one")'),
('public', 'view', '<script>v</script>', '<script>v</script>', '<script>v</script>', 'CREATE VIEW "<script>v</script>" AS SELECT "order" AS "${HOME}" FROM "select"')
ON CONFLICT (schema_name, kind, name) DO UPDATE SET
    (source_name, source_table, sql, place) =
    (EXCLUDED.source_name, EXCLUDED.source_table, EXCLUDED.sql, EXCLUDED.place);

INSERT INTO outgrow.pragmas (schema_name, name, value)
VALUES ('public', 'user_version', 0)
ON CONFLICT (schema_name, name) DO UPDATE SET value = EXCLUDED.value;


-- -----------------------------------------------------------------------------
-- 5. The marker: from here on this file is skipped
-- -----------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION outgrow.schema_state(schema_name text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
WITH object (kind, on_table, name, definition) AS (
WITH relation AS (
    SELECT oid, relname, relkind, relpersistence FROM pg_catalog.pg_class
    WHERE relnamespace = pg_catalog.to_regnamespace(quote_ident($1))
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
FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.to_regnamespace(quote_ident($1))
UNION ALL
SELECT 'sequence', '', relname,
    concat_ws(' ', seqtypid::regtype, seqincrement, seqmin, seqmax, seqcycle)
FROM relation JOIN pg_catalog.pg_sequence ON seqrelid = relation.oid
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
SELECT md5(string_agg(concat_ws(E'\x1f', kind, on_table, name, definition), E'\x1e'
    ORDER BY kind COLLATE "C", on_table, name COLLATE "C", definition COLLATE "C"))
FROM object
$$;
COMMENT ON FUNCTION outgrow.schema_state(text) IS
    'A checksum of what a schema holds but for the rows, by which outgrow sees changes';

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

INSERT INTO outgrow.schema_loaded
    (schema_name, sources, outgrow_version, checksum, state)
VALUES
    ('public', ARRAY['b/it''s $HOME `x`.db', 'data/it''s $HOME `x`.db'], '0.1.0',
    '1b4a010e08f7a1a2548a0a8178890dce43303acda4b9f243b2f10159c135941e',
    outgrow.schema_state('public'));

COMMIT;

\endif
