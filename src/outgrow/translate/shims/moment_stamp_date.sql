-- needs: moment_moved, moment_printed, moment_stamp, moment_walked
-- date(), time() or datetime() of a timestamp of the years 1 to 9999; utc: whether its text says so.
CREATE OR REPLACE FUNCTION outgrow.moment_stamp_date(
  part text, x timestamp, utc boolean, modifiers text[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stamp timestamp := outgrow.moment_walked(x, modifiers);
BEGIN
  IF stamp IS NOT NULL THEN
    RETURN to_char(stamp, CASE part WHEN 'date' THEN 'YYYY-MM-DD' WHEN 'time' THEN 'HH24:MI:SS'
      ELSE 'YYYY-MM-DD HH24:MI:SS' END);
  END IF;
  RETURN outgrow.moment_printed(part,
    outgrow.moment_moved(outgrow.moment_stamp(x, utc), modifiers));
END
$$;
