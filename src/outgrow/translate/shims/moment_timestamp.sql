-- A moment in milliseconds as a timestamp; NULL outside the years 1 to 9999, whose texts to_char
-- writes as SQLite does.
CREATE OR REPLACE FUNCTION outgrow.moment_timestamp(ms bigint) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF ms NOT BETWEEN 148731163200000 AND 464269060799999 THEN RETURN NULL; END IF;
  RETURN date '2000-01-01' + ((ms + 43200000) / 86400000 - 2451545)::int
    + mod(ms + 43200000, 86400000) * interval '1 millisecond';
END
$$;
