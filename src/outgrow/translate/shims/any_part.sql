-- needs: number_json, text_json
-- A value of any class as SQLite writes it into JSON, all texts as strings.
CREATE OR REPLACE FUNCTION outgrow.any_part(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  kind text := COALESCE(jsonb_typeof(v), 'null');
BEGIN
  IF kind = 'string' THEN RETURN outgrow.text_json(v #>> '{}'); END IF;
  IF kind = 'number' THEN RETURN outgrow.number_json(v::numeric); END IF;
  IF kind = 'null' THEN RETURN 'null'; END IF;
  IF v ? 'real' THEN RETURN outgrow.number_json((v ->> 'real')::numeric); END IF;
  RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'JSON cannot hold BLOB values';
END
$$;
