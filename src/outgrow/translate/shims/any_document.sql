-- needs: any_text, jsonb_of
-- A value of any class that is read as JSON; {"json": …} is an object or array from jsonb.
CREATE OR REPLACE FUNCTION outgrow.any_document(v jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN jsonb_typeof(v) = 'object' AND v ? 'json' THEN v -> 'json'
    ELSE outgrow.jsonb_of(outgrow.any_text(v))
  END
$$;
