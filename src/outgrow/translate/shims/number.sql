-- A value of NUMERIC affinity: an integer (scale 0) where it is integral, else a real.
CREATE OR REPLACE FUNCTION outgrow.number(x numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN x = trunc(x) AND abs(x) < 9223372036854775808 THEN trunc(x)
    WHEN x = -9223372036854775808 AND scale(x) = 0 THEN x
    WHEN x IN ('Infinity', '-Infinity') THEN x
    ELSE trim_scale(x) + 0.0
  END;
END
$$;
