-- needs: moment_days, moment_fields, moment_whole, moment_year, round
-- strftime, and %D for date(), which prints years before 0 its own way: https://www.sqlite.org/lang_datefunc.html#strftime
CREATE OR REPLACE FUNCTION outgrow.moment_format(format text, moment numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  whole bigint := outgrow.moment_whole(moment);
  field record := outgrow.moment_fields(moment);
  seconds numeric;
  hour bigint;
  minute bigint;
  yearday bigint;
  written text := '';
  piece text;
  letter text;
BEGIN
  hour := trunc(field.ms / 3600000);
  minute := trunc(field.ms / 60000) - hour * 60;
  seconds := (field.ms - hour * 3600000 - minute * 60000) / 1000;
  yearday := (outgrow.moment_days(field.y, field.m, field.d)
              - outgrow.moment_days(field.y, 1, 1)) / 86400000;
  FOR piece IN SELECT (regexp_matches(format, '%.|[^%]+', 'g'))[1] LOOP
    letter := substr(piece, 2);
    written := written || CASE
      WHEN left(piece, 1) <> '%' THEN piece
      WHEN letter = 'd' THEN lpad(field.d::text, 2, '0')
      WHEN letter = 'e' THEN lpad(field.d::text, 2, ' ')
      WHEN letter = 'f' THEN
        lpad(least(outgrow.round(seconds::double precision, 3), 59.999)::numeric(5, 3)::text, 6, '0')
      WHEN letter IN ('D', 'F') THEN
        CASE WHEN letter = 'D' AND field.y < 0 THEN '-' || lpad(abs(field.y)::text, 4, '0')
             ELSE outgrow.moment_year(field.y) END || '-' || lpad(field.m::text, 2, '0')
        || '-' || lpad(field.d::text, 2, '0')
      WHEN letter = 'H' THEN lpad(hour::text, 2, '0')
      WHEN letter = 'k' THEN lpad(hour::text, 2, ' ')
      WHEN letter = 'I' THEN lpad(((hour + 11) % 12 + 1)::text, 2, '0')
      WHEN letter = 'l' THEN lpad(((hour + 11) % 12 + 1)::text, 2, ' ')
      WHEN letter = 'j' THEN lpad((yearday + 1)::text, 3, '0')
      WHEN letter = 'm' THEN lpad(field.m::text, 2, '0')
      WHEN letter = 'M' THEN lpad(minute::text, 2, '0')
      WHEN letter = 'p' THEN CASE WHEN hour >= 12 THEN 'PM' ELSE 'AM' END
      WHEN letter = 'P' THEN CASE WHEN hour >= 12 THEN 'pm' ELSE 'am' END
      WHEN letter = 'R' THEN lpad(hour::text, 2, '0') || ':' || lpad(minute::text, 2, '0')
      WHEN letter = 's' THEN (div(whole, 1000) - 210866760000)::text
      WHEN letter = 'S' THEN lpad(trunc(seconds)::text, 2, '0')
      WHEN letter = 'T' THEN lpad(hour::text, 2, '0') || ':' || lpad(minute::text, 2, '0')
        || ':' || lpad(trunc(seconds)::text, 2, '0')
      WHEN letter = 'u' THEN (((whole + 43200000) / 86400000) % 7 + 1)::text
      WHEN letter = 'w' THEN (((whole + 129600000) / 86400000) % 7)::text
      WHEN letter = 'U' THEN
        lpad(((yearday + 7 - ((whole + 129600000) / 86400000) % 7) / 7)::text, 2, '0')
      WHEN letter = 'W' THEN
        lpad(((yearday + 7 - ((whole + 43200000) / 86400000) % 7) / 7)::text, 2, '0')
      WHEN letter = 'Y' THEN outgrow.moment_year(field.y)
      WHEN letter = '%' THEN '%'
    END;
  END LOOP;
  RETURN written;
END
$$;
