-- RAISE(ROLLBACK, message) in a trigger: an error of class 23 whose code tells a connection to
-- roll the transaction back.
CREATE OR REPLACE FUNCTION outgrow.raise_rollback(message text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION '%', message USING ERRCODE = '23R01';
END
$$;
