-- needs: dynamic
-- A sum of numbers of either class: a real is what a double can hold, NULL that of infinities.
CREATE OR REPLACE FUNCTION outgrow.rounded(x numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN x = 'NaN' THEN NULL WHEN scale(x) = 0 THEN x ELSE outgrow.dynamic(x::double precision) END;
END
$$;
