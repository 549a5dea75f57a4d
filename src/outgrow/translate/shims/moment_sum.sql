-- needs: moment_day
-- Milliseconds of a moment from year, month, day (2000-01-01 for NULL), hour, minute, second
-- (midnight for NULL) and the minutes of its offset; NULL where the year is none of SQLite's.
CREATE OR REPLACE FUNCTION outgrow.moment_sum(civil int[], clock double precision[], shift int)
RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  ms bigint := 946684800000 + 210866760000000;
BEGIN
  IF civil IS NOT NULL THEN
    IF civil[1] NOT BETWEEN -4713 AND 9999 THEN RETURN NULL; END IF;
    ms := outgrow.moment_day(civil[1], civil[2], civil[3]);
  END IF;
  IF clock IS NOT NULL THEN
    ms := ms + clock[1]::int * 3600000 + (clock[2]::int - shift) * 60000
      + trunc(clock[3] * 1000 + 0.5)::int;
  END IF;
  RETURN ms;
END
$$;
