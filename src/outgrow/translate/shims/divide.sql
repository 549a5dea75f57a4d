-- needs: dynamic
-- Two numbers of either class: integers divide towards zero, by zero gives NULL.
CREATE OR REPLACE FUNCTION outgrow.divide(x numeric, y numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN y = 0 THEN NULL
    WHEN scale(x) = 0 AND scale(y) = 0 AND NOT (x = -9223372036854775808 AND y = -1)
      THEN div(x, y)
    ELSE outgrow.dynamic(NULLIF(x::double precision / y::double precision, 'NaN'))
  END
$$;
