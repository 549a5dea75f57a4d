-- needs: moment_civil, moment_sum
-- timediff(): what to add to the second moment to come to the first, in years and months as far as
-- they go, the rest in days and time. https://www.sqlite.org/lang_datefunc.html#tmdif
CREATE OR REPLACE FUNCTION outgrow.moment_difference(a double precision[], b double precision[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  sign int := CASE WHEN a[1] >= b[1] THEN 1 ELSE -1 END;
  civil_a int[] := CASE WHEN a[5] IS NULL THEN outgrow.moment_civil(a[1]::bigint) ELSE a[5:7] END;
  civil_b int[] := CASE WHEN b[5] IS NULL THEN outgrow.moment_civil(b[1]::bigint) ELSE b[5:7] END;
  clock double precision[] := CASE WHEN b[8] IS NULL
    THEN ARRAY[0, 0, mod(b[1]::bigint + 43200000, 86400000) / 1000.0] ELSE b[8:10] END;
  months int := sign * ((civil_a[1] - civil_b[1]) * 12 + civil_a[2] - civil_b[2]);
  moved bigint := b[1];
  rest bigint;
BEGIN
  IF months <> 0 THEN
    civil_b[1:2] := civil_a[1:2];
    moved := outgrow.moment_sum(civil_b, clock, 0);
  END IF;
  WHILE sign * (a[1]::bigint - moved) < 0 LOOP
    months := months - 1;
    civil_b[2] := civil_b[2] - sign;
    IF civil_b[2] NOT BETWEEN 1 AND 12 THEN
      civil_b[1] := civil_b[1] - sign;
      civil_b[2] := civil_b[2] + sign * 12;
    END IF;
    moved := outgrow.moment_sum(civil_b, clock, 0);
  END LOOP;
  rest := sign * (a[1]::bigint - moved);
  RETURN CASE sign WHEN 1 THEN '+' ELSE '-' END
    || lpad((months / 12)::text, greatest(4, length((months / 12)::text)), '0')
    || '-' || lpad((months % 12)::text, 2, '0')
    || '-' || lpad((rest / 86400000)::text, 2, '0')
    || to_char(time '00:00' + rest % 86400000 * interval '1 millisecond', ' HH24:MI:SS.MS');
END
$$;
