-- round(x, n): half away from zero on at most 17 digits, n from 0 to 30.
-- https://www.sqlite.org/lang_corefunc.html#round
CREATE OR REPLACE FUNCTION outgrow.round(x double precision, digits bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN abs(x) >= 4503599627370496 THEN x
    ELSE round(x::text::numeric, greatest(least(digits, 30), 0)::int)::double precision
  END
$$;
