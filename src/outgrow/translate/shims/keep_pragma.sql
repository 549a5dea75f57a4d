-- needs: pragmas
-- Sets a number that a PRAGMA keeps.
CREATE OR REPLACE FUNCTION outgrow.keep_pragma(schema_name text, name text, value bigint)
RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO outgrow.pragmas VALUES ($1, $2, $3)
  ON CONFLICT ON CONSTRAINT pragmas_pkey DO UPDATE SET value = $3
$$;
