-- A value of any class that must be SQLite's to the letter: an object or array from jsonb is not.
CREATE OR REPLACE FUNCTION outgrow.any_exact(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'json' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'the text of an object or array from a jsonb column is needed',
      DETAIL = 'jsonb keeps neither the order of keys nor the spelling of numbers and strings.',
      HINT = 'Keep the column json or text in the plan file.';
  END IF;
  RETURN v;
END
$$;
