-- needs: integer_of_text
-- The integer that numeric affinity makes of a text; an error where it makes none.
CREATE OR REPLACE FUNCTION outgrow.integer_spelled(x text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  spelled bigint := outgrow.integer_of_text(x);
BEGIN
  IF spelled IS NULL THEN
    RAISE EXCEPTION 'the text % is no integer', quote_literal(left(x, 80))
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN spelled;
END
$$;
