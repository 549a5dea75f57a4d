-- A year as strftime prints it: four places, the sign among them.
CREATE OR REPLACE FUNCTION outgrow.moment_year(year bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN year < 0 THEN '-' || lpad(abs(year)::text, greatest(3, length(abs(year)::text)), '0')
              ELSE lpad(year::text, 4, '0') END
$$;
