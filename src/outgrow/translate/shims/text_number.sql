-- needs: dynamic, text_real
-- The number that a text starts with, 0 where it starts with none: an integer if no point and no
-- exponent follow its digits and 64 bits hold it.
CREATE OR REPLACE FUNCTION outgrow.text_number(x text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[];
BEGIN
  IF x ~ '^-?[0-9]{1,18}$' THEN RETURN x::numeric; END IF;
  parts := regexp_match(x,
    '^[ \t\n\v\f\r]*([+-]?)(?:0*([0-9]+)(\.|[eE][+-]?[0-9])?|(\.[0-9]))');
  IF parts IS NULL THEN RETURN 0; END IF;
  IF parts[2] IS NOT NULL AND parts[3] IS NULL AND length(parts[2]) < 20
    AND (parts[1] || parts[2])::numeric BETWEEN -9223372036854775808 AND 9223372036854775807
  THEN
    RETURN (parts[1] || parts[2])::numeric;
  END IF;
  RETURN outgrow.dynamic(outgrow.text_real(x));
END
$$;
