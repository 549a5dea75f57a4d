-- Takes a foreign key away, whatever its name.
CREATE OR REPLACE FUNCTION outgrow.drop_foreign_key(child text, parent text, columns text[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT o.conname FROM pg_catalog.pg_constraint o
    WHERE o.contype = 'f' AND o.conrelid = child::regclass AND o.confrelid = parent::regclass
      AND columns = ARRAY(
        SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number
        ORDER BY k.place)
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', child, name);
  END LOOP;
END
$$;
