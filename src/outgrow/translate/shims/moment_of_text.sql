-- needs: moment_days, moment_whole
-- A text as a moment: milliseconds since noon of -4713-11-24, NULL where SQLite reads no time.
-- https://www.sqlite.org/lang_datefunc.html#time_values
CREATE OR REPLACE FUNCTION outgrow.moment_of_text(x text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(x, '^(?:(-?)(\d{4})-(\d\d)-(\d\d)[ \t\n\v\f\rT]*)?'
    '(?:(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?'
    '[ \t\n\v\f\r]*(?:([+-])(\d\d):(\d\d)|[Zz])?[ \t\n\v\f\r]*)?$');
  moment numeric;
  julian double precision;
BEGIN
  IF part IS NULL OR part[2] IS NULL AND part[5] IS NULL THEN
    IF lower(x COLLATE "C") IN ('now', 'subsec', 'subsecond') THEN
      RAISE EXCEPTION 'a stored text % is the present moment in SQLite', quote_literal(x);
    END IF;
    IF x !~ '^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?[ \t\n\v\f\r]*$' THEN
      RETURN NULL;
    END IF;
    julian := btrim(x, E' \t\n\v\f\r')::numeric;
    IF julian < 0 OR julian >= 5373484.5 THEN RETURN NULL; END IF;
    RETURN floor(julian * 86400000 + 0.5)::bigint;
  END IF;
  IF part[3]::int NOT BETWEEN 1 AND 12 OR part[4]::int NOT BETWEEN 1 AND 31
    OR part[5]::int > 24 OR part[5]::int = 24 AND part[6]::int + COALESCE(part[7]::int, 0) > 0
    OR part[6]::int > 59 OR part[7]::int > 59
    OR part[10]::int > 14 OR part[11]::int > 59 THEN
    RETURN NULL;
  END IF;
  moment := outgrow.moment_days(
      COALESCE((part[1] || part[2])::int, 2000), COALESCE(part[3]::int, 1), COALESCE(part[4]::int, 1))
    + COALESCE(part[5]::int * 3600000 + part[6]::int * 60000, 0)
    + COALESCE(part[7]::int * 1000, 0)
    + least(COALESCE(('0' || part[8])::numeric, 0), 0.999) * 1000;
  IF part[9] IS NOT NULL THEN
    -- An offset makes SQLite go over to whole milliseconds at once.
    moment := outgrow.moment_whole(moment)
      - (part[9] || (part[10]::int * 60 + part[11]::int))::int * 60000::bigint;
  END IF;
  IF moment < 0 OR moment > 464269060799999 THEN RETURN NULL; END IF;
  RETURN moment;
END
$$;
