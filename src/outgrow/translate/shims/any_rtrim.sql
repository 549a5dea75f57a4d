-- A value of any class as the collation RTRIM compares it: without spaces at the end of a text.
CREATE OR REPLACE FUNCTION outgrow.any_rtrim(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'string' THEN to_jsonb(rtrim(v #>> '{}', ' '))
    ELSE v
  END;
END
$$;
