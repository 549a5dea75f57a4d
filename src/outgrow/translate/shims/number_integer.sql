-- CAST of a number of either class to INTEGER: towards zero, clamped.
CREATE OR REPLACE FUNCTION outgrow.number_integer(x numeric) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN greatest(least(trunc(x), 9223372036854775807), -9223372036854775808)::bigint;
END
$$;
