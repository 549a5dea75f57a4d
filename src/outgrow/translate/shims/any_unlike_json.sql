-- A value that is compared with what comes from jsonb, where the text of an object or array is
-- lost: a text that looks like one is an error.
CREATE OR REPLACE FUNCTION outgrow.any_unlike_json(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'string' AND v #>> '{}' ~ '^[[{]' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'the text of an object or array from a jsonb column is needed',
      DETAIL = 'jsonb keeps neither the order of keys nor the spelling of numbers and strings.',
      HINT = 'Keep the column json or text in the plan file.';
  END IF;
  RETURN v;
END
$$;
