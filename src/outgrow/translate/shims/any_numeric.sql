-- needs: any_number, any_text, text_numeric
-- CAST of a value of any class to NUMERIC: numbers stay as they are.
CREATE OR REPLACE FUNCTION outgrow.any_numeric(v jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'number' OR (jsonb_typeof(v) = 'object' AND v ? 'real') THEN
    RETURN outgrow.any_number(v);
  END IF;
  RETURN outgrow.text_numeric(outgrow.any_text(v));
END
$$;
