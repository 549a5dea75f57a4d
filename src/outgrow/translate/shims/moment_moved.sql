-- needs: moment_amount, moment_civil, moment_excess, moment_steps, moment_sum
-- A moment after its modifiers, one after the other, as moment_read describes it; NULL where
-- SQLite does not understand one, or where the years end.
-- https://www.sqlite.org/lang_datefunc.html#modifiers
CREATE OR REPLACE FUNCTION outgrow.moment_moved(moment double precision[], modifiers text[])
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day_ms constant bigint := 86400000;
  last_ms constant bigint := 464269060799999;
  ms bigint;
  utc int;
  subsec int;
  excess int;
  civil int[];
  clock double precision[];
  raw double precision;
  shift int := 0;
  modifier text;
  word text;
  position int := 0;
  steps double precision[];
  number double precision;
  weekday int;
  months int;
BEGIN
  IF modifiers = '{}' AND cardinality(moment) = 4 THEN
    RETURN CASE WHEN moment[1] BETWEEN 0 AND last_ms THEN moment END;
  ELSIF lower(array_to_string(modifiers, '|') COLLATE "C") ~ '[|](?:utc|localtime)(?:[|]|$)' THEN
    -- Where the years ended before, SQLite takes up 2000-01-01 of the application's time zone.
    RAISE EXCEPTION 'modifiers % need the time zone of the application', quote_literal(modifiers)
      USING HINT = 'Convert in the application; the database keeps UTC.';
  END IF;
  ms := moment[1];
  utc := moment[2];
  subsec := moment[3];
  excess := moment[4];
  IF cardinality(moment) > 4 THEN
    IF moment[5] IS NOT NULL THEN civil := moment[5:7]; END IF;
    IF moment[8] IS NOT NULL THEN clock := moment[8:10]; END IF;
    raw := moment[11];
    shift := COALESCE(moment[12], 0);
  END IF;
  FOREACH modifier IN ARRAY modifiers LOOP
    IF modifier IS NULL THEN RETURN NULL; END IF;
    word := lower(modifier COLLATE "C");
    position := position + 1;

    -- What only tells how to take or print the moment.
    IF word IN ('subsec', 'subsecond') THEN
      subsec := 1;
      CONTINUE;
    ELSIF word IN ('utc', 'localtime') THEN
      IF word = 'utc' AND utc = 1 AND position = 1 THEN CONTINUE; END IF;
      RAISE EXCEPTION 'the modifier % needs the time zone of the application', quote_literal(modifier)
        USING HINT = 'Convert in the application; the database keeps UTC.';
    ELSIF word IN ('auto', 'julianday', 'unixepoch') THEN
      IF position > 1 OR raw IS NULL AND word <> 'auto' THEN RETURN NULL; END IF;
      IF word = 'unixepoch' OR raw IS NOT NULL AND ms IS NULL THEN
        number := raw * 1000 + 210866760000000;
        IF word = 'julianday' OR raw > 253402300799 AND word = 'auto'
          OR number < 0 OR number >= last_ms + 1 THEN
          RETURN NULL;
        END IF;
        ms := trunc(number + 0.5);
      END IF;
      raw := NULL;
      CONTINUE;
    ELSIF raw IS NOT NULL THEN
      IF ms IS NULL THEN RETURN NULL; END IF;
      raw := NULL;
    END IF;

    -- What takes the fields as they were spelled.
    IF word LIKE 'start of %' OR word LIKE 'end of %' THEN
      IF civil IS NULL THEN
        civil := CASE WHEN ms IS NULL THEN '{2000,1,1}' ELSE outgrow.moment_civil(ms) END;
        IF civil IS NULL THEN RETURN NULL; END IF;
      END IF;
      ms := NULL;
      shift := 0;
      CASE word
        WHEN 'start of day', 'end of day' THEN NULL;
        WHEN 'start of month' THEN civil[3] := 1;
        WHEN 'start of year' THEN civil[2:3] := '{1,1}';
        WHEN 'end of year' THEN civil[2:3] := '{12,31}';
        WHEN 'end of month' THEN
          civil := ARRAY[civil[1] + civil[2] / 12, civil[2] % 12 + 1, 1];
          ms := outgrow.moment_sum(civil, NULL, 0) - 1;
          IF ms IS NULL THEN RETURN NULL; END IF;
          civil := NULL;
          excess := 0;
        ELSE RETURN NULL;
      END CASE;
      clock := CASE WHEN ms IS NOT NULL THEN NULL WHEN word LIKE 'start %' THEN '{0,0,0}'::double precision[]
        ELSE '{23,59,59.999}' END;
      CONTINUE;
    END IF;

    -- What moves it by months, then by milliseconds.
    steps := NULL;
    IF word LIKE 'weekday %' THEN
      number := outgrow.moment_amount(substr(word, 9));
      IF number IS NULL OR abs(number) >= 7 OR number <> trunc(number) THEN RETURN NULL; END IF;
      shift := 0;
    ELSIF word NOT IN ('floor', 'ceiling') THEN
      steps := outgrow.moment_steps(modifier);
      IF steps IS NULL THEN RETURN NULL; END IF;
      IF steps[3] = 1 THEN excess := 0; END IF;
    END IF;
    IF ms IS NULL AND (steps[1] IS NULL OR steps[3] = 1) THEN
      ms := outgrow.moment_sum(civil, clock, shift);
      IF ms IS NULL THEN RETURN NULL; END IF;
      IF shift <> 0 THEN utc := 1; END IF;
      IF shift <> 0 OR clock[1] = 24 THEN
        civil := NULL;
        clock := NULL;
        shift := 0;
      END IF;
    END IF;
    IF steps[1] IS NOT NULL THEN
      IF civil IS NULL THEN
        civil := CASE WHEN ms IS NULL THEN '{2000,1,1}' ELSE outgrow.moment_civil(ms) END;
        IF civil IS NULL THEN RETURN NULL; END IF;
      END IF;
      IF clock IS NULL AND ms IS NOT NULL THEN
        clock := ARRAY[0, 0, (ms + 43200000) % day_ms / 1000.0];
      END IF;
      months := civil[1] * 12 + civil[2] - 1 + steps[1]::int;
      civil[1] := floor(months / 12.0);
      civil[2] := months - civil[1] * 12 + 1;
      excess := outgrow.moment_excess(civil[1], civil[2], civil[3]);
      ms := outgrow.moment_sum(civil, clock, shift) + steps[2]::bigint;
      IF shift <> 0 THEN utc := 1; END IF;
    ELSIF steps IS NOT NULL THEN
      ms := ms + steps[2]::bigint;
    ELSIF word = 'floor' THEN
      ms := ms - excess * day_ms;
    ELSIF word = 'ceiling' THEN
      excess := 0;
    ELSE
      IF civil IS NULL AND ms NOT BETWEEN 0 AND last_ms THEN RETURN NULL; END IF;
      weekday := (ms + 129600000) / day_ms % 7;
      -- A minus, of 0 too, goes back.
      weekday := abs(number) - weekday;
      ms := ms + day_ms * CASE
        WHEN word LIKE '%-%' AND weekday > 0 THEN weekday - 7
        WHEN word NOT LIKE '%-%' AND weekday < 0 THEN weekday + 7
        ELSE weekday END;
    END IF;
    IF ms IS NULL THEN RETURN NULL; END IF;
    civil := NULL;
    clock := NULL;
    shift := 0;
  END LOOP;

  IF ms IS NULL THEN
    ms := CASE WHEN raw IS NULL THEN outgrow.moment_sum(civil, clock, shift) END;
  END IF;
  IF ms IS NULL OR ms NOT BETWEEN 0 AND last_ms THEN RETURN NULL; END IF;
  IF civil[3] > 28 AND position = 0 OR shift <> 0 OR clock[1] = 24 THEN
    civil := NULL;
    IF shift <> 0 OR clock[1] = 24 THEN clock := NULL; END IF;
  END IF;
  IF civil IS NULL AND clock IS NULL THEN
    RETURN ARRAY[ms, utc, subsec, excess];
  END IF;
  RETURN ARRAY[ms, utc, subsec, excess, civil[1], civil[2], civil[3], clock[1], clock[2], clock[3]];
END
$$;
