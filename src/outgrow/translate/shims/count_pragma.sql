-- needs: pragmas
-- Adds one to a number that a PRAGMA keeps.
CREATE OR REPLACE FUNCTION outgrow.count_pragma(schema_name text, name text) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO outgrow.pragmas AS p VALUES ($1, $2, 1)
  ON CONFLICT ON CONSTRAINT pragmas_pkey DO UPDATE SET value = p.value + 1
$$;
