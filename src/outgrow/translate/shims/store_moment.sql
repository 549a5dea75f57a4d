-- needs: store_refused, time_text
-- A text for a timestamp or date column whose texts have one shape: the moment that gives the
-- very text back.
CREATE OR REPLACE FUNCTION outgrow.store_moment(x text, shape text, place text)
RETURNS timestamp LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(x,
    '^([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})'
    '(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]{1,6})?))?)?');
  moment timestamp;
BEGIN
  IF part[1] <> '0000' THEN
    -- Sums that can't fail: what they carry over shows in the text.
    moment := make_date(part[1]::int, part[2]::int, 1) + (part[3]::int - 1)
      + make_interval(hours => COALESCE(part[4]::int, 0), mins => COALESCE(part[5]::int, 0),
          secs => COALESCE(part[6]::double precision, 0));
    IF outgrow.time_text(moment, shape) = x THEN RETURN moment; END IF;
  END IF;
  PERFORM outgrow.store_refused(
    'the text ' || quote_literal(left(x, 80)), format('a time spelled %s', shape), place);
END
$$;
