-- needs: any_number, any_numeric_affinity, store_any_shown, store_refused
-- A value of any class for a numeric column; only a numeric affinity makes a number of a text.
CREATE OR REPLACE FUNCTION outgrow.store_any_numeric(v jsonb, affinity text, place text)
RETURNS numeric LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := v;
BEGIN
  IF affinity IN ('REAL', 'NUMERIC', 'INTEGER') THEN
    stored := outgrow.any_numeric_affinity(v);
  END IF;
  IF jsonb_typeof(stored) = 'number' OR jsonb_typeof(stored) = 'object' AND stored ? 'real' THEN
    RETURN outgrow.any_number(stored);
  END IF;
  PERFORM outgrow.store_refused(outgrow.store_any_shown(v), 'numeric', place);
END
$$;
