-- needs: any_text
-- Text affinity: a number becomes the text that SQLite prints.
-- https://www.sqlite.org/datatype3.html#type_affinity
CREATE OR REPLACE FUNCTION outgrow.any_text_affinity(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'number' OR v ? 'real' THEN to_jsonb(outgrow.any_text(v))
    ELSE v
  END;
END
$$;
