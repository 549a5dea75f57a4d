-- The greatest of the greatest integer and the greatest real. Where they are equal, SQLite gives the
-- one that it visits first, which is not known here.
CREATE OR REPLACE FUNCTION outgrow.max_class(i numeric, r numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF i = r THEN
    RAISE EXCEPTION '% is there as an integer and as a real', i
      USING ERRCODE = 'datatype_mismatch';
  END IF;
  RETURN CASE WHEN i IS NULL OR r > i THEN r ELSE i END;
END
$$;
