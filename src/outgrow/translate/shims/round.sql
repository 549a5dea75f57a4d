-- round(x, n): without digits by adding a half, else half away from zero on the exact decimals.
-- https://www.sqlite.org/lang_corefunc.html#round
CREATE OR REPLACE FUNCTION outgrow.round(x double precision, digits bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN abs(x) >= 4503599627370496 THEN x
    WHEN digits <= 0 THEN trunc(x + CASE WHEN x < 0 THEN -0.5 ELSE 0.5 END)
    ELSE (round(
        trunc(x)::numeric
        + trunc(high)::numeric * 4.656612873077392578125e-10
        + trunc((high - trunc(high)) * 2147483648)::numeric * 2.16840434497100886801490560173988342285156250e-19
        + ((high - trunc(high)) * 2147483648 - trunc((high - trunc(high)) * 2147483648))::text::numeric
          * 2.16840434497100886801490560173988342285156250e-19,
        least(digits, 30)::int))::double precision
  END
  FROM (SELECT (x - trunc(x)) * 2147483648 AS high) AS parts
$$;
