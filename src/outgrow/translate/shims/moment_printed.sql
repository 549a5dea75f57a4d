-- needs: moment_civil, moment_timestamp
-- What date(), time() or datetime() prints of a moment. They write the years before 0 with four
-- digits, unlike strftime().
CREATE OR REPLACE FUNCTION outgrow.moment_printed(part text, moment double precision[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  ms bigint := moment[1];
  stamp timestamp;
  civil int[];
  of_day int;
  day text;
  clock text;
BEGIN
  IF cardinality(moment) = 4 AND moment[3] = 0 THEN
    stamp := outgrow.moment_timestamp(ms);
    IF stamp IS NOT NULL THEN
      RETURN to_char(stamp, CASE part WHEN 'date' THEN 'YYYY-MM-DD' WHEN 'time' THEN 'HH24:MI:SS'
        ELSE 'YYYY-MM-DD HH24:MI:SS' END);
    END IF;
  END IF;
  IF part <> 'time' THEN
    civil := CASE WHEN moment[5] IS NULL THEN outgrow.moment_civil(ms) ELSE moment[5:7] END;
    day := CASE WHEN civil[1] < 0 THEN '-' ELSE '' END || lpad(abs(civil[1])::text, 4, '0')
      || '-' || lpad(civil[2]::text, 2, '0') || '-' || lpad(civil[3]::text, 2, '0');
    IF part = 'date' THEN RETURN day; END IF;
  END IF;
  of_day := mod(ms + 43200000, 86400000);
  clock := to_char(time '00:00' + of_day * interval '1 millisecond',
    CASE WHEN moment[3] = 1 THEN 'HH24:MI:SS.MS' ELSE 'HH24:MI:SS' END);
  RETURN CASE part WHEN 'time' THEN clock ELSE day || ' ' || clock END;
END
$$;
