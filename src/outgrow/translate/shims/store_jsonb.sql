-- needs: jsonb_of, store_refused
-- A text for a jsonb column, which would drop the first of two keys of one name and refuses half a
-- surrogate pair, NUL and numbers beyond its range. What catches errors is not PARALLEL SAFE.
CREATE OR REPLACE FUNCTION outgrow.store_jsonb(x text, place text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN outgrow.jsonb_of(x);
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  PERFORM outgrow.store_refused('the text ' || quote_literal(left(x, 80)), 'jsonb', place);
END
$$;
