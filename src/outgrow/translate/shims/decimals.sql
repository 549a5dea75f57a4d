-- needs: exact
-- The 18 or 19 digits that SQLite works with when it prints or rounds a double.
CREATE OR REPLACE FUNCTION outgrow.decimals(x double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  value numeric := outgrow.exact(x);
  power int := (('x' || encode(float8send(x), 'hex'))::bit(64)::bigint >> 52) & 2047;
BEGIN
  IF power = 0 THEN
    -- A subnormal number.
    power := floor(log(2, abs(value))) + 1023;
  END IF;
  RETURN round(value, 17 - (((power - 1023) * 78913) >> 18));
END
$$;
