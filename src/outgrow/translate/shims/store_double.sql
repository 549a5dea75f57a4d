-- needs: double_equal, store_refused
-- An integer for a double precision column that keeps integers as they are. The least one reads as
-- a real: SQLite makes no integer of -9223372036854775808.0.
CREATE OR REPLACE FUNCTION outgrow.store_double(x bigint, place text) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF outgrow.double_equal(x) = 'NaN' OR x = -9223372036854775808 THEN
    PERFORM outgrow.store_refused('the integer ' || x::text, 'double precision', place);
  END IF;
  RETURN x;
END
$$;
