-- needs: decimals
-- A real as a numeric of scale 1 or more: the scale tells SQLite's storage class.
-- From 1e15 to 2^64 the digits are exact, so that comparing with a 64-bit integer is.
CREATE OR REPLACE FUNCTION outgrow.dynamic(x double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  short text := x::text;
BEGIN
  IF abs(x) >= 1e15 AND abs(x) < 1.8e19 THEN
    IF abs(x) < 9007199254740992 THEN
      RETURN x::bigint::numeric + (x - x::bigint)::text::numeric + 0.0;
    END IF;
    -- Even numbers, from 2^62 on multiples of 1024.
    RETURN (x / 2)::bigint::numeric * 2 + 0.0;
  END IF;
  IF x IN ('Infinity', '-Infinity') THEN RETURN x::numeric; END IF;
  -- With extra_float_digits below 1 PostgreSQL prints fewer digits than the number has.
  IF short::double precision = x THEN RETURN short::numeric + 0.0; END IF;
  RETURN outgrow.decimals(x) + 0.0;
END
$$;
