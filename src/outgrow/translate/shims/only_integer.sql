-- needs: any_type
-- A value of any class in a column that gives integers; an error for any other class.
CREATE OR REPLACE FUNCTION outgrow.only_integer(v jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF outgrow.any_type(v) = 'integer' THEN RETURN v::bigint; END IF;
  RAISE EXCEPTION 'the column gives integers, and this value is of class %', outgrow.any_type(v)
    USING ERRCODE = 'datatype_mismatch', HINT = 'CAST the expression behind the column';
END
$$;
