-- needs: is_number, text_real
-- The number that a text is as a whole, with space around it; NULL where it is none.
CREATE OR REPLACE FUNCTION outgrow.moment_amount(x text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ '^[+-]?[0-9]{1,15}$' THEN
    RETURN x;
  ELSIF outgrow.is_number(x) THEN
    RETURN outgrow.text_real(x);
  END IF;
  RETURN NULL;
END
$$;
