-- needs: exact
-- mod(x, y) of two reals, which has no error of rounding; NULL where it has no value.
-- https://www.sqlite.org/lang_mathfunc.html#mod
CREATE OR REPLACE FUNCTION outgrow.real_remainder(x double precision, y double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF y = 0 OR abs(x) = 'Infinity' THEN RETURN NULL; END IF;
  IF abs(x) < abs(y) THEN RETURN x; END IF;
  RETURN mod(outgrow.exact(x), outgrow.exact(y));
END
$$;
