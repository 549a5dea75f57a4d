-- needs: json_valid, store_refused
-- A text for a json column.
CREATE OR REPLACE FUNCTION outgrow.store_json(x text, place text) RETURNS json
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF NOT outgrow.json_valid(x) THEN
    PERFORM outgrow.store_refused('the text ' || quote_literal(left(x, 80)), 'json', place);
  END IF;
  RETURN x;
END
$$;
