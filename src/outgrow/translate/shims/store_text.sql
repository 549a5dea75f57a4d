-- needs: is_number, store_refused
-- A text for a text column of numeric affinity, which would make a number of a text that is one.
CREATE OR REPLACE FUNCTION outgrow.store_text(x text, place text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF outgrow.is_number(x) THEN
    PERFORM outgrow.store_refused('the number ' || x, 'text', place);
  END IF;
  RETURN x;
END
$$;
