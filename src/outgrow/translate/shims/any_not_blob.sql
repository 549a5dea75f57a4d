-- needs: any_text
-- The text of a value of any class for LIKE and GLOB. Whether they look into a blob depends on how
-- SQLite was compiled (SQLITE_LIKE_DOESNT_MATCH_BLOBS), so that is an error.
CREATE OR REPLACE FUNCTION outgrow.any_not_blob(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN
    RAISE EXCEPTION 'LIKE or GLOB of a blob' USING ERRCODE = 'datatype_mismatch';
  END IF;
  RETURN outgrow.any_text(v);
END
$$;
