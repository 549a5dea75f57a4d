-- needs: any_number, any_type
-- A value of any class in a column that gives numbers; an error for any other class.
CREATE OR REPLACE FUNCTION outgrow.only_number(v jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF outgrow.any_type(v) IN ('integer', 'real') THEN RETURN outgrow.any_number(v); END IF;
  RAISE EXCEPTION 'the column gives numbers, and this value is of class %', outgrow.any_type(v)
    USING ERRCODE = 'datatype_mismatch', HINT = 'CAST the expression behind the column';
END
$$;
