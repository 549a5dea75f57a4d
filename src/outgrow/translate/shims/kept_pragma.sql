-- needs: pragmas
-- A number that a PRAGMA keeps: 0 until it is set.
CREATE OR REPLACE FUNCTION outgrow.kept_pragma(schema_name text, name text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE((SELECT p.value FROM outgrow.pragmas p
                   WHERE p.schema_name = $1 AND p.name = $2), 0)
$$;
