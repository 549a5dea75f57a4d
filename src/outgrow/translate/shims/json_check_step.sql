-- SQLite's error for a JSON path that is wrong, where a step says so: see json_steps.
CREATE OR REPLACE FUNCTION outgrow.json_check_step(step text, kind text) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF step LIKE '!%' OR step LIKE '?%' AND kind = 'array' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'bad JSON path: ' || quote_literal(substr(step, 2));
  END IF;
END
$$;
