-- Milliseconds of a date, as SQLite counts them (its own arithmetic, for any year and day).
CREATE OR REPLACE FUNCTION outgrow.moment_days(year bigint, month bigint, day bigint)
RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y bigint := CASE WHEN month <= 2 THEN year - 1 ELSE year END;
  m bigint := CASE WHEN month <= 2 THEN month + 12 ELSE month END;
  century bigint := (y + 4800) / 100;
BEGIN
  RETURN (36525 * (y + 4716) / 100 + 306001 * (m + 1) / 10000 + day + 38 - century + century / 4
          - 1524.5) * 86400000;
END
$$;
