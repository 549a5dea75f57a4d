-- The key that a step of a JSON path names.
CREATE OR REPLACE FUNCTION outgrow.json_key(step text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN step LIKE '.%' THEN substr(step, 2) ELSE (step || '"')::json #>> '{}' END
$$;
