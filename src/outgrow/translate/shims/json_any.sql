-- needs: any_of_number, json_minified, text_number
-- A part of JSON as the value that SQLite gives for it: true and false are 1 and 0, objects and
-- arrays their text. https://www.sqlite.org/json1.html#the_json_extract_function
CREATE OR REPLACE FUNCTION outgrow.json_any(x json) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind text := json_typeof(x);
  written text := x::text;
BEGIN
  IF kind = 'string' THEN RETURN written::jsonb; END IF;
  IF kind = 'number' THEN
    -- Up to 15 digits the decimal is what the double gives back.
    IF length(written) <= 16 AND strpos(lower(written), 'e') = 0 THEN RETURN written::jsonb; END IF;
    RETURN outgrow.any_of_number(outgrow.text_number(written));
  END IF;
  IF kind = 'boolean' THEN RETURN CASE WHEN x::text ~ 't' THEN '1' ELSE '0' END; END IF;
  IF kind = 'null' THEN RETURN NULL; END IF;
  RETURN to_jsonb(outgrow.json_minified(x));
END
$$;
