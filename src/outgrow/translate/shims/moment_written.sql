-- needs: moment_civil, moment_day, moment_julian, moment_timestamp, moment_year, round
-- strftime(); "template" is the same format for to_char, '' where there is none. NULL for a letter
-- that SQLite does not know. https://www.sqlite.org/lang_datefunc.html#strftime
CREATE OR REPLACE FUNCTION outgrow.moment_written(
  format text, template text, moment double precision[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day_ms constant bigint := 86400000;
  ms bigint := moment[1];
  stamp timestamp;
  civil int[];
  of_day int := mod(ms + 43200000, day_ms);
  midnight bigint := ms - of_day;
  weekday int := mod(ms + 43200000, 7 * day_ms) / day_ms;
  yearday int;
  thursday int[];
  rest text := format;
  next int;
  written text := '';
  piece text;
BEGIN
  IF template <> '' AND moment[5] IS NULL THEN
    stamp := outgrow.moment_timestamp(ms);
    IF stamp IS NOT NULL AND (moment[10] IS NULL OR template NOT LIKE '%MS%') THEN
      RETURN to_char(stamp, template);
    END IF;
  END IF;
  civil := CASE WHEN moment[5] IS NULL THEN outgrow.moment_civil(ms) ELSE moment[5:7] END;
  yearday := (midnight - outgrow.moment_day(civil[1], 1, 1)) / day_ms;
  LOOP
    next := strpos(rest, '%');
    EXIT WHEN next = 0;
    written := written || left(rest, next - 1);
    piece := CASE substr(rest, next + 1, 1)
      WHEN 'd' THEN lpad(civil[3]::text, 2, '0')
      WHEN 'e' THEN lpad(civil[3]::text, 2, ' ')
      WHEN 'f' THEN CASE WHEN moment[10] IS NULL
        THEN lpad((of_day % 60000 / 1000.0)::numeric(5, 3)::text, 6, '0')
        ELSE lpad(outgrow.round(moment[10], 3)::numeric(5, 3)::text, 6, '0') END
      WHEN 'F' THEN outgrow.moment_year(civil[1])
        || '-' || lpad(civil[2]::text, 2, '0') || '-' || lpad(civil[3]::text, 2, '0')
      WHEN 'H' THEN lpad((of_day / 3600000)::text, 2, '0')
      WHEN 'k' THEN lpad((of_day / 3600000)::text, 2, ' ')
      WHEN 'I' THEN lpad(((of_day / 3600000 + 11) % 12 + 1)::text, 2, '0')
      WHEN 'l' THEN lpad(((of_day / 3600000 + 11) % 12 + 1)::text, 2, ' ')
      WHEN 'j' THEN lpad((yearday + 1)::text, 3, '0')
      WHEN 'J' THEN outgrow.moment_julian(ms)
      WHEN 'm' THEN lpad(civil[2]::text, 2, '0')
      WHEN 'M' THEN lpad((of_day / 60000 % 60)::text, 2, '0')
      WHEN 'p' THEN CASE WHEN of_day >= 43200000 THEN 'PM' ELSE 'AM' END
      WHEN 'P' THEN CASE WHEN of_day >= 43200000 THEN 'pm' ELSE 'am' END
      WHEN 'R' THEN to_char(time '00:00' + of_day * interval '1 millisecond', 'HH24:MI')
      WHEN 's' THEN CASE WHEN moment[3] = 1
        THEN ((ms - 210866760000000) / 1000.0)::numeric(18, 3)::text
        ELSE (ms / 1000 - 210866760000)::text END
      WHEN 'S' THEN lpad((of_day / 1000 % 60)::text, 2, '0')
      WHEN 'T' THEN to_char(time '00:00' + of_day * interval '1 millisecond', 'HH24:MI:SS')
      WHEN 'u' THEN (weekday + 1)::text
      WHEN 'w' THEN ((weekday + 1) % 7)::text
      WHEN 'U' THEN lpad(((yearday + 7 - (weekday + 1) % 7) / 7)::text, 2, '0')
      WHEN 'W' THEN lpad(((yearday + 7 - weekday) / 7)::text, 2, '0')
      WHEN 'Y' THEN outgrow.moment_year(civil[1])
      WHEN '%' THEN '%'
    END;
    IF piece IS NULL THEN
      -- The week belongs to the year that its Thursday is in.
      thursday := outgrow.moment_civil(midnight + (3 - weekday) * day_ms);
      piece := CASE substr(rest, next + 1, 1)
        WHEN 'G' THEN outgrow.moment_year(thursday[1])
        WHEN 'g' THEN CASE WHEN abs(thursday[1] % 100) > 9 OR thursday[1] % 100 < 0
          THEN (thursday[1] % 100)::text ELSE '0' || thursday[1] % 100 END
        WHEN 'V' THEN lpad(((midnight + (3 - weekday) * day_ms
          - outgrow.moment_day(thursday[1], 1, 1)) / day_ms / 7 + 1)::text, 2, '0')
      END;
      IF piece IS NULL THEN RETURN NULL; END IF;
    END IF;
    written := written || piece;
    rest := substr(rest, next + 2);
  END LOOP;
  RETURN written || rest;
END
$$;
