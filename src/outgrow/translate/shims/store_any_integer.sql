-- needs: any_numeric_affinity, store_any_shown, store_integer, store_refused
-- A value of any class for a bigint column. converts: the column has a numeric affinity.
CREATE OR REPLACE FUNCTION outgrow.store_any_integer(v jsonb, converts boolean, place text)
RETURNS bigint LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := v;
BEGIN
  IF converts THEN
    stored := outgrow.any_numeric_affinity(v);
  END IF;
  IF jsonb_typeof(stored) = 'number' THEN
    RETURN outgrow.store_integer(stored::numeric, converts, place);
  END IF;
  PERFORM outgrow.store_refused(outgrow.store_any_shown(v), 'bigint', place);
END
$$;
