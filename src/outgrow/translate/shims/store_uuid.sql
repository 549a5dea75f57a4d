-- needs: store_refused
-- A text for a uuid column: spelled as PostgreSQL gives it back.
CREATE OR REPLACE FUNCTION outgrow.store_uuid(x text, place text) RETURNS uuid
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    PERFORM outgrow.store_refused('the text ' || quote_literal(left(x, 80)), 'uuid', place);
  END IF;
  RETURN x;
END
$$;
