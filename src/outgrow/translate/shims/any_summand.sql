-- needs: text_summand, any_text
-- A value of any class as SUM takes it: a text that is no integer as a whole counts as a real.
CREATE OR REPLACE FUNCTION outgrow.any_summand(v jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN jsonb_typeof(v) = 'number' THEN v::numeric
    WHEN jsonb_typeof(v) = 'object' AND v ? 'real' THEN (v ->> 'real')::numeric
    WHEN jsonb_typeof(v) = 'string' THEN outgrow.text_summand(v #>> '{}')
    ELSE outgrow.text_number(outgrow.any_text(v)) + 0.0
  END
$$;
