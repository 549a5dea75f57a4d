-- needs: any_of_number, is_number, number, text_number
-- Numeric affinity: a text that is a number as a whole becomes one.
-- https://www.sqlite.org/datatype3.html#type_affinity
CREATE OR REPLACE FUNCTION outgrow.any_numeric_affinity(v jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'string' AND outgrow.is_number(v #>> '{}')
      THEN outgrow.any_of_number(outgrow.number(outgrow.text_number(v #>> '{}')))
    ELSE v
  END;
END
$$;
