-- needs: store_refused
-- An integer for a boolean column: 0 or 1.
CREATE OR REPLACE FUNCTION outgrow.store_boolean(x bigint, place text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x NOT IN (0, 1) THEN
    PERFORM outgrow.store_refused('the integer ' || x::text, 'boolean', place);
  END IF;
  RETURN x = 1;
END
$$;
