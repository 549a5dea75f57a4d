-- needs: decimals
-- round(x, n): without digits by adding a half, else half away from zero on SQLite's decimals.
-- PostgreSQL's digits do as well unless they end in a 5 just where the rounding is.
-- https://www.sqlite.org/lang_corefunc.html#round
CREATE OR REPLACE FUNCTION outgrow.round(x double precision, digits bigint) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  short text;
  value numeric;
  rounded numeric;
BEGIN
  IF abs(x) > 4503599627370496 OR x = 0 THEN RETURN x; END IF;
  IF digits <= 0 THEN RETURN trunc(x + CASE WHEN x < 0 THEN -0.5 ELSE 0.5 END); END IF;
  IF abs(x) < 1e5 AND digits <= 9 THEN
    short := x::text;
    IF short::double precision = x THEN
      value := short::numeric;
      rounded := round(value, digits::int);
      IF 2 * abs(value - rounded) <> ('1e-' || digits)::numeric THEN RETURN rounded; END IF;
    END IF;
  END IF;
  RETURN round(outgrow.decimals(x), least(digits, 30)::int);
END
$$;
