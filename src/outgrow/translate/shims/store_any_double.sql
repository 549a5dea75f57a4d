-- needs: any_number, any_numeric_affinity, store_any_shown, store_double, store_refused
-- A value of any class for a double precision column. REAL affinity makes a real of an integer,
-- NUMERIC and INTEGER keep it, and without affinity only a real is a real.
CREATE OR REPLACE FUNCTION outgrow.store_any_double(v jsonb, affinity text, place text)
RETURNS double precision LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := v;
  number numeric;
BEGIN
  IF affinity IN ('REAL', 'NUMERIC', 'INTEGER') THEN
    stored := outgrow.any_numeric_affinity(v);
  END IF;
  IF jsonb_typeof(stored) = 'number' OR jsonb_typeof(stored) = 'object' AND stored ? 'real' THEN
    number := outgrow.any_number(stored);
    IF affinity = 'REAL' OR scale(number) IS DISTINCT FROM 0 THEN
      RETURN number;
    ELSIF affinity IN ('NUMERIC', 'INTEGER') THEN
      RETURN outgrow.store_double(number::bigint, place);
    END IF;
  END IF;
  PERFORM outgrow.store_refused(outgrow.store_any_shown(v), 'double precision', place);
END
$$;
