-- needs: moment_moved, moment_plain, moment_read, moment_walked, moment_written
-- strftime() of a text; "template" is the same format for to_char, '' where there is none.
CREATE OR REPLACE FUNCTION outgrow.moment_strftime(
  format text, template text, x text, modifiers text[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stamp timestamp;
BEGIN
  IF template <> '' AND template NOT LIKE '%MS%' THEN
    stamp := outgrow.moment_plain(x);
    IF modifiers <> '{}' THEN stamp := outgrow.moment_walked(stamp, modifiers); END IF;
    IF stamp IS NOT NULL THEN RETURN to_char(stamp, template); END IF;
  END IF;
  RETURN outgrow.moment_written(format, template,
    outgrow.moment_moved(outgrow.moment_read(x), modifiers));
END
$$;
