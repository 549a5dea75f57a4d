-- The bits of x moved to the left, or for a negative count to the right: by 64 or more nothing is
-- left but the sign. https://www.sqlite.org/lang_expr.html#operators
CREATE OR REPLACE FUNCTION outgrow.shifted(x bigint, count bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN count >= 64 THEN 0
    WHEN count >= 0 THEN x << count::int
    ELSE x >> -greatest(count, -63)::int
  END;
END
$$;
