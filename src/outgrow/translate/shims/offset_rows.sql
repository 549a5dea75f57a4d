-- What stands after OFFSET: a negative number is 0.
-- https://www.sqlite.org/lang_select.html#limitoffset
CREATE OR REPLACE FUNCTION outgrow.offset_rows(n numeric) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF n IS NULL OR n <> trunc(n) THEN
    RAISE EXCEPTION 'datatype mismatch' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN greatest(n, 0)::bigint;
END
$$;
