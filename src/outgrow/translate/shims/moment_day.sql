-- Milliseconds since noon of -4713-11-24 at the beginning of a day, counted as SQLite counts: a
-- day that the month lacks goes over into the next.
CREATE OR REPLACE FUNCTION outgrow.moment_day(year int, month int, day int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y int := CASE WHEN month <= 2 THEN year - 1 ELSE year END;
  m int := CASE WHEN month <= 2 THEN month + 12 ELSE month END;
  century int := (y + 4800) / 100;
BEGIN
  RETURN (36525 * (y + 4716) / 100 + 306001 * (m + 1) / 10000 + day + 38 - century + century / 4)
    * 86400000::bigint - 131716800000;
END
$$;
