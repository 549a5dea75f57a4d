-- The integer that a text starts with, clamped to 64 bits.
CREATE OR REPLACE FUNCTION outgrow.text_integer(x text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[];
BEGIN
  IF x ~ '^-?[0-9]{1,18}$' THEN RETURN x; END IF;
  parts := regexp_match(x, '^[ \t\n\v\f\r]*([+-]?)0*([0-9]+)');
  IF parts IS NULL THEN RETURN 0; END IF;
  IF length(parts[2]) > 19 THEN parts[2] := '9999999999999999999'; END IF;
  RETURN greatest(least((parts[1] || parts[2])::numeric, 9223372036854775807),
    -9223372036854775808);
END
$$;
