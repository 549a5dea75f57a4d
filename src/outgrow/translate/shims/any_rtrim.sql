-- A value of any class as the collation RTRIM compares it: without spaces at the end of a text.
CREATE OR REPLACE FUNCTION outgrow.any_rtrim(v jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN jsonb_typeof(v) = 'string' THEN to_jsonb(rtrim(v #>> '{}', ' '))
    ELSE v
  END
$$;
