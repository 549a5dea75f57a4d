-- needs: json_check_step, json_key
-- What a path finds in jsonb.
CREATE OR REPLACE FUNCTION outgrow.jsonb_lookup(x jsonb, steps text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step text;
BEGIN
  FOREACH step IN ARRAY steps LOOP
    IF left(step, 1) = '[' THEN
      -- A scalar counts as an array of one element for jsonb's own ->.
      IF jsonb_typeof(x) <> 'array' OR step ~ '^.-0+$|\d{10}' THEN RETURN NULL; END IF;
      x := x -> substr(step, 2)::int;
    ELSIF left(step, 1) IN ('.', '"') THEN
      x := x -> outgrow.json_key(step);
    ELSE
      PERFORM outgrow.json_check_step(step, jsonb_typeof(x));
      RETURN NULL;
    END IF;
    IF x IS NULL THEN RETURN NULL; END IF;
  END LOOP;
  RETURN x;
END
$$;
