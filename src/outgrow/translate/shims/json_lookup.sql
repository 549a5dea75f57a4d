-- needs: json_check_step, json_key
-- What a path finds in JSON. Of equal keys the first counts, where json's own -> takes the last.
-- https://www.sqlite.org/json1.html#the_json_extract_function
CREATE OR REPLACE FUNCTION outgrow.json_lookup(x json, steps text[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step text;
  sign text;
  wanted text;
  written text;
  found json;
  place int;
BEGIN
  FOREACH step IN ARRAY steps LOOP
    sign := left(step, 1);
    IF sign = '[' THEN
      IF step ~ '^.-0+$|\d{10}' OR json_typeof(x) <> 'array' THEN RETURN NULL; END IF;
      found := x -> substr(step, 2)::int;
    ELSIF sign = '.' OR sign = '"' THEN
      wanted := CASE WHEN sign = '.' THEN substr(step, 2) ELSE outgrow.json_key(step) END;
      found := x -> wanted;
      IF found IS NOT NULL THEN
        -- Where the key stands once, it is no matter which one counts.
        written := x::text;
        place := strpos(written, '"' || wanted || '"') + length(wanted) + 2;
        IF strpos(written, '\') > 0 OR strpos(substr(written, place), '"' || wanted || '"') > 0 THEN
          SELECT m.value INTO found FROM json_each(x) AS m WHERE m.key = wanted LIMIT 1;
        END IF;
      END IF;
    ELSE
      PERFORM outgrow.json_check_step(step, json_typeof(x));
      RETURN NULL;
    END IF;
    IF found IS NULL THEN RETURN NULL; END IF;
    x := found;
  END LOOP;
  RETURN x;
END
$$;
