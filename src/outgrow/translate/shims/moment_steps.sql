-- needs: moment_amount, moment_clock
-- What a modifier adds: 1 months, NULL for none, 2 milliseconds, 3 whether it is a number of units;
-- NULL where it adds nothing. '+1.5 months' → {1,1296000000,1}; '-0001-00-01' → {-12,-86400000,0}.
CREATE OR REPLACE FUNCTION outgrow.moment_steps(modifier text) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number text := split_part(modifier, ' ', 1);
  unit text := lower(ltrim(substr(modifier, length(number) + 1)) COLLATE "C");
  rest text;
  sign int;
  amount double precision;
  months int;
  days int := 0;
  clock double precision[];
BEGIN
  IF right(unit, 1) = 's' THEN unit := left(unit, -1); END IF;
  IF unit IN ('day', 'hour', 'minute', 'second', 'month', 'year') THEN
    amount := CASE WHEN number ~ '^[-+0-9]' THEN outgrow.moment_amount(number) END;
    -- SQLite keeps these limits in single precision.
    IF amount IS NULL OR abs(amount) >= (CASE unit
      WHEN 'day' THEN 5373485 WHEN 'hour' THEN 128969998336 WHEN 'minute' THEN 7737900007424
      WHEN 'second' THEN 464269992787968 WHEN 'month' THEN 176546 ELSE 14713 END) THEN
      RETURN NULL;
    ELSIF unit IN ('month', 'year') THEN
      months := trunc(amount);
    END IF;
    RETURN ARRAY[months * CASE unit WHEN 'year' THEN 12 ELSE 1 END,
      trunc((amount - COALESCE(months, 0)) * 1000 * CASE unit
        WHEN 'day' THEN 86400 WHEN 'hour' THEN 3600 WHEN 'minute' THEN 60
        WHEN 'second' THEN 1 WHEN 'month' THEN 2592000 ELSE 31536000 END
        + CASE WHEN amount < 0 THEN -0.5 ELSE 0.5 END), 1];
  ELSIF modifier ~ '[\t\n\v\f\r].*[a-z]' THEN
    RETURN outgrow.moment_steps(translate(modifier, E'\t\n\v\f\r', '     '));
  END IF;
  sign := CASE WHEN left(modifier, 1) = '-' THEN -1 ELSE 1 END;
  rest := CASE WHEN modifier ~ '^[+-]' THEN substr(modifier, 2) ELSE modifier END;
  IF modifier ~ '^[+-][0-9]{4,5}-(?:0[0-9]|1[01])-(?:[012][0-9]|30)(?:$|[ \t\n\v\f\r][0-9])' THEN
    number := split_part(rest, '-', 1);
    IF number::int > 14712 THEN RETURN NULL; END IF;
    rest := substr(rest, length(number) + 2);
    months := sign * (number::int * 12 + left(rest, 2)::int);
    days := substr(rest, 4, 2);
    rest := substr(rest, 7);
    IF rest = '' THEN RETURN ARRAY[months, sign * days * 86400000::bigint, 0]; END IF;
  END IF;
  clock := outgrow.moment_clock(rest);
  IF clock IS NULL THEN RETURN NULL; END IF;
  -- An offset goes round within the day.
  RETURN ARRAY[months, sign * (days * 86400000::bigint + mod(86400000 + clock[1]::int * 3600000
    + (clock[2] - clock[5])::int * 60000 + trunc(clock[3] * 1000 + 0.5)::int, 86400000)), 0];
END
$$;
