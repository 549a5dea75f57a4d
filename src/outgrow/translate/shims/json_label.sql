-- needs: text_json
-- A key of an object: a text; anything else is an error of SQLite's, too.
CREATE OR REPLACE FUNCTION outgrow.json_label(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) IS DISTINCT FROM 'string' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value', MESSAGE = 'json_object() labels must be TEXT';
  END IF;
  RETURN outgrow.text_json(v #>> '{}');
END
$$;
