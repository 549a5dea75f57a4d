-- needs: store_refused
-- An integer for a timestamp column that holds times counted from 1970, so many a second.
CREATE OR REPLACE FUNCTION outgrow.store_epoch(x bigint, unit int, place text)
RETURNS timestamp LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  days bigint := floor(x::numeric / unit / 86400);
BEGIN
  -- The years 1 to 9999.
  IF days < -719162 OR days > 2932896 THEN
    PERFORM outgrow.store_refused('the integer ' || x::text, 'a time counted from 1970', place);
  END IF;
  RETURN timestamp '1970-01-01' + days::int * interval '1 day'
    + (x - days * 86400 * unit) * (1000000 / unit) * interval '1 microsecond';
END
$$;
