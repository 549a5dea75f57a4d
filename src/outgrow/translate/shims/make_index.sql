-- Makes an index, unless the table has one of that name.
CREATE OR REPLACE FUNCTION outgrow.make_index(name text, relation text, sql text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    WHERE x.relname = make_index.name AND i.indrelid = relation::regclass
  ) THEN
    EXECUTE sql;
  END IF;
END
$$;
