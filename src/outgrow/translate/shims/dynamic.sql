-- A real as a numeric of scale 1 or more: the scale tells SQLite's storage class.
-- Below 2^63 the digits are exact, so that comparing with an integer is.
CREATE OR REPLACE FUNCTION outgrow.dynamic(x double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN x IN ('Infinity', '-Infinity') THEN x::numeric
    WHEN abs(x) < 1e15 OR abs(x) >= 9.2e18 THEN x::text::numeric + 0.0
    ELSE x::bigint::numeric + (x - trunc(x))::text::numeric + 0.0
  END
$$;
