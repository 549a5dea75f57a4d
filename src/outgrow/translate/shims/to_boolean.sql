-- A number for a boolean column: 0 or 1, anything else is an error and not a silent true.
CREATE OR REPLACE FUNCTION outgrow.to_boolean(x bigint) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x NOT IN (0, 1) THEN
    RAISE EXCEPTION 'a boolean column can''t hold %', x USING ERRCODE = 'check_violation';
  END IF;
  RETURN x = 1;
END
$$;
