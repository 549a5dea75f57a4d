-- needs: json_minified, number_json, text_json, text_number
-- The value of a part of JSON, as SQLite writes it into other JSON: an object or array as it is,
-- true and false as 1 and 0, numbers and strings in SQLite's spelling.
CREATE OR REPLACE FUNCTION outgrow.json_part(x json) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  kind text := COALESCE(json_typeof(x), 'null');
BEGIN
  IF kind IN ('object', 'array') THEN RETURN outgrow.json_minified(x); END IF;
  IF kind = 'string' THEN RETURN outgrow.text_json(x #>> '{}'); END IF;
  IF kind = 'number' THEN RETURN outgrow.number_json(outgrow.text_number(x::text)); END IF;
  IF kind = 'boolean' THEN RETURN CASE WHEN x::text ~ 't' THEN '1' ELSE '0' END; END IF;
  RETURN 'null';
END
$$;
