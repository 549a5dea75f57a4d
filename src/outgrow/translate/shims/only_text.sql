-- needs: any_text
-- A value of any class in a column of text affinity; an error for a blob, which stays one there.
CREATE OR REPLACE FUNCTION outgrow.only_text(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN
    RAISE EXCEPTION 'the column holds texts, and this value is a blob'
      USING ERRCODE = 'datatype_mismatch';
  END IF;
  RETURN outgrow.any_text(v);
END
$$;
