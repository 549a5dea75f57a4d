-- needs: double_below
-- The least double that is not less than an integer.
CREATE OR REPLACE FUNCTION outgrow.double_above(x bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN x = -9223372036854775808 THEN x::double precision
    ELSE - outgrow.double_below(- x)
  END
$$;
