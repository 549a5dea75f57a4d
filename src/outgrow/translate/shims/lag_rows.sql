-- The offset of lag(): what SQLite gives for a negative one depends on the rows it has read ahead.
CREATE OR REPLACE FUNCTION outgrow.lag_rows(n bigint) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF n < 0 THEN
    RAISE EXCEPTION 'lag() with the negative offset %', n
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN least(n, 2147483647)::int;
END
$$;
