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
