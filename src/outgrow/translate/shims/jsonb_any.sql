-- needs: any_of_number, text_number
-- A part of jsonb as the value that SQLite gives for it. The text of an object or array is not
-- SQLite's any more: {"json": …} marks it.
-- https://www.sqlite.org/json1.html#the_json_extract_function
CREATE OR REPLACE FUNCTION outgrow.jsonb_any(x jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind text := jsonb_typeof(x);
BEGIN
  IF kind = 'string' THEN RETURN x; END IF;
  IF kind = 'number' THEN
    -- Up to 15 digits the decimal is what the double gives back.
    IF length(x::text) <= 16 THEN RETURN x; END IF;
    RETURN outgrow.any_of_number(outgrow.text_number(x::text));
  END IF;
  IF kind = 'boolean' THEN RETURN CASE WHEN x = 'true' THEN '1' ELSE '0' END; END IF;
  IF kind = 'null' THEN RETURN NULL; END IF;
  RETURN jsonb_build_object('json', x);
END
$$;
