-- A value that a column can't hold, though SQLite stores it: an error, never another value.
CREATE OR REPLACE FUNCTION outgrow.store_refused(shown text, kind text, place text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RAISE EXCEPTION '% is % and can''t hold %', place, kind, shown
    USING ERRCODE = 'integrity_constraint_violation',
      HINT = 'SQLite would store it. Convert the value, or give the column another type.';
END
$$;
