-- RAISE(ABORT, message) in a trigger.
CREATE OR REPLACE FUNCTION outgrow.raise_abort(message text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION '%', message USING ERRCODE = 'integrity_constraint_violation';
END
$$;
