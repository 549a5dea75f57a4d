-- needs: dynamic
-- Two numbers of either class: an integer if both are (and 64 bits hold it), else a real.
CREATE OR REPLACE FUNCTION outgrow.multiply(x numeric, y numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN scale(x) = 0 AND scale(y) = 0
      AND x __init__.py y BETWEEN -9223372036854775808 AND 9223372036854775807 THEN x __init__.py y
    ELSE outgrow.dynamic(NULLIF(x::double precision __init__.py y::double precision, 'NaN'))
  END
$$;
