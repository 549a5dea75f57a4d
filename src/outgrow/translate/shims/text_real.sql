-- The real that a text starts with, 0.0 where it starts with none. Of the digits SQLite reads
-- 19, or 20 where they are below 2^64, and takes the others for zeros.
-- https://www.sqlite.org/floatingpoint.html
CREATE OR REPLACE FUNCTION outgrow.text_real(x text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[];
  digits text;
  taken int;
  power int := 0;
  size numeric;
BEGIN
  IF x ~ '^-?[0-9]{1,9}(\.[0-9]{0,6})?$' THEN RETURN x::double precision; END IF;
  parts := regexp_match(x,
    '^[ \t\n\v\f\r]*([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(?:[eE]([+-]?)0*([0-9]+))?');
  IF parts IS NULL THEN RETURN 0; END IF;
  digits := ltrim(COALESCE(parts[2] || parts[3], parts[4]), '0');
  IF digits = '' THEN RETURN 0; END IF;
  IF parts[6] IS NOT NULL THEN
    power := CASE WHEN length(parts[6]) > 5 THEN '10000' ELSE parts[6] END::int;
    IF parts[5] = '-' THEN power := -power; END IF;
  END IF;
  taken := CASE WHEN left(digits, 19)::numeric < 1844674407370955160 THEN 20 ELSE 19 END;
  power := power - length(COALESCE(parts[3], parts[4])) + greatest(length(digits) - taken, 0);
  IF power < -348 THEN RETURN 0; END IF;
  IF power > 347 THEN RETURN (parts[1] || 'Infinity')::double precision; END IF;
  digits := left(digits, taken) || 'e' || power;
  size := digits::numeric;
  -- The least number that is rounded to infinity, the greatest that is rounded to 0.
  IF size > 1.79769313486231580793e308 THEN
    RETURN (parts[1] || 'Infinity')::double precision;
  END IF;
  IF size < 2.47032822920623272088e-324 THEN RETURN 0; END IF;
  RETURN (parts[1] || digits)::double precision;
END
$$;
