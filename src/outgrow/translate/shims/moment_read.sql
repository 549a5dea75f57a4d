-- needs: moment_amount, moment_clock, moment_excess, moment_plain, moment_raw, moment_stamp, moment_sum
-- A text as a moment, NULL where SQLite reads no time. A moment is an array: 1 milliseconds since
-- noon of -4713-11-24, 2 whether it is known to be UTC, 3 whether milliseconds are printed, 4 how
-- many days 'floor' takes away. Then come fields that SQLite keeps as they were spelled until a
-- modifier needs the whole: 5 year, 6 month, 7 day, 8 hour, 9 minute, 10 second, 11 a number that
-- counts days or seconds, 12 the minutes of an offset not yet subtracted.
-- https://www.sqlite.org/lang_datefunc.html#time_values
CREATE OR REPLACE FUNCTION outgrow.moment_read(x text) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stamp timestamp := outgrow.moment_plain(x);
  sign text := CASE WHEN left(x, 1) = '-' THEN '-' ELSE '' END;
  rest text := x;
  civil int[];
  clock double precision[];
  excess int := 0;
  ms bigint;
BEGIN
  IF stamp IS NOT NULL THEN
    RETURN outgrow.moment_stamp(stamp, right(x, 1) = 'Z');
  END IF;
  IF x ~ '^-?[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])' THEN
    rest := substr(x, length(sign) + 1);
    civil := ARRAY[sign || left(rest, 4), substr(rest, 6, 2), substr(rest, 9, 2)]::int[];
    excess := outgrow.moment_excess(civil[1], civil[2], civil[3]);
    rest := ltrim(substr(rest, 11), E' \t\n\v\f\rT');
    IF rest = '' THEN
      RETURN ARRAY[NULL, 0, 0, excess] || civil::double precision[];
    END IF;
  END IF;
  clock := outgrow.moment_clock(rest);
  IF clock IS NULL THEN
    IF civil IS NOT NULL THEN RETURN NULL; END IF;
    IF lower(x COLLATE "C") IN ('now', 'subsec', 'subsecond') THEN
      RAISE EXCEPTION 'a stored text % is the present moment in SQLite', quote_literal(x);
    END IF;
    RETURN outgrow.moment_raw(outgrow.moment_amount(x));
  ELSIF civil IS NULL THEN
    RETURN ARRAY[NULL, clock[4], 0, 0, NULL, NULL, NULL,
      clock[1], clock[2], clock[3], NULL, clock[5]];
  ELSIF clock[5] = 0 AND clock[1] < 24 THEN
    RETURN ARRAY[NULL, clock[4], 0, excess] || civil::double precision[] || clock[1:3];
  END IF;
  ms := outgrow.moment_sum(civil, clock, clock[5]::int);
  IF ms IS NULL THEN RETURN NULL; END IF;
  RETURN ARRAY[ms,
    greatest(clock[4], (clock[5] <> 0)::int), 0, CASE WHEN clock[1] < 24 THEN excess ELSE 0 END];
END
$$;
