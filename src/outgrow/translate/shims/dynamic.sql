-- A real as a numeric of scale 1 or more: the scale tells SQLite's storage class.
-- From 1e15 to 2^64 the digits are exact, so that comparing with a 64-bit integer is.
CREATE OR REPLACE FUNCTION outgrow.dynamic(x double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN x IN ('Infinity', '-Infinity') THEN x::numeric
    WHEN abs(x) < 1e15 OR abs(x) >= 1.8e19 THEN x::text::numeric + 0.0
    WHEN abs(x) < 9e15 THEN x::bigint::numeric + (x - x::bigint)::text::numeric + 0.0
    ELSE (x / 4)::bigint::numeric * 4 + 0.0
  END
$$;
