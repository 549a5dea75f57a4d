-- needs: any_text, number_integer, text_integer
-- A value of any class as the integer that CAST gives: a text by the digits that it starts with.
CREATE OR REPLACE FUNCTION outgrow.any_integer(v jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'number' THEN RETURN outgrow.number_integer(v::numeric); END IF;
  IF jsonb_typeof(v) = 'object' AND v ? 'real' THEN
    RETURN outgrow.number_integer((v ->> 'real')::numeric);
  END IF;
  RETURN outgrow.text_integer(outgrow.any_text(v));
END
$$;
