-- Year, month and day of a moment in milliseconds; NULL outside SQLite's years.
CREATE OR REPLACE FUNCTION outgrow.moment_civil(ms bigint) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day date;
  year int;
BEGIN
  IF ms NOT BETWEEN 0 AND 464269060799999 THEN RETURN NULL; END IF;
  day := date '2000-01-01' + ((ms + 43200000) / 86400000 - 2451545)::int;
  year := extract(year FROM day);
  -- PostgreSQL has no year 0: https://www.postgresql.org/docs/current/functions-datetime.html
  IF year < 0 THEN year := year + 1; END IF;
  RETURN ARRAY[year, extract(month FROM day), extract(day FROM day)];
END
$$;
