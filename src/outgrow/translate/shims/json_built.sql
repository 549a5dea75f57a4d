-- needs: json_check_step, text_json
-- What SQLite puts where a path goes on beyond the JSON: objects and arrays around the value; NULL
-- where the path names another place of an array than the first.
CREATE OR REPLACE FUNCTION outgrow.json_built(steps text[], part text, mode text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  built text := part;
  step text;
BEGIN
  FOREACH step IN ARRAY steps LOOP
    IF step ~ '^\[-?0*[1-9]' THEN RETURN NULL; END IF;
    PERFORM outgrow.json_check_step(step, 'array');
    IF mode = 'squeeze' AND step NOT LIKE '[%' AND steps[cardinality(steps)] !~ '^[[?]' THEN
      RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'not an array element';
    END IF;
  END LOOP;
  FOR at IN REVERSE cardinality(steps)..1 LOOP
    step := steps[at];
    IF step LIKE '[%' THEN
      built := '[' || built || ']';
    ELSIF step LIKE '"%' THEN
      built := '{' || step || '":' || built || '}';
    ELSE
      built := '{' || outgrow.text_json(substr(step, 2)) || ':' || built || '}';
    END IF;
  END LOOP;
  RETURN built;
END
$$;
