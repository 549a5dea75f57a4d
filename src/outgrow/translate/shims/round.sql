-- needs: decimals
-- round(x, n): without digits by adding a half, else half away from zero on SQLite's decimals.
-- https://www.sqlite.org/lang_corefunc.html#round
CREATE OR REPLACE FUNCTION outgrow.round(x double precision, digits bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN abs(x) >= 4503599627370496 OR x = 0 THEN x
    WHEN digits <= 0 THEN trunc(x + CASE WHEN x < 0 THEN -0.5 ELSE 0.5 END)
    ELSE round(outgrow.decimals(x), least(digits, 30)::int)::double precision
  END
$$;
