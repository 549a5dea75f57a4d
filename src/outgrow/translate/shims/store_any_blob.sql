-- needs: store_any_shown, store_refused
-- A value of any class for a bytea column.
CREATE OR REPLACE FUNCTION outgrow.store_any_blob(v jsonb, place text) RETURNS bytea
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN
    RETURN decode(v ->> 'blob', 'hex');
  END IF;
  PERFORM outgrow.store_refused(outgrow.store_any_shown(v), 'bytea', place);
END
$$;
