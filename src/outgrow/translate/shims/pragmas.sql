-- Numbers that a PRAGMA keeps in the database: user_version, application_id, schema_version.
CREATE TABLE IF NOT EXISTS outgrow.pragmas (
  schema_name text NOT NULL,
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (schema_name, name)
);
COMMENT ON TABLE outgrow.pragmas IS 'Numbers that PRAGMA keeps: user_version, application_id, schema_version';
