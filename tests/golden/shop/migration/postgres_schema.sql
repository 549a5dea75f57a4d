-- outgrow init f4e8bd542a6f: yours to change, and then left alone
-- PostgreSQL schema of shop.db
--
-- 2 tables, 1 index, 1 view, 1 trigger, in schema public.
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
-- 3. Foreign keys
-- 4. Views, and the triggers on them
-- 5. What it was in SQLite, for outgrow.database
-- 6. The marker: from here on this file is skipped

\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';

SELECT count(*) > 0 AS outgrow_has_marker
FROM pg_catalog.pg_class
WHERE relname = 'schema_loaded' AND relnamespace = pg_catalog.to_regnamespace('outgrow')
\gset
\set outgrow_is_loaded false
\if :outgrow_has_marker
SELECT count(*) > 0 AS outgrow_is_loaded, max(loaded)::timestamptz(0) AS outgrow_since,
    coalesce(max(checksum), '') = '4873c5500a0643ac02e579544cbcd65543084d3b62392206074968019246580f' AS outgrow_is_same
FROM outgrow.schema_loaded
WHERE schema_name = 'public' AND sources = ARRAY['shop.db']
\gset
\endif
\if :outgrow_is_loaded
\if :outgrow_is_same
\echo 'The schema of shop.db is loaded already, since' :outgrow_since
\else
\echo 'Another version of the schema of shop.db is loaded already: this one is skipped. It is there since' :outgrow_since
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

-- customer: from shop.db
CREATE TABLE public.customer (
    id bigserial,
    email text COLLATE "C" NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    preferences jsonb,
    PRIMARY KEY (id)
);

COMMENT ON COLUMN public.customer.is_active IS 'boolean';
COMMENT ON COLUMN public.customer.preferences IS 'JSON';

CREATE UNIQUE INDEX ON public.customer (lower(email COLLATE "C"));


-- orders: from shop.db
CREATE TABLE public.orders (
    id bigserial,
    customer_id bigint NOT NULL,
    total_price numeric(10,4),
    placed_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    PRIMARY KEY (id),
    CHECK (total_price >= 0)
);

CREATE INDEX orders_by_customer ON public.orders (customer_id, placed_at DESC NULLS LAST);

-- shop.db:keep_active
CREATE FUNCTION public.keep_active() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $outgrow$
BEGIN
  UPDATE public.customer SET is_active = true WHERE customer.id = NEW.customer_id;
  RETURN NULL;
END;
$outgrow$;
CREATE TRIGGER keep_active AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.keep_active();


-- -----------------------------------------------------------------------------
-- 3. Foreign keys
-- -----------------------------------------------------------------------------

-- orders
ALTER TABLE public.orders ADD FOREIGN KEY (customer_id) REFERENCES public.customer (id) ON DELETE CASCADE;


-- -----------------------------------------------------------------------------
-- 4. Views, and the triggers on them
-- -----------------------------------------------------------------------------

-- shop.db:spent
CREATE VIEW public.spent (customer_id, total) AS
SELECT orders.customer_id, sum(orders.total_price)::double precision AS total
FROM public.orders
GROUP BY orders.customer_id;


-- -----------------------------------------------------------------------------
-- 5. What it was in SQLite, for outgrow.database
-- -----------------------------------------------------------------------------

INSERT INTO outgrow.columns
    (schema_name, table_name, column_name, run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed)
VALUES
('public', 'customer', 'id', NULL, 'shop.db', 'customer', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'customer', 'email', NULL, 'shop.db', 'customer', 'email', 'TEXT', 'TEXT', 'NOCASE', 'text', NULL, 'the schema file made it', false),
('public', 'customer', 'is_active', NULL, 'shop.db', 'customer', 'is_active', 'INTEGER', 'INTEGER', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'customer', 'preferences', NULL, 'shop.db', 'customer', 'preferences', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'orders', 'id', NULL, 'shop.db', 'orders', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'orders', 'customer_id', NULL, 'shop.db', 'orders', 'customer_id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'orders', 'total_price', NULL, 'shop.db', 'orders', 'total_price', 'REAL', 'REAL', 'BINARY', 'numeric(10,4)', NULL, 'the schema file made it', false),
('public', 'orders', 'placed_at', NULL, 'shop.db', 'orders', 'placed_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false)
ON CONFLICT (schema_name, table_name, column_name) DO UPDATE SET
    (run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed) =
    (EXCLUDED.run, EXCLUDED.file, EXCLUDED.source_table, EXCLUDED.source_column, EXCLUDED.declared, EXCLUDED.affinity, EXCLUDED.source_collation, EXCLUDED.type, EXCLUDED.shape, EXCLUDED.reason, EXCLUDED.mixed);

INSERT INTO outgrow.definitions
    (schema_name, kind, name, source_name, source_table, sql)
VALUES
('public', 'table', 'customer', 'customer', 'customer', $sql$CREATE TABLE customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    is_active INTEGER NOT NULL DEFAULT 1, -- boolean
    preferences TEXT -- JSON
)$sql$),
('public', 'table', 'orders', 'orders', 'orders', $sql$CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    total_price REAL CHECK (total_price >= 0),
    placed_at TEXT DEFAULT CURRENT_TIMESTAMP
)$sql$),
('public', 'index', 'orders_by_customer', 'orders_by_customer', 'orders', 'CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC)'),
('public', 'view', 'spent', 'spent', 'spent', $sql$CREATE VIEW spent AS
    SELECT customer_id, sum(total_price) AS total FROM orders GROUP BY customer_id$sql$),
('public', 'trigger', 'keep_active', 'keep_active', 'orders', $sql$CREATE TRIGGER keep_active AFTER INSERT ON orders BEGIN
    UPDATE customer SET is_active = 1 WHERE id = NEW.customer_id;
END$sql$),
('public', 'internal', 'sqlite_sequence', 'sqlite_sequence', 'sqlite_sequence', '')
ON CONFLICT (schema_name, kind, name) DO UPDATE SET
    (source_name, source_table, sql, place) =
    (EXCLUDED.source_name, EXCLUDED.source_table, EXCLUDED.sql, EXCLUDED.place);

INSERT INTO outgrow.pragmas (schema_name, name, value)
VALUES ('public', 'user_version', 0)
ON CONFLICT (schema_name, name) DO UPDATE SET value = EXCLUDED.value;


-- -----------------------------------------------------------------------------
-- 6. The marker: from here on this file is skipped
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
    ('public', ARRAY['shop.db'], '0.1.0',
    '4873c5500a0643ac02e579544cbcd65543084d3b62392206074968019246580f',
    outgrow.schema_state('public'));

COMMIT;

\endif
