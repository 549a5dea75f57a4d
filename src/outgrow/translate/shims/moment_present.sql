-- A time value, 'now' replaced by the text of the present moment.
CREATE OR REPLACE FUNCTION outgrow.moment_present(x text, present timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF lower(x COLLATE "C") = 'now' THEN
    RETURN to_char(present AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  END IF;
  RETURN x;
END
$$;
