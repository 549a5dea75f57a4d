-- needs: moment_moved, moment_stamp, moment_walked, moment_written
-- strftime() of a timestamp of the years 1 to 9999; "template" is the same format for to_char, ''
-- where there is none; utc: whether its text says so.
CREATE OR REPLACE FUNCTION outgrow.moment_stamp_strftime(
  format text, template text, x timestamp, utc boolean, modifiers text[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stamp timestamp;
BEGIN
  IF template <> '' AND template NOT LIKE '%MS%' THEN
    stamp := outgrow.moment_walked(x, modifiers);
    IF stamp IS NOT NULL THEN RETURN to_char(stamp, template); END IF;
  END IF;
  RETURN outgrow.moment_written(format, template,
    outgrow.moment_moved(outgrow.moment_stamp(x, utc), modifiers));
END
$$;
