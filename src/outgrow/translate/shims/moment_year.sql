-- A year as SQLite prints it: four digits, a sign before the year 0.
CREATE OR REPLACE FUNCTION outgrow.moment_year(year bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN year < 0 THEN '-' ELSE '' END || lpad(abs(year)::text, 4, '0')
$$;
