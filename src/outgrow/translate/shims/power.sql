-- power(x, y) as the C library has it: NULL for a negative x and a y that is no integer, infinity
-- or 0 where PostgreSQL raises an error. https://www.sqlite.org/lang_mathfunc.html#pow
CREATE OR REPLACE FUNCTION outgrow.power(x double precision, y double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  is_odd boolean := abs(y) < 9007199254740992 AND trunc(y) = y AND trunc(y / 2) <> y / 2;
  size double precision;
BEGIN
  IF x IN (0, 'Infinity', '-Infinity') AND y <> 0 THEN
    size := CASE WHEN (x = 0) = (y < 0) THEN 'Infinity'::double precision ELSE 0 END;
    RETURN CASE WHEN is_odd AND x::text LIKE '-%' THEN -size ELSE size END;
  END IF;
  IF y <> 0 AND abs(y) < 'Infinity' THEN
    IF x < 0 AND trunc(y) <> y THEN RETURN NULL; END IF;
    size := greatest(least(y, 1e300), -1e300) * ln(abs(x));
    IF size < -745.2 THEN RETURN 0; END IF;
    IF size > 709.8 THEN
      RETURN CASE WHEN x < 0 AND is_odd THEN '-Infinity' ELSE 'Infinity' END;
    END IF;
  END IF;
  RETURN power(x, y);
END
$$;
