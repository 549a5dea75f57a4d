-- A number as a moment: a Julian day, unless the first modifier makes it seconds since 1970.
CREATE OR REPLACE FUNCTION outgrow.moment_raw(x double precision) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY[CASE WHEN x >= 0 AND x < 5373484.5 THEN floor(x * 86400000 + 0.5) END,
    0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, x, NULL];
END
$$;
