-- A year as strftime prints it: four places, the sign among them.
CREATE OR REPLACE FUNCTION outgrow.moment_year(year bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN year < 0 THEN '-' || lpad((-year)::text, greatest(3, length((-year)::text)), '0')
              ELSE lpad(year::text, 4, '0') END;
END
$$;
