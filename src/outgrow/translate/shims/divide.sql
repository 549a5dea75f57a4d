-- needs: dynamic
-- Two numbers of either class: integers divide towards zero, by zero gives NULL.
CREATE OR REPLACE FUNCTION outgrow.divide(x numeric, y numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF y = 0 THEN RETURN NULL; END IF;
  IF scale(x) = 0 AND scale(y) = 0 AND NOT (x = -9223372036854775808 AND y = -1) THEN
    RETURN div(x, y);
  END IF;
  RETURN outgrow.dynamic(NULLIF(x::double precision / y::double precision, 'NaN'));
END
$$;
