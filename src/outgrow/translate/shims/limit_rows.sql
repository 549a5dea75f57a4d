-- What stands after LIMIT: NULL means all rows, as a negative number does in SQLite.
-- https://www.sqlite.org/lang_select.html#limitoffset
CREATE OR REPLACE FUNCTION outgrow.limit_rows(n numeric) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF n IS NULL OR n <> trunc(n) THEN
    RAISE EXCEPTION 'datatype mismatch' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN n >= 0 THEN n::bigint END;
END
$$;
