-- needs: dynamic
-- Two numbers of either class: an integer if both are (and 64 bits hold it), else a real.
CREATE OR REPLACE FUNCTION outgrow.multiply(x numeric, y numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF scale(x) = 0 AND scale(y) = 0
    AND x * y BETWEEN -9223372036854775808 AND 9223372036854775807
  THEN
    RETURN x * y;
  END IF;
  RETURN outgrow.dynamic(NULLIF(x::double precision * y::double precision, 'NaN'));
END
$$;
