-- needs: moment_moved, moment_plain, moment_printed, moment_read, moment_walked
-- date(), time() or datetime() of a text.
CREATE OR REPLACE FUNCTION outgrow.moment_date(part text, x text, modifiers text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stamp timestamp := outgrow.moment_plain(x);
BEGIN
  IF modifiers <> '{}' THEN stamp := outgrow.moment_walked(stamp, modifiers); END IF;
  IF stamp IS NOT NULL THEN
    RETURN to_char(stamp, CASE part WHEN 'date' THEN 'YYYY-MM-DD' WHEN 'time' THEN 'HH24:MI:SS'
      ELSE 'YYYY-MM-DD HH24:MI:SS' END);
  END IF;
  RETURN outgrow.moment_printed(part, outgrow.moment_moved(outgrow.moment_read(x), modifiers));
END
$$;
