-- A value of any class as the collation NOCASE compares it: ASCII letters of a text are folded.
CREATE OR REPLACE FUNCTION outgrow.any_nocase(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'string' THEN to_jsonb(lower((v #>> '{}') COLLATE "C"))
    ELSE v
  END;
END
$$;
