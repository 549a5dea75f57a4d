-- The rowid that a row is given, after which the next automatic one comes later, as in SQLite:
-- the sequence is moved only where it is behind, one session at a time.
-- https://www.sqlite.org/autoinc.html
CREATE OR REPLACE FUNCTION outgrow.explicit_id(given bigint, relation text, name text)
RETURNS bigint LANGUAGE plpgsql VOLATILE STRICT AS $$
DECLARE
  sequence regclass := pg_get_serial_sequence(relation, name);
  lock bigint := (1869968498::bigint << 32) | sequence::oid::bigint;
BEGIN
  IF given > COALESCE(pg_sequence_last_value(sequence), 0) THEN
    IF NOT has_sequence_privilege(sequence, 'UPDATE') THEN
      RAISE insufficient_privilege USING MESSAGE = format('UPDATE on %s is needed', sequence);
    END IF;
    PERFORM pg_advisory_lock(lock);
    IF given > COALESCE(pg_sequence_last_value(sequence), 0) THEN
      PERFORM setval(sequence, given);
    END IF;
    PERFORM pg_advisory_unlock(lock);
  END IF;
  RETURN given;
END
$$;
