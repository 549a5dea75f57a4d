-- needs: real_decode
-- The 18 or 19 digits that SQLite works with when it prints or rounds a double.
CREATE OR REPLACE FUNCTION outgrow.decimals(x double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  decoded bigint[];
BEGIN
  IF x IN (0, 'Infinity', '-Infinity') THEN RETURN x; END IF;
  decoded := outgrow.real_decode(x, 18);
  RETURN (CASE WHEN x < 0 THEN '-' ELSE '' END || decoded[1] || 'e' || decoded[2])::numeric;
END
$$;
