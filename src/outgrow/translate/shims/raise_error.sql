-- An error that is about the statement, not about its rows.
CREATE OR REPLACE FUNCTION outgrow.raise_error(message text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION '%', message USING ERRCODE = 'feature_not_supported';
END
$$;
