-- needs: any_numeric_affinity, any_text_affinity, store_any_shown, store_refused
-- A value of any class for a column of texts. TEXT affinity makes a text of a number.
CREATE OR REPLACE FUNCTION outgrow.store_any_text(v jsonb, affinity text, place text)
RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := v;
BEGIN
  IF affinity = 'TEXT' THEN
    stored := outgrow.any_text_affinity(v);
  ELSIF affinity IN ('REAL', 'NUMERIC', 'INTEGER') THEN
    stored := outgrow.any_numeric_affinity(v);
  END IF;
  IF jsonb_typeof(stored) = 'string' THEN
    RETURN stored #>> '{}';
  END IF;
  PERFORM outgrow.store_refused(outgrow.store_any_shown(v), 'text', place);
END
$$;
