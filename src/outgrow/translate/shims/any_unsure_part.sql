-- needs: any_part
-- A value of any class as SQLite writes it into JSON, where it depends on SQLite's plan whether the
-- text of an object or array is one or a string.
-- https://www.sqlite.org/json1.html#handling_of_malformed_json
CREATE OR REPLACE FUNCTION outgrow.any_unsure_part(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'string' AND v #>> '{}' ~ '^[[{]'
    OR jsonb_typeof(v) = 'object' AND v ? 'json'
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'whether an object or array is put into JSON as such or as a string depends on '
        'the plan of SQLite here',
      HINT = 'Wrap the value in json().';
  END IF;
  RETURN outgrow.any_part(v);
END
$$;
