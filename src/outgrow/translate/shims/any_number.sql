-- needs: any_text, text_number
-- A value of any class as the number that arithmetic takes it for.
CREATE OR REPLACE FUNCTION outgrow.any_number(v jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'number' THEN v::numeric
    WHEN v ? 'real' AND jsonb_typeof(v) = 'object' THEN (v ->> 'real')::numeric
    ELSE outgrow.text_number(outgrow.any_text(v))
  END;
END
$$;
