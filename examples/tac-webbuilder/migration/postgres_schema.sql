-- outgrow init 65d37eb180c7: yours to change, and then left alone
-- PostgreSQL schema of database.db and workflow_history.db
--
-- 27 tables, 47 indexes, 4 views, 4 triggers, in schema public.
-- Written by outgrow 0.1.0 (types: native), for PostgreSQL 15 and later.
--
-- Load it with:  psql -v ON_ERROR_STOP=1 -f THIS_FILE
--
-- It is one transaction: all of it is loaded, or nothing. Where it was loaded before, it is
-- skipped. The tables are empty, and ids begin at 1; outgrow migrate brings the rows and
-- sets the ids past those of SQLite.
--
-- 1. Schema outgrow: functions that do what SQLite's do
-- 2. Tables, each with its keys, checks, comments, indexes and triggers
-- 3. Foreign keys
-- 4. Views, and the triggers on them
-- 5. What PostgreSQL can't hold, and why
-- 6. What it was in SQLite, for outgrow.database
-- 7. The marker: from here on this file is skipped

\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';

SELECT count(*) > 0 AS outgrow_has_marker
FROM pg_catalog.pg_class
WHERE relname = 'schema_loaded' AND relnamespace = pg_catalog.to_regnamespace('outgrow')
\gset
\set outgrow_is_loaded false
\if :outgrow_has_marker
SELECT count(*) > 0 AS outgrow_is_loaded, max(loaded)::timestamptz(0) AS outgrow_since,
    coalesce(max(checksum), '') = '1d8b2739dc9b568c762b497b8e7a03539acc53d4b2efb0c24d172dd0353d6ef4' AS outgrow_is_same
FROM outgrow.schema_loaded
WHERE schema_name = 'public' AND sources = ARRAY['database.db', 'workflow_history.db']
\gset
\endif
\if :outgrow_is_loaded
\if :outgrow_is_same
\echo 'The schema of database.db and workflow_history.db is loaded already, since' :outgrow_since
\else
\echo 'Another version of the schema of database.db and workflow_history.db is loaded already: this one is skipped. It is there since' :outgrow_since
\endif
\else

BEGIN;

SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = pg_catalog;
SET LOCAL transform_null_equals = off;
SET LOCAL default_table_access_method = heap;


-- -----------------------------------------------------------------------------
-- 1. Schema outgrow: functions that do what SQLite's do
-- -----------------------------------------------------------------------------

DO $$ BEGIN PERFORM pg_advisory_xact_lock(8319105); END $$;
CREATE SCHEMA IF NOT EXISTS outgrow;
CREATE TABLE IF NOT EXISTS outgrow.helpers (name text PRIMARY KEY, digest text NOT NULL);
COMMENT ON TABLE outgrow.helpers IS 'The version of each helper function';
-- What each column and each definition was in SQLite.
CREATE TABLE IF NOT EXISTS outgrow.columns (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  run bigint,
  file text NOT NULL,
  source_table text NOT NULL,
  source_column text NOT NULL,
  declared text NOT NULL,
  affinity text NOT NULL,
  source_collation text NOT NULL,
  type text NOT NULL,
  shape text,
  reason text NOT NULL,
  mixed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (schema_name, table_name, column_name)
);
COMMENT ON TABLE outgrow.columns IS 'What each column was in SQLite, and how it spelled its values';
COMMENT ON COLUMN outgrow.columns.run IS 'The migration that brought it; NULL where the application made it';

CREATE TABLE IF NOT EXISTS outgrow.definitions (
  schema_name text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  source_name text NOT NULL,
  source_table text NOT NULL,
  sql text NOT NULL,
  place bigserial,
  PRIMARY KEY (schema_name, kind, name)
);
COMMENT ON TABLE outgrow.definitions IS 'The DDL of each object as SQLite keeps it, in the order in which they were made';

-- Whether numeric affinity makes a number of a text.
-- https://www.sqlite.org/datatype3.html#type_affinity
CREATE OR REPLACE FUNCTION outgrow.is_number(t text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT t ~ '^[ \t\n\v\f\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\n\v\f\r]*$'
$$;

-- The real that a text starts with, 0.0 where it starts with none. Of the digits SQLite reads
-- 19, or 20 where they are below 2^64, and takes the others for zeros.
-- https://www.sqlite.org/floatingpoint.html
CREATE OR REPLACE FUNCTION outgrow.text_real(x text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[];
  digits text;
  taken int;
  power int := 0;
  size numeric;
BEGIN
  IF x ~ '^-?[0-9]{1,9}(\.[0-9]{0,6})?$' THEN RETURN x::double precision; END IF;
  parts := regexp_match(x,
    '^[ \t\n\v\f\r]*([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(?:[eE]([+-]?)0*([0-9]+))?');
  IF parts IS NULL THEN RETURN 0; END IF;
  digits := ltrim(COALESCE(parts[2] || parts[3], parts[4]), '0');
  IF digits = '' THEN RETURN 0; END IF;
  IF parts[6] IS NOT NULL THEN
    power := CASE WHEN length(parts[6]) > 5 THEN '10000' ELSE parts[6] END::int;
    IF parts[5] = '-' THEN power := -power; END IF;
  END IF;
  taken := CASE WHEN left(digits, 19)::numeric < 1844674407370955160 THEN 20 ELSE 19 END;
  power := power - length(COALESCE(parts[3], parts[4])) + greatest(length(digits) - taken, 0);
  IF power < -348 THEN RETURN 0; END IF;
  IF power > 347 THEN RETURN (parts[1] || 'Infinity')::double precision; END IF;
  digits := left(digits, taken) || 'e' || power;
  size := digits::numeric;
  -- The least number that is rounded to infinity, the greatest that is rounded to 0.
  IF size > 1.79769313486231580793e308 THEN
    RETURN (parts[1] || 'Infinity')::double precision;
  END IF;
  IF size < 2.47032822920623272088e-324 THEN RETURN 0; END IF;
  RETURN (parts[1] || digits)::double precision;
END
$$;

-- needs: is_number, text_real
-- The number that a text is as a whole, with space around it; NULL where it is none.
CREATE OR REPLACE FUNCTION outgrow.moment_amount(x text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ '^[+-]?[0-9]{1,15}$' THEN
    RETURN x;
  ELSIF outgrow.is_number(x) THEN
    RETURN outgrow.text_real(x);
  END IF;
  RETURN NULL;
END
$$;

-- Year, month and day of a moment in milliseconds; NULL outside SQLite's years.
CREATE OR REPLACE FUNCTION outgrow.moment_civil(ms bigint) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day date;
  year int;
BEGIN
  IF ms NOT BETWEEN 0 AND 464269060799999 THEN RETURN NULL; END IF;
  day := date '2000-01-01' + ((ms + 43200000) / 86400000 - 2451545)::int;
  year := extract(year FROM day);
  -- PostgreSQL has no year 0: https://www.postgresql.org/docs/current/functions-datetime.html
  IF year < 0 THEN year := year + 1; END IF;
  RETURN ARRAY[year, extract(month FROM day), extract(day FROM day)];
END
$$;

-- How many days a day lies beyond the end of its month.
CREATE OR REPLACE FUNCTION outgrow.moment_excess(year int, month int, day int) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN day <= 28 THEN 0
    WHEN month IN (4, 6, 9, 11) THEN greatest(day - 30, 0)
    WHEN month <> 2 THEN 0
    WHEN year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0) THEN day - 29
    ELSE day - 28
  END;
END
$$;

-- Hour, minute, second, whether it is UTC and the offset in minutes of a time of the day; NULL
-- where SQLite reads none.
CREATE OR REPLACE FUNCTION outgrow.moment_clock(x text) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  blank constant text := E' \t\n\v\f\r';
  rest text := rtrim(substr(x, 6), blank);
  second double precision := 0;
  fraction text := '';
BEGIN
  IF x !~ ('^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?|24:00(?::00(?:\.0+)?)?)'
      '[ \t\n\v\f\r]*(?:[Zz]|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?[ \t\n\v\f\r]*$') THEN
    RETURN NULL;
  END IF;
  IF left(rest, 1) = ':' THEN
    second := substr(rest, 2, 2);
    rest := substr(rest, 4);
    IF left(rest, 1) = '.' THEN
      fraction := substring(rest FROM '^\.[0-9]+');
      rest := substr(rest, length(fraction) + 1);
      -- SQLite's own sum of longer ones is no number any more.
      IF length(fraction) > 309 THEN RETURN NULL; END IF;
      second := second + least(('0' || fraction)::double precision, 0.999);
    END IF;
  END IF;
  rest := ltrim(rest, blank);
  RETURN ARRAY[left(x, 2)::int, substr(x, 4, 2)::int, second,
    (rest IN ('Z', 'z', '+00:00', '-00:00'))::int,
    CASE WHEN length(rest) = 6
      THEN (left(rest, 1) || '1')::int * (substr(rest, 2, 2)::int * 60 + substr(rest, 5)::int)
      ELSE 0 END];
END
$$;

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

-- Milliseconds since noon of -4713-11-24 at the beginning of a day, counted as SQLite counts: a
-- day that the month lacks goes over into the next.
CREATE OR REPLACE FUNCTION outgrow.moment_day(year int, month int, day int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y int := CASE WHEN month <= 2 THEN year - 1 ELSE year END;
  m int := CASE WHEN month <= 2 THEN month + 12 ELSE month END;
  century int := (y + 4800) / 100;
BEGIN
  RETURN (36525 * (y + 4716) / 100 + 306001 * (m + 1) / 10000 + day + 38 - century + century / 4)
    * 86400000::bigint - 131716800000;
END
$$;

-- needs: moment_day
-- Milliseconds of a moment from year, month, day (2000-01-01 for NULL), hour, minute, second
-- (midnight for NULL) and the minutes of its offset; NULL where the year is none of SQLite's.
CREATE OR REPLACE FUNCTION outgrow.moment_sum(civil int[], clock double precision[], shift int)
RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  ms bigint := 946684800000 + 210866760000000;
BEGIN
  IF civil IS NOT NULL THEN
    IF civil[1] NOT BETWEEN -4713 AND 9999 THEN RETURN NULL; END IF;
    ms := outgrow.moment_day(civil[1], civil[2], civil[3]);
  END IF;
  IF clock IS NOT NULL THEN
    ms := ms + clock[1]::int * 3600000 + (clock[2]::int - shift) * 60000
      + trunc(clock[3] * 1000 + 0.5)::int;
  END IF;
  RETURN ms;
END
$$;

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

-- The timestamp that a text spells in a form of every day; NULL for any other text.
CREATE OR REPLACE FUNCTION outgrow.moment_plain(x text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ ('^(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])'
      '|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
      '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
      '(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?Z?)?$')
    AND x >= '0001' COLLATE "C" THEN
    RETURN x::timestamp;
  END IF;
  RETURN NULL;
END
$$;

-- A moment in milliseconds as a timestamp; NULL outside the years 1 to 9999, whose texts to_char
-- writes as SQLite does.
CREATE OR REPLACE FUNCTION outgrow.moment_timestamp(ms bigint) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF ms NOT BETWEEN 148731163200000 AND 464269060799999 THEN RETURN NULL; END IF;
  RETURN date '2000-01-01' + ((ms + 43200000) / 86400000 - 2451545)::int
    + mod(ms + 43200000, 86400000) * interval '1 millisecond';
END
$$;

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

-- A number as a moment: a Julian day, unless the first modifier makes it seconds since 1970.
CREATE OR REPLACE FUNCTION outgrow.moment_raw(x double precision) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY[CASE WHEN x >= 0 AND x < 5373484.5 THEN floor(x * 86400000 + 0.5) END,
    0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, x, NULL];
END
$$;

-- A timestamp of the years 1 to 9999 as a moment; utc: whether its text says that it is UTC.
CREATE OR REPLACE FUNCTION outgrow.moment_stamp(x timestamp, utc boolean)
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  micros bigint := extract(microseconds FROM x);
  second double precision;
BEGIN
  IF micros % 1000 = 0 THEN
    RETURN ARRAY[extract(epoch FROM x) * 1000 + 210866760000000, utc::int, 0, 0];
  END IF;
  second := micros / 1000000
    + least((micros % 1000000)::double precision / 1000000, 0.999);
  RETURN ARRAY[
    extract(epoch FROM date_trunc('minute', x)) * 1000 + 210866760000000
      + trunc(second * 1000 + 0.5),
    utc::int, 0, 0, NULL, NULL, NULL, extract(hour FROM x), extract(minute FROM x), second];
END
$$;

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

-- A timestamp after the modifiers of every day; NULL where there is another among them, or where
-- the result is not of the years 1 to 9999. Only whole seconds are added.
CREATE OR REPLACE FUNCTION outgrow.moment_walked(x timestamp, modifiers text[]) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  modifier text;
  month timestamp;
BEGIN
  FOREACH modifier IN ARRAY modifiers LOOP
    IF modifier LIKE 'start of %' THEN
      IF modifier NOT IN ('start of month', 'start of day', 'start of year') THEN RETURN NULL; END IF;
      x := date_trunc(substr(modifier, 10), x);
    ELSIF modifier ~ '^[+-]?[0-9]{1,5} (?:day|hour|minute|second)s?$' THEN
      x := x + modifier::interval;
    ELSIF modifier ~ '^[+-]?[0-9]{1,3} (?:month|year)s?$' THEN
      -- A day that the month lacks goes over into the next.
      month := date_trunc('month', x);
      x := month + modifier::interval + (x - month);
    ELSIF modifier ~ '^weekday [0-6]$' THEN
      x := x + mod(7 + right(modifier, 1)::int - extract(dow FROM x)::int, 7) * interval '1 day';
    ELSE
      RETURN NULL;
    END IF;
    IF x NOT BETWEEN '0001-01-01' AND '9999-12-31 23:59:59.999999' THEN RETURN NULL; END IF;
  END LOOP;
  RETURN x;
END
$$;

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

-- Numbers that a PRAGMA keeps in the database: user_version, application_id, schema_version.
CREATE TABLE IF NOT EXISTS outgrow.pragmas (
  schema_name text NOT NULL,
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (schema_name, name)
);
COMMENT ON TABLE outgrow.pragmas IS 'Numbers that PRAGMA keeps: user_version, application_id, schema_version';

INSERT INTO outgrow.helpers VALUES
  ('history', '70e67b937be29656'),
  ('is_number', 'aa6c957e301c53be'),
  ('text_real', 'a3aba97ab8ed87af'),
  ('moment_amount', '3ea52810c1586650'),
  ('moment_civil', 'e1361efd62f97810'),
  ('moment_excess', 'c0c9df5c1748bdb9'),
  ('moment_clock', '6e85ad5157d2655e'),
  ('moment_steps', '655c19dc643f88d0'),
  ('moment_day', 'acd02f61477dbf4e'),
  ('moment_sum', '29bfdb0ade2ae28f'),
  ('moment_moved', '4db7dfefc94b4a1e'),
  ('moment_plain', 'e237fbcead4d9c56'),
  ('moment_timestamp', '9b30f041b08063ce'),
  ('moment_printed', 'b18af082272653a8'),
  ('moment_raw', '7a19983d924ae81e'),
  ('moment_stamp', 'c0aa843b5d0e2b03'),
  ('moment_read', '02d83a228b236b2d'),
  ('moment_walked', '4790372c4c99f8aa'),
  ('moment_date', '97c7e0acaae280f9'),
  ('pragmas', 'd9e192f04888660a')
ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest;


-- -----------------------------------------------------------------------------
-- 2. Tables, each with its keys, checks, comments, indexes and triggers
-- -----------------------------------------------------------------------------

-- adw_locks: from database.db
CREATE TABLE public.adw_locks (
    issue_number bigserial,
    adw_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    github_url text COLLATE "C",
    created_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')) NOT NULL,
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')) NOT NULL,
    PRIMARY KEY (issue_number),
    CHECK (status IN ('planning', 'building', 'testing', 'reviewing', 'documenting'))
);

CREATE INDEX idx_adw_locks_status ON public.adw_locks (status);


-- workflow_history: from database.db and workflow_history.db
CREATE TABLE public.workflow_history (
    id bigserial,
    adw_id text COLLATE "C" NOT NULL,
    issue_number bigint,
    nl_input text COLLATE "C",
    github_url text COLLATE "C",
    gh_issue_state text COLLATE "C",
    workflow_template text COLLATE "C",
    model_used text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    start_time text COLLATE "C",
    end_time text COLLATE "C",
    duration_seconds bigint,
    error_message text COLLATE "C",
    phase_count bigint,
    current_phase text COLLATE "C",
    success_rate double precision,
    retry_count bigint DEFAULT 0,
    worktree_path text COLLATE "C",
    backend_port bigint,
    frontend_port bigint,
    concurrent_workflows bigint DEFAULT 0,
    input_tokens bigint DEFAULT 0,
    output_tokens bigint DEFAULT 0,
    cached_tokens bigint DEFAULT 0,
    cache_hit_tokens bigint DEFAULT 0,
    cache_miss_tokens bigint DEFAULT 0,
    total_tokens bigint DEFAULT 0,
    cache_efficiency_percent double precision DEFAULT 0.0::double precision,
    estimated_cost_total numeric(14,8) DEFAULT 0.0,
    actual_cost_total numeric(14,8) DEFAULT 0.0,
    estimated_cost_per_step numeric(14,8) DEFAULT 0.0,
    actual_cost_per_step numeric(14,8) DEFAULT 0.0,
    cost_per_token numeric(14,8) DEFAULT 0.0,
    structured_input jsonb,
    cost_breakdown jsonb,
    token_breakdown jsonb,
    worktree_reused bigint DEFAULT 0,
    steps_completed bigint DEFAULT 0,
    steps_total bigint DEFAULT 0,
    hour_of_day bigint DEFAULT -1,
    day_of_week bigint DEFAULT -1,
    nl_input_clarity_score double precision DEFAULT 0.0::double precision,
    cost_efficiency_score double precision DEFAULT 0.0::double precision,
    performance_score double precision DEFAULT 0.0::double precision,
    quality_score double precision DEFAULT 0.0::double precision,
    scoring_version text COLLATE "C" DEFAULT '1.0',
    anomaly_flags json,
    optimization_recommendations jsonb,
    created_at text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS') NOT NULL,
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')) NOT NULL,
    workflow_id text COLLATE "C",
    workflow_type text COLLATE "C" DEFAULT 'planning',
    parent_workflow_id text COLLATE "C",
    input_hash text COLLATE "C",
    output_summary text COLLATE "C",
    nl_input_word_count bigint,
    structured_input_completeness_percent double precision,
    submission_hour bigint,
    submission_day_of_week bigint,
    pr_merged boolean DEFAULT false,
    time_to_merge_hours double precision,
    review_cycles bigint,
    ci_test_pass_rate double precision,
    similar_workflow_ids jsonb,
    idle_time_seconds bigint,
    bottleneck_phase text COLLATE "C",
    error_category text COLLATE "C",
    retry_reasons jsonb,
    error_phase_distribution jsonb,
    recovery_time_seconds bigint,
    complexity_estimated text COLLATE "C",
    complexity_actual text COLLATE "C",
    phase_number bigint,
    is_multi_phase boolean DEFAULT false,
    PRIMARY KEY (id),
    UNIQUE (adw_id),
    CHECK (status IN ('pending', 'running', 'completed', 'failed'))
);

COMMENT ON COLUMN public.workflow_history.gh_issue_state IS 'GitHub issue state: ''open'', ''closed'', or NULL';
COMMENT ON COLUMN public.workflow_history.structured_input IS 'JSON object';
COMMENT ON COLUMN public.workflow_history.cost_breakdown IS 'JSON object';
COMMENT ON COLUMN public.workflow_history.token_breakdown IS 'JSON object';
COMMENT ON COLUMN public.workflow_history.worktree_reused IS 'Boolean (0 or 1)';
COMMENT ON COLUMN public.workflow_history.anomaly_flags IS 'JSON array of anomaly objects';
COMMENT ON COLUMN public.workflow_history.optimization_recommendations IS 'JSON array of recommendation strings';

CREATE INDEX idx_adw_id ON public.workflow_history (adw_id);
CREATE INDEX idx_created_at ON public.workflow_history (created_at DESC);
CREATE INDEX idx_issue_number ON public.workflow_history (issue_number NULLS FIRST);
CREATE INDEX idx_model_used ON public.workflow_history (model_used NULLS FIRST);
CREATE INDEX idx_status ON public.workflow_history (status);
CREATE INDEX idx_workflow_history_input_hash ON public.workflow_history (input_hash NULLS FIRST);
CREATE INDEX idx_workflow_history_parent_id ON public.workflow_history (parent_workflow_id NULLS FIRST);
CREATE INDEX idx_workflow_history_workflow_id ON public.workflow_history (workflow_id NULLS FIRST);
CREATE INDEX idx_workflow_history_workflow_type ON public.workflow_history (workflow_type NULLS FIRST);
CREATE INDEX idx_workflow_template ON public.workflow_history (workflow_template NULLS FIRST);
CREATE INDEX idx_cost_efficiency_score ON public.workflow_history (cost_efficiency_score NULLS FIRST);
CREATE INDEX idx_day_of_week ON public.workflow_history (day_of_week NULLS FIRST);
CREATE INDEX idx_performance_score ON public.workflow_history (performance_score NULLS FIRST);
CREATE INDEX idx_pr_merged ON public.workflow_history (pr_merged NULLS FIRST);
CREATE INDEX idx_quality_score ON public.workflow_history (quality_score NULLS FIRST);
CREATE INDEX idx_submission_hour ON public.workflow_history (submission_hour NULLS FIRST);
CREATE INDEX idx_workflow_type ON public.workflow_history (workflow_type NULLS FIRST);


-- employees: from database.db
CREATE TABLE public.employees (
    department text COLLATE "C",
    employee text COLLATE "C",
    salary bigint
);


-- users: from database.db
CREATE TABLE public.users (
    name text COLLATE "C",
    age bigint,
    city text COLLATE "C"
);


-- products: from database.db
CREATE TABLE public.products (
    product text COLLATE "C",
    price numeric(10,4),
    stock bigint
);


-- staff: from database.db
CREATE TABLE public.staff (
    department text COLLATE "C",
    employee text COLLATE "C",
    salary bigint
);


-- empty: from database.db
CREATE TABLE public.empty (
    name text COLLATE "C",
    age text COLLATE "C",
    city text COLLATE "C"
);


-- large: from database.db
CREATE TABLE public.large (
    name text COLLATE "C",
    age bigint,
    city text COLLATE "C"
);


-- special: from database.db
CREATE TABLE public.special (
    name text COLLATE "C",
    description text COLLATE "C",
    price numeric(22,16)
);


-- people: from database.db
CREATE TABLE public.people (
    name text COLLATE "C",
    age bigint,
    city text COLLATE "C"
);


-- file1: from database.db
CREATE TABLE public.file1 (
    id bigint,
    value text COLLATE "C"
);


-- file4: from database.db
CREATE TABLE public.file4 (
    id bigint,
    value text COLLATE "C"
);


-- file0: from database.db
CREATE TABLE public.file0 (
    id bigint,
    value text COLLATE "C"
);


-- file3: from database.db
CREATE TABLE public.file3 (
    id bigint,
    value text COLLATE "C"
);


-- file2: from database.db
CREATE TABLE public.file2 (
    id bigint,
    value text COLLATE "C"
);


-- wide: from database.db
CREATE TABLE public.wide (
    col0 bigint,
    col1 bigint,
    col2 bigint,
    col3 bigint,
    col4 bigint,
    col5 bigint,
    col6 bigint,
    col7 bigint,
    col8 bigint,
    col9 bigint,
    col10 bigint,
    col11 bigint,
    col12 bigint,
    col13 bigint,
    col14 bigint,
    col15 bigint,
    col16 bigint,
    col17 bigint,
    col18 bigint,
    col19 bigint,
    col20 bigint,
    col21 bigint,
    col22 bigint,
    col23 bigint,
    col24 bigint,
    col25 bigint,
    col26 bigint,
    col27 bigint,
    col28 bigint,
    col29 bigint,
    col30 bigint,
    col31 bigint,
    col32 bigint,
    col33 bigint,
    col34 bigint,
    col35 bigint,
    col36 bigint,
    col37 bigint,
    col38 bigint,
    col39 bigint,
    col40 bigint,
    col41 bigint,
    col42 bigint,
    col43 bigint,
    col44 bigint,
    col45 bigint,
    col46 bigint,
    col47 bigint,
    col48 bigint,
    col49 bigint,
    col50 bigint,
    col51 bigint,
    col52 bigint,
    col53 bigint,
    col54 bigint,
    col55 bigint,
    col56 bigint,
    col57 bigint,
    col58 bigint,
    col59 bigint,
    col60 bigint,
    col61 bigint,
    col62 bigint,
    col63 bigint,
    col64 bigint,
    col65 bigint,
    col66 bigint,
    col67 bigint,
    col68 bigint,
    col69 bigint,
    col70 bigint,
    col71 bigint,
    col72 bigint,
    col73 bigint,
    col74 bigint,
    col75 bigint,
    col76 bigint,
    col77 bigint,
    col78 bigint,
    col79 bigint,
    col80 bigint,
    col81 bigint,
    col82 bigint,
    col83 bigint,
    col84 bigint,
    col85 bigint,
    col86 bigint,
    col87 bigint,
    col88 bigint,
    col89 bigint,
    col90 bigint,
    col91 bigint,
    col92 bigint,
    col93 bigint,
    col94 bigint,
    col95 bigint,
    col96 bigint,
    col97 bigint,
    col98 bigint,
    col99 bigint
);


-- data: from database.db
CREATE TABLE public.data (
    name text COLLATE "C",
    age bigint,
    city text COLLATE "C"
);


-- phase_queue: from database.db
CREATE TABLE public.phase_queue (
    queue_id text COLLATE "C",
    parent_issue bigint NOT NULL,
    phase_number bigint NOT NULL,
    issue_number bigint,
    status text COLLATE "C" DEFAULT 'queued',
    depends_on_phase bigint,
    phase_data text COLLATE "C",
    created_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    error_message text COLLATE "C",
    adw_id text COLLATE "C",
    pr_number bigint,
    priority bigint DEFAULT 50,
    queue_position bigint,
    ready_timestamp text COLLATE "C",
    started_timestamp text COLLATE "C",
    PRIMARY KEY (queue_id),
    CHECK (status IN ('queued', 'ready', 'running', 'completed', 'blocked', 'failed'))
);

COMMENT ON COLUMN public.phase_queue.issue_number IS 'NULL until GitHub issue created';
COMMENT ON COLUMN public.phase_queue.depends_on_phase IS 'Phase number that must complete first (NULL for Phase 1)';
COMMENT ON COLUMN public.phase_queue.phase_data IS 'JSON: {title, content, externalDocs}';

CREATE INDEX idx_phase_queue_issue ON public.phase_queue (issue_number NULLS FIRST);
CREATE INDEX idx_phase_queue_parent ON public.phase_queue (parent_issue);
CREATE INDEX idx_phase_queue_priority ON public.phase_queue (priority NULLS FIRST, queue_position NULLS FIRST);
CREATE INDEX idx_phase_queue_status ON public.phase_queue (status NULLS FIRST);


-- tool_calls: from database.db and workflow_history.db
CREATE TABLE public.tool_calls (
    id bigserial,
    tool_call_id text COLLATE "C" NOT NULL,
    workflow_id text COLLATE "C" NOT NULL,
    tool_name text COLLATE "C" NOT NULL,
    tool_params jsonb,
    called_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    completed_at timestamp without time zone,
    duration_seconds double precision,
    success boolean DEFAULT false,
    result_data text COLLATE "C",
    error_message text COLLATE "C",
    tokens_saved bigint DEFAULT 0,
    cost_saved_usd numeric(14,8) DEFAULT 0.0,
    pre_tool_snapshot json,
    post_tool_snapshot jsonb,
    created_at text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS'),
    PRIMARY KEY (id),
    UNIQUE (tool_call_id)
);

COMMENT ON COLUMN public.tool_calls.tool_params IS 'JSON';
COMMENT ON COLUMN public.tool_calls.success IS 'SQLite uses INTEGER for BOOLEAN';
COMMENT ON COLUMN public.tool_calls.result_data IS 'JSON';
COMMENT ON COLUMN public.tool_calls.pre_tool_snapshot IS 'JSON from PreToolUse hook';
COMMENT ON COLUMN public.tool_calls.post_tool_snapshot IS 'JSON from PostToolUse hook';

CREATE INDEX idx_tool_calls_called_at ON public.tool_calls (called_at NULLS FIRST);
CREATE INDEX idx_tool_calls_success ON public.tool_calls (success NULLS FIRST);
CREATE INDEX idx_tool_calls_tool_name ON public.tool_calls (tool_name);
CREATE INDEX idx_tool_calls_workflow ON public.tool_calls (workflow_id);

-- database.db:trigger_increment_tool_invocations
CREATE FUNCTION public.trigger_increment_tool_invocations() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $outgrow$
BEGIN
  UPDATE public.adw_tools SET total_invocations = adw_tools.total_invocations + 1, last_invoked = date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')) WHERE adw_tools.tool_name = NEW.tool_name;
  RETURN NULL;
END;
$outgrow$;
CREATE TRIGGER trigger_increment_tool_invocations AFTER INSERT ON public.tool_calls FOR EACH ROW EXECUTE FUNCTION public.trigger_increment_tool_invocations();

-- database.db:trigger_update_tool_success_rate
CREATE FUNCTION public.trigger_update_tool_success_rate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $outgrow$
BEGIN
  UPDATE public.adw_tools SET success_rate = ((SELECT sum(CASE WHEN tool_calls.success THEN 1 ELSE 0 END)::double precision / NULLIF(count(*)::double precision, 0) FROM public.tool_calls WHERE tool_calls.tool_name = NEW.tool_name) + 0) WHERE adw_tools.tool_name = NEW.tool_name;
  RETURN NULL;
END;
$outgrow$;
CREATE TRIGGER trigger_update_tool_success_rate AFTER UPDATE OF success ON public.tool_calls FOR EACH ROW WHEN (NEW.success IS NOT NULL) EXECUTE FUNCTION public.trigger_update_tool_success_rate();


-- operation_patterns: from database.db and workflow_history.db
CREATE TABLE public.operation_patterns (
    id bigserial,
    pattern_signature text COLLATE "C" NOT NULL,
    pattern_type text COLLATE "C" NOT NULL,
    first_detected timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    last_seen timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    occurrence_count bigint DEFAULT 1,
    typical_input_pattern text COLLATE "C",
    typical_operations jsonb,
    typical_files_accessed jsonb,
    avg_tokens_with_llm bigint DEFAULT 0,
    avg_cost_with_llm numeric(14,8) DEFAULT 0.0,
    avg_tokens_with_tool bigint DEFAULT 0,
    avg_cost_with_tool numeric(14,8) DEFAULT 0.0,
    potential_monthly_savings numeric(14,8) DEFAULT 0.0,
    automation_status text COLLATE "C" DEFAULT 'detected',
    confidence_score double precision DEFAULT 0.0::double precision,
    tool_name text COLLATE "C",
    tool_script_path text COLLATE "C",
    reviewed_by text COLLATE "C",
    reviewed_at text COLLATE "C",
    review_notes text COLLATE "C",
    created_at text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS'),
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    PRIMARY KEY (id),
    UNIQUE (pattern_signature),
    CHECK (automation_status IN ('detected', 'candidate', 'approved', 'implemented', 'active', 'deprecated'))
);

COMMENT ON COLUMN public.operation_patterns.typical_input_pattern IS 'Common input characteristics';
COMMENT ON COLUMN public.operation_patterns.typical_operations IS 'JSON array of operations';
COMMENT ON COLUMN public.operation_patterns.typical_files_accessed IS 'JSON array of file patterns';

CREATE INDEX idx_operation_patterns_confidence ON public.operation_patterns (confidence_score NULLS FIRST);
CREATE INDEX idx_operation_patterns_occurrence ON public.operation_patterns (occurrence_count NULLS FIRST);
CREATE INDEX idx_operation_patterns_status ON public.operation_patterns (automation_status NULLS FIRST);
CREATE INDEX idx_operation_patterns_type ON public.operation_patterns (pattern_type);

-- database.db:trigger_update_pattern_timestamp
CREATE FUNCTION public.trigger_update_pattern_timestamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $outgrow$
BEGIN
  NEW.updated_at := date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC'));
  RETURN NEW;
END;
$outgrow$;
CREATE TRIGGER trigger_update_pattern_timestamp BEFORE UPDATE ON public.operation_patterns FOR EACH ROW EXECUTE FUNCTION public.trigger_update_pattern_timestamp();


-- pattern_occurrences: from database.db and workflow_history.db
CREATE TABLE public.pattern_occurrences (
    id bigserial,
    pattern_id bigint NOT NULL,
    workflow_id text COLLATE "C" NOT NULL,
    similarity_score double precision DEFAULT 0.0::double precision,
    matched_characteristics jsonb,
    detected_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    PRIMARY KEY (id)
);

COMMENT ON COLUMN public.pattern_occurrences.matched_characteristics IS 'JSON';

CREATE INDEX idx_pattern_occurrences_detected ON public.pattern_occurrences (detected_at NULLS FIRST);
CREATE INDEX idx_pattern_occurrences_pattern ON public.pattern_occurrences (pattern_id);
CREATE INDEX idx_pattern_occurrences_workflow ON public.pattern_occurrences (workflow_id);


-- hook_events: from database.db and workflow_history.db
CREATE TABLE public.hook_events (
    id bigserial,
    event_id text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    source_app text COLLATE "C",
    session_id text COLLATE "C",
    workflow_id text COLLATE "C",
    "timestamp" text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS'),
    payload text COLLATE "C" NOT NULL,
    tool_name text COLLATE "C",
    chat_history jsonb,
    processed boolean DEFAULT false,
    processed_at text COLLATE "C",
    created_at text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS'),
    PRIMARY KEY (id),
    UNIQUE (event_id),
    CHECK (event_type IN ('PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'Stop', 'SubagentStop', 'PreCompact', 'SessionStart', 'SessionEnd', 'Notification'))
);

COMMENT ON COLUMN public.hook_events.source_app IS '''main_adw'', ''test_adw'', ''build_adw'', etc.';
COMMENT ON COLUMN public.hook_events.payload IS 'JSON';
COMMENT ON COLUMN public.hook_events.chat_history IS 'JSON, optional';
COMMENT ON COLUMN public.hook_events.processed IS 'For pattern learning queue';

CREATE INDEX idx_hook_events_processed ON public.hook_events (processed NULLS FIRST);
CREATE INDEX idx_hook_events_session ON public.hook_events (session_id NULLS FIRST);
CREATE INDEX idx_hook_events_source_app ON public.hook_events (source_app NULLS FIRST);
CREATE INDEX idx_hook_events_timestamp ON public.hook_events ("timestamp" NULLS FIRST);
CREATE INDEX idx_hook_events_type ON public.hook_events (event_type);
CREATE INDEX idx_hook_events_workflow ON public.hook_events (workflow_id NULLS FIRST);


-- adw_tools: from database.db and workflow_history.db
CREATE TABLE public.adw_tools (
    id bigserial,
    tool_name text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    tool_schema jsonb NOT NULL,
    script_path text COLLATE "C" NOT NULL,
    input_patterns jsonb,
    output_format jsonb,
    avg_duration_seconds double precision DEFAULT 0.0::double precision,
    avg_tokens_consumed bigint DEFAULT 0,
    avg_cost_usd numeric(14,8) DEFAULT 0.0,
    success_rate double precision DEFAULT 1.0::double precision,
    total_invocations bigint DEFAULT 0,
    last_invoked timestamp without time zone,
    status text COLLATE "C" DEFAULT 'active',
    created_at text COLLATE "C" DEFAULT to_char(date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')), 'YYYY-MM-DD" "HH24:MI:SS'),
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    PRIMARY KEY (id),
    UNIQUE (tool_name),
    CHECK (status IN ('active', 'deprecated', 'experimental'))
);

COMMENT ON COLUMN public.adw_tools.tool_schema IS 'JSON schema for tool parameters';
COMMENT ON COLUMN public.adw_tools.input_patterns IS 'JSON array';
COMMENT ON COLUMN public.adw_tools.output_format IS 'JSON schema';
COMMENT ON COLUMN public.adw_tools.success_rate IS '0.0 to 1.0';

CREATE INDEX idx_adw_tools_name ON public.adw_tools (tool_name);
CREATE INDEX idx_adw_tools_status ON public.adw_tools (status NULLS FIRST);

-- database.db:trigger_update_tool_timestamp
CREATE FUNCTION public.trigger_update_tool_timestamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $outgrow$
BEGIN
  NEW.updated_at := date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC'));
  RETURN NEW;
END;
$outgrow$;
CREATE TRIGGER trigger_update_tool_timestamp BEFORE UPDATE ON public.adw_tools FOR EACH ROW EXECUTE FUNCTION public.trigger_update_tool_timestamp();


-- cost_savings_log: from database.db and workflow_history.db
CREATE TABLE public.cost_savings_log (
    id bigserial,
    optimization_type text COLLATE "C" NOT NULL,
    workflow_id text COLLATE "C" NOT NULL,
    tool_call_id text COLLATE "C",
    pattern_id bigint,
    baseline_tokens bigint DEFAULT 0,
    actual_tokens bigint DEFAULT 0,
    tokens_saved bigint DEFAULT 0,
    cost_saved_usd numeric(14,8) DEFAULT 0.0,
    saved_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    notes text COLLATE "C",
    PRIMARY KEY (id),
    CHECK (optimization_type IN ('tool_call', 'input_split', 'pattern_offload', 'inverted_flow'))
);

CREATE INDEX idx_cost_savings_saved_at ON public.cost_savings_log (saved_at NULLS FIRST);
CREATE INDEX idx_cost_savings_type ON public.cost_savings_log (optimization_type);
CREATE INDEX idx_cost_savings_workflow ON public.cost_savings_log (workflow_id);


-- queue_config: from database.db
CREATE TABLE public.queue_config (
    config_key text COLLATE "C",
    config_value text COLLATE "C" NOT NULL,
    updated_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    PRIMARY KEY (config_key)
);


-- schema_migrations: from workflow_history.db
CREATE TABLE public.schema_migrations (
    id bigserial,
    migration_file text COLLATE "C" NOT NULL,
    applied_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')),
    checksum text COLLATE "C",
    PRIMARY KEY (id),
    UNIQUE (migration_file)
);


-- workflow_history_archive: from workflow_history.db
CREATE TABLE public.workflow_history_archive (
    id bigserial,
    original_id bigint NOT NULL,
    adw_id text COLLATE "C" NOT NULL,
    issue_number bigint,
    nl_input text COLLATE "C",
    github_url text COLLATE "C",
    workflow_template text COLLATE "C",
    model_used text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    start_time text COLLATE "C",
    end_time text COLLATE "C",
    duration_seconds bigint,
    error_message text COLLATE "C",
    phase_count bigint,
    current_phase text COLLATE "C",
    success_rate double precision,
    retry_count bigint DEFAULT 0,
    worktree_path text COLLATE "C",
    backend_port bigint,
    frontend_port bigint,
    concurrent_workflows bigint DEFAULT 0,
    input_tokens bigint DEFAULT 0,
    output_tokens bigint DEFAULT 0,
    cached_tokens bigint DEFAULT 0,
    cache_hit_tokens bigint DEFAULT 0,
    cache_miss_tokens bigint DEFAULT 0,
    total_tokens bigint DEFAULT 0,
    cache_efficiency_percent double precision DEFAULT 0.0::double precision,
    estimated_cost_total numeric(14,8) DEFAULT 0.0,
    actual_cost_total numeric(14,8) DEFAULT 0.0,
    estimated_cost_per_step numeric(14,8) DEFAULT 0.0,
    actual_cost_per_step numeric(14,8) DEFAULT 0.0,
    cost_per_token numeric(14,8) DEFAULT 0.0,
    structured_input text COLLATE "C",
    cost_breakdown jsonb,
    token_breakdown jsonb,
    worktree_reused boolean DEFAULT false,
    steps_completed bigint DEFAULT 0,
    steps_total bigint DEFAULT 0,
    hour_of_day bigint DEFAULT -1,
    day_of_week bigint DEFAULT -1,
    nl_input_clarity_score double precision DEFAULT 0.0::double precision,
    cost_efficiency_score double precision DEFAULT 0.0::double precision,
    performance_score double precision DEFAULT 0.0::double precision,
    quality_score double precision DEFAULT 0.0::double precision,
    scoring_version text COLLATE "C" DEFAULT '1.0',
    anomaly_flags json,
    optimization_recommendations jsonb,
    created_at text COLLATE "C" NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    archived_at timestamp without time zone DEFAULT date_trunc('second', (statement_timestamp() AT TIME ZONE 'UTC')) NOT NULL,
    archive_reason text COLLATE "C",
    PRIMARY KEY (id),
    CHECK (status IN ('pending', 'running', 'completed', 'failed'))
);

CREATE INDEX idx_archive_adw_id ON public.workflow_history_archive (adw_id);
CREATE INDEX idx_archive_archived_at ON public.workflow_history_archive (archived_at DESC);
CREATE INDEX idx_archive_issue_number ON public.workflow_history_archive (issue_number NULLS FIRST);


-- -----------------------------------------------------------------------------
-- 3. Foreign keys
-- -----------------------------------------------------------------------------

-- pattern_occurrences
ALTER TABLE public.pattern_occurrences ADD FOREIGN KEY (pattern_id) REFERENCES public.operation_patterns (id) ON DELETE CASCADE;

-- cost_savings_log
ALTER TABLE public.cost_savings_log ADD FOREIGN KEY (pattern_id) REFERENCES public.operation_patterns (id);
ALTER TABLE public.cost_savings_log ADD FOREIGN KEY (tool_call_id) REFERENCES public.tool_calls (tool_call_id);


-- -----------------------------------------------------------------------------
-- 4. Views, and the triggers on them
-- -----------------------------------------------------------------------------

-- database.db:v_high_value_patterns
CREATE VIEW public.v_high_value_patterns (id, pattern_signature, pattern_type, first_detected, last_seen, occurrence_count, typical_input_pattern, typical_operations, typical_files_accessed, avg_tokens_with_llm, avg_cost_with_llm, avg_tokens_with_tool, avg_cost_with_tool, potential_monthly_savings, automation_status, confidence_score, tool_name, tool_script_path, reviewed_by, reviewed_at, review_notes, created_at, updated_at, yearly_savings_usd, times_seen) AS
SELECT p.id,
    p.pattern_signature,
    p.pattern_type,
    p.first_detected,
    p.last_seen,
    p.occurrence_count,
    p.typical_input_pattern,
    p.typical_operations,
    p.typical_files_accessed,
    p.avg_tokens_with_llm,
    p.avg_cost_with_llm,
    p.avg_tokens_with_tool,
    p.avg_cost_with_tool,
    p.potential_monthly_savings,
    p.automation_status,
    p.confidence_score,
    p.tool_name,
    p.tool_script_path,
    p.reviewed_by,
    p.reviewed_at,
    p.review_notes,
    p.created_at,
    p.updated_at,
    p.potential_monthly_savings::double precision * 12.0::double precision AS yearly_savings_usd,
    (SELECT count(*) FROM public.pattern_occurrences AS o WHERE o.pattern_id = p.id) AS times_seen
FROM public.operation_patterns AS p
WHERE ((p.automation_status IN ('detected', 'candidate')) AND (p.confidence_score >= 70.0::double precision)) AND (p.potential_monthly_savings >= 0.5)
ORDER BY p.potential_monthly_savings DESC NULLS LAST;

-- database.db:v_tool_performance
CREATE VIEW public.v_tool_performance (tool_name, total_invocations, success_percent, avg_duration_seconds, avg_cost_usd, calls_succeeded, calls_failed, cost_saved_usd) AS
SELECT t.tool_name,
    t.total_invocations,
    t.success_rate * 100.0::double precision AS success_percent,
    t.avg_duration_seconds,
    t.avg_cost_usd,
    (SELECT count(*) FROM public.tool_calls AS c WHERE (c.tool_name = t.tool_name) AND c.success) AS calls_succeeded,
    (SELECT count(*) FROM public.tool_calls AS c WHERE (c.tool_name = t.tool_name) AND (NOT c.success)) AS calls_failed,
    (SELECT sum(c.cost_saved_usd)::double precision FROM public.tool_calls AS c WHERE c.tool_name = t.tool_name) AS cost_saved_usd
FROM public.adw_tools AS t
WHERE t.status = 'active'
ORDER BY 2 DESC NULLS LAST;

-- database.db:v_cost_savings_summary
CREATE VIEW public.v_cost_savings_summary (optimization_type, savings, tokens_saved, cost_saved_usd, average_cost_saved_usd, first_saved_at, last_saved_at) AS
SELECT cost_savings_log.optimization_type,
    count(*) AS savings,
    sum(cost_savings_log.tokens_saved)::bigint AS tokens_saved,
    sum(cost_savings_log.cost_saved_usd)::double precision AS cost_saved_usd,
    avg(cost_savings_log.cost_saved_usd)::double precision AS average_cost_saved_usd,
    to_char(min(cost_savings_log.saved_at), 'YYYY-MM-DD" "HH24:MI:SS') COLLATE "C" AS first_saved_at,
    to_char(max(cost_savings_log.saved_at), 'YYYY-MM-DD" "HH24:MI:SS') COLLATE "C" AS last_saved_at
FROM public.cost_savings_log
GROUP BY cost_savings_log.optimization_type
ORDER BY sum(cost_savings_log.cost_saved_usd)::double precision DESC NULLS LAST;

-- database.db:v_hook_events_daily
CREATE VIEW public.v_hook_events_daily (day, event_type, source_app, events, events_processed, events_waiting) AS
SELECT outgrow.moment_date('date', hook_events."timestamp", '{}') COLLATE "C" AS day,
    hook_events.event_type,
    hook_events.source_app,
    count(*) AS events,
    sum(CASE WHEN hook_events.processed THEN 1 ELSE 0 END) AS events_processed,
    sum(CASE WHEN NOT hook_events.processed THEN 1 ELSE 0 END) AS events_waiting
FROM public.hook_events
GROUP BY outgrow.moment_date('date', hook_events."timestamp", '{}'),
    hook_events.event_type,
    hook_events.source_app
ORDER BY outgrow.moment_date('date', hook_events."timestamp", '{}') COLLATE "C" DESC NULLS LAST,
    count(*) DESC;


-- -----------------------------------------------------------------------------
-- 5. What PostgreSQL can't hold, and why
-- -----------------------------------------------------------------------------

-- foreign key workflow_id of tool_calls: workflow_history(workflow_id) is not unique; 515 rows have no parent row
--     ALTER TABLE public.tool_calls ADD FOREIGN KEY (workflow_id) REFERENCES public.workflow_history (workflow_id) NOT VALID;
-- foreign key workflow_id of pattern_occurrences: workflow_history(workflow_id) is not unique; 51 rows have no parent row
--     ALTER TABLE public.pattern_occurrences ADD FOREIGN KEY (workflow_id) REFERENCES public.workflow_history (workflow_id) NOT VALID;
-- foreign key workflow_id of hook_events: workflow_history(workflow_id) is not unique; 134 rows have no parent row
--     ALTER TABLE public.hook_events ADD FOREIGN KEY (workflow_id) REFERENCES public.workflow_history (workflow_id) NOT VALID;
-- foreign key workflow_id of cost_savings_log: workflow_history(workflow_id) is not unique; 30 rows have no parent row
--     ALTER TABLE public.cost_savings_log ADD FOREIGN KEY (workflow_id) REFERENCES public.workflow_history (workflow_id) NOT VALID;


-- -----------------------------------------------------------------------------
-- 6. What it was in SQLite, for outgrow.database
-- -----------------------------------------------------------------------------

INSERT INTO outgrow.columns
    (schema_name, table_name, column_name, run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed)
VALUES
('public', 'adw_locks', 'issue_number', NULL, 'database.db', 'adw_locks', 'issue_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'adw_locks', 'adw_id', NULL, 'database.db', 'adw_locks', 'adw_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_locks', 'status', NULL, 'database.db', 'adw_locks', 'status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_locks', 'github_url', NULL, 'database.db', 'adw_locks', 'github_url', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_locks', 'created_at', NULL, 'database.db', 'adw_locks', 'created_at', 'TIMESTAMP', 'NUMERIC', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'adw_locks', 'updated_at', NULL, 'database.db', 'adw_locks', 'updated_at', 'TIMESTAMP', 'NUMERIC', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'workflow_history', 'id', NULL, 'database.db', 'workflow_history', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'adw_id', NULL, 'database.db', 'workflow_history', 'adw_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'issue_number', NULL, 'database.db', 'workflow_history', 'issue_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'nl_input', NULL, 'database.db', 'workflow_history', 'nl_input', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'github_url', NULL, 'database.db', 'workflow_history', 'github_url', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'gh_issue_state', NULL, 'database.db', 'workflow_history', 'gh_issue_state', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'workflow_template', NULL, 'database.db', 'workflow_history', 'workflow_template', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'model_used', NULL, 'database.db', 'workflow_history', 'model_used', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'status', NULL, 'database.db', 'workflow_history', 'status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'start_time', NULL, 'database.db', 'workflow_history', 'start_time', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'end_time', NULL, 'database.db', 'workflow_history', 'end_time', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'duration_seconds', NULL, 'database.db', 'workflow_history', 'duration_seconds', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'error_message', NULL, 'database.db', 'workflow_history', 'error_message', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'phase_count', NULL, 'database.db', 'workflow_history', 'phase_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'current_phase', NULL, 'database.db', 'workflow_history', 'current_phase', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'success_rate', NULL, 'database.db', 'workflow_history', 'success_rate', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'retry_count', NULL, 'database.db', 'workflow_history', 'retry_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'worktree_path', NULL, 'database.db', 'workflow_history', 'worktree_path', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'backend_port', NULL, 'database.db', 'workflow_history', 'backend_port', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'frontend_port', NULL, 'database.db', 'workflow_history', 'frontend_port', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'concurrent_workflows', NULL, 'database.db', 'workflow_history', 'concurrent_workflows', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'input_tokens', NULL, 'database.db', 'workflow_history', 'input_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'output_tokens', NULL, 'database.db', 'workflow_history', 'output_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cached_tokens', NULL, 'database.db', 'workflow_history', 'cached_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cache_hit_tokens', NULL, 'database.db', 'workflow_history', 'cache_hit_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cache_miss_tokens', NULL, 'database.db', 'workflow_history', 'cache_miss_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'total_tokens', NULL, 'database.db', 'workflow_history', 'total_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cache_efficiency_percent', NULL, 'database.db', 'workflow_history', 'cache_efficiency_percent', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'estimated_cost_total', NULL, 'database.db', 'workflow_history', 'estimated_cost_total', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'actual_cost_total', NULL, 'database.db', 'workflow_history', 'actual_cost_total', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'estimated_cost_per_step', NULL, 'database.db', 'workflow_history', 'estimated_cost_per_step', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'actual_cost_per_step', NULL, 'database.db', 'workflow_history', 'actual_cost_per_step', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cost_per_token', NULL, 'database.db', 'workflow_history', 'cost_per_token', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'structured_input', NULL, 'database.db', 'workflow_history', 'structured_input', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cost_breakdown', NULL, 'database.db', 'workflow_history', 'cost_breakdown', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'token_breakdown', NULL, 'database.db', 'workflow_history', 'token_breakdown', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'worktree_reused', NULL, 'database.db', 'workflow_history', 'worktree_reused', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'steps_completed', NULL, 'database.db', 'workflow_history', 'steps_completed', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'steps_total', NULL, 'database.db', 'workflow_history', 'steps_total', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'hour_of_day', NULL, 'database.db', 'workflow_history', 'hour_of_day', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'day_of_week', NULL, 'database.db', 'workflow_history', 'day_of_week', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'nl_input_clarity_score', NULL, 'database.db', 'workflow_history', 'nl_input_clarity_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'cost_efficiency_score', NULL, 'database.db', 'workflow_history', 'cost_efficiency_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'performance_score', NULL, 'database.db', 'workflow_history', 'performance_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'quality_score', NULL, 'database.db', 'workflow_history', 'quality_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'scoring_version', NULL, 'database.db', 'workflow_history', 'scoring_version', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'anomaly_flags', NULL, 'database.db', 'workflow_history', 'anomaly_flags', 'TEXT', 'TEXT', 'BINARY', 'json', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'optimization_recommendations', NULL, 'database.db', 'workflow_history', 'optimization_recommendations', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'created_at', NULL, 'database.db', 'workflow_history', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'updated_at', NULL, 'database.db', 'workflow_history', 'updated_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'workflow_history', 'workflow_id', NULL, 'database.db', 'workflow_history', 'workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'workflow_type', NULL, 'database.db', 'workflow_history', 'workflow_type', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'parent_workflow_id', NULL, 'database.db', 'workflow_history', 'parent_workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'input_hash', NULL, 'database.db', 'workflow_history', 'input_hash', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'output_summary', NULL, 'database.db', 'workflow_history', 'output_summary', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'nl_input_word_count', NULL, 'workflow_history.db', 'workflow_history', 'nl_input_word_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'structured_input_completeness_percent', NULL, 'workflow_history.db', 'workflow_history', 'structured_input_completeness_percent', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'submission_hour', NULL, 'workflow_history.db', 'workflow_history', 'submission_hour', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'submission_day_of_week', NULL, 'workflow_history.db', 'workflow_history', 'submission_day_of_week', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'pr_merged', NULL, 'workflow_history.db', 'workflow_history', 'pr_merged', 'INTEGER', 'INTEGER', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'time_to_merge_hours', NULL, 'workflow_history.db', 'workflow_history', 'time_to_merge_hours', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'review_cycles', NULL, 'workflow_history.db', 'workflow_history', 'review_cycles', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'ci_test_pass_rate', NULL, 'workflow_history.db', 'workflow_history', 'ci_test_pass_rate', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'similar_workflow_ids', NULL, 'workflow_history.db', 'workflow_history', 'similar_workflow_ids', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'idle_time_seconds', NULL, 'workflow_history.db', 'workflow_history', 'idle_time_seconds', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'bottleneck_phase', NULL, 'workflow_history.db', 'workflow_history', 'bottleneck_phase', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'error_category', NULL, 'workflow_history.db', 'workflow_history', 'error_category', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'retry_reasons', NULL, 'workflow_history.db', 'workflow_history', 'retry_reasons', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'error_phase_distribution', NULL, 'workflow_history.db', 'workflow_history', 'error_phase_distribution', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'recovery_time_seconds', NULL, 'workflow_history.db', 'workflow_history', 'recovery_time_seconds', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'complexity_estimated', NULL, 'workflow_history.db', 'workflow_history', 'complexity_estimated', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'complexity_actual', NULL, 'workflow_history.db', 'workflow_history', 'complexity_actual', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'phase_number', NULL, 'workflow_history.db', 'workflow_history', 'phase_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history', 'is_multi_phase', NULL, 'workflow_history.db', 'workflow_history', 'is_multi_phase', 'BOOLEAN', 'NUMERIC', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'employees', 'department', NULL, 'database.db', 'employees', 'department', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'employees', 'employee', NULL, 'database.db', 'employees', 'employee', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'employees', 'salary', NULL, 'database.db', 'employees', 'salary', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'users', 'name', NULL, 'database.db', 'users', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'users', 'age', NULL, 'database.db', 'users', 'age', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'users', 'city', NULL, 'database.db', 'users', 'city', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'products', 'product', NULL, 'database.db', 'products', 'product', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'products', 'price', NULL, 'database.db', 'products', 'price', 'REAL', 'REAL', 'BINARY', 'numeric(10,4)', NULL, 'the schema file made it', false),
('public', 'products', 'stock', NULL, 'database.db', 'products', 'stock', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'staff', 'department', NULL, 'database.db', 'staff', 'department', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'staff', 'employee', NULL, 'database.db', 'staff', 'employee', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'staff', 'salary', NULL, 'database.db', 'staff', 'salary', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'empty', 'name', NULL, 'database.db', 'empty', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'empty', 'age', NULL, 'database.db', 'empty', 'age', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'empty', 'city', NULL, 'database.db', 'empty', 'city', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'large', 'name', NULL, 'database.db', 'large', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'large', 'age', NULL, 'database.db', 'large', 'age', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'large', 'city', NULL, 'database.db', 'large', 'city', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'special', 'name', NULL, 'database.db', 'special', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'special', 'description', NULL, 'database.db', 'special', 'description', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'special', 'price', NULL, 'database.db', 'special', 'price', 'REAL', 'REAL', 'BINARY', 'numeric(22,16)', NULL, 'the schema file made it', false),
('public', 'people', 'name', NULL, 'database.db', 'people', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'people', 'age', NULL, 'database.db', 'people', 'age', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'people', 'city', NULL, 'database.db', 'people', 'city', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'file1', 'id', NULL, 'database.db', 'file1', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'file1', 'value', NULL, 'database.db', 'file1', 'value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'file4', 'id', NULL, 'database.db', 'file4', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'file4', 'value', NULL, 'database.db', 'file4', 'value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'file0', 'id', NULL, 'database.db', 'file0', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'file0', 'value', NULL, 'database.db', 'file0', 'value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'file3', 'id', NULL, 'database.db', 'file3', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'file3', 'value', NULL, 'database.db', 'file3', 'value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'file2', 'id', NULL, 'database.db', 'file2', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'file2', 'value', NULL, 'database.db', 'file2', 'value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'wide', 'col0', NULL, 'database.db', 'wide', 'col0', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col1', NULL, 'database.db', 'wide', 'col1', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col2', NULL, 'database.db', 'wide', 'col2', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col3', NULL, 'database.db', 'wide', 'col3', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col4', NULL, 'database.db', 'wide', 'col4', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col5', NULL, 'database.db', 'wide', 'col5', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col6', NULL, 'database.db', 'wide', 'col6', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col7', NULL, 'database.db', 'wide', 'col7', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col8', NULL, 'database.db', 'wide', 'col8', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col9', NULL, 'database.db', 'wide', 'col9', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col10', NULL, 'database.db', 'wide', 'col10', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col11', NULL, 'database.db', 'wide', 'col11', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col12', NULL, 'database.db', 'wide', 'col12', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col13', NULL, 'database.db', 'wide', 'col13', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col14', NULL, 'database.db', 'wide', 'col14', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col15', NULL, 'database.db', 'wide', 'col15', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col16', NULL, 'database.db', 'wide', 'col16', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col17', NULL, 'database.db', 'wide', 'col17', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col18', NULL, 'database.db', 'wide', 'col18', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col19', NULL, 'database.db', 'wide', 'col19', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col20', NULL, 'database.db', 'wide', 'col20', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col21', NULL, 'database.db', 'wide', 'col21', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col22', NULL, 'database.db', 'wide', 'col22', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col23', NULL, 'database.db', 'wide', 'col23', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col24', NULL, 'database.db', 'wide', 'col24', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col25', NULL, 'database.db', 'wide', 'col25', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col26', NULL, 'database.db', 'wide', 'col26', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col27', NULL, 'database.db', 'wide', 'col27', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col28', NULL, 'database.db', 'wide', 'col28', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col29', NULL, 'database.db', 'wide', 'col29', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col30', NULL, 'database.db', 'wide', 'col30', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col31', NULL, 'database.db', 'wide', 'col31', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col32', NULL, 'database.db', 'wide', 'col32', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col33', NULL, 'database.db', 'wide', 'col33', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col34', NULL, 'database.db', 'wide', 'col34', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col35', NULL, 'database.db', 'wide', 'col35', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col36', NULL, 'database.db', 'wide', 'col36', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col37', NULL, 'database.db', 'wide', 'col37', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col38', NULL, 'database.db', 'wide', 'col38', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col39', NULL, 'database.db', 'wide', 'col39', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col40', NULL, 'database.db', 'wide', 'col40', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col41', NULL, 'database.db', 'wide', 'col41', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col42', NULL, 'database.db', 'wide', 'col42', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col43', NULL, 'database.db', 'wide', 'col43', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col44', NULL, 'database.db', 'wide', 'col44', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col45', NULL, 'database.db', 'wide', 'col45', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col46', NULL, 'database.db', 'wide', 'col46', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col47', NULL, 'database.db', 'wide', 'col47', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col48', NULL, 'database.db', 'wide', 'col48', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col49', NULL, 'database.db', 'wide', 'col49', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col50', NULL, 'database.db', 'wide', 'col50', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col51', NULL, 'database.db', 'wide', 'col51', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col52', NULL, 'database.db', 'wide', 'col52', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col53', NULL, 'database.db', 'wide', 'col53', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col54', NULL, 'database.db', 'wide', 'col54', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col55', NULL, 'database.db', 'wide', 'col55', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col56', NULL, 'database.db', 'wide', 'col56', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col57', NULL, 'database.db', 'wide', 'col57', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col58', NULL, 'database.db', 'wide', 'col58', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col59', NULL, 'database.db', 'wide', 'col59', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col60', NULL, 'database.db', 'wide', 'col60', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col61', NULL, 'database.db', 'wide', 'col61', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col62', NULL, 'database.db', 'wide', 'col62', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col63', NULL, 'database.db', 'wide', 'col63', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col64', NULL, 'database.db', 'wide', 'col64', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col65', NULL, 'database.db', 'wide', 'col65', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col66', NULL, 'database.db', 'wide', 'col66', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col67', NULL, 'database.db', 'wide', 'col67', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col68', NULL, 'database.db', 'wide', 'col68', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col69', NULL, 'database.db', 'wide', 'col69', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col70', NULL, 'database.db', 'wide', 'col70', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col71', NULL, 'database.db', 'wide', 'col71', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col72', NULL, 'database.db', 'wide', 'col72', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col73', NULL, 'database.db', 'wide', 'col73', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col74', NULL, 'database.db', 'wide', 'col74', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col75', NULL, 'database.db', 'wide', 'col75', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col76', NULL, 'database.db', 'wide', 'col76', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col77', NULL, 'database.db', 'wide', 'col77', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col78', NULL, 'database.db', 'wide', 'col78', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col79', NULL, 'database.db', 'wide', 'col79', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col80', NULL, 'database.db', 'wide', 'col80', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col81', NULL, 'database.db', 'wide', 'col81', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col82', NULL, 'database.db', 'wide', 'col82', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col83', NULL, 'database.db', 'wide', 'col83', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col84', NULL, 'database.db', 'wide', 'col84', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col85', NULL, 'database.db', 'wide', 'col85', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col86', NULL, 'database.db', 'wide', 'col86', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col87', NULL, 'database.db', 'wide', 'col87', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col88', NULL, 'database.db', 'wide', 'col88', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col89', NULL, 'database.db', 'wide', 'col89', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col90', NULL, 'database.db', 'wide', 'col90', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col91', NULL, 'database.db', 'wide', 'col91', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col92', NULL, 'database.db', 'wide', 'col92', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col93', NULL, 'database.db', 'wide', 'col93', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col94', NULL, 'database.db', 'wide', 'col94', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col95', NULL, 'database.db', 'wide', 'col95', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col96', NULL, 'database.db', 'wide', 'col96', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col97', NULL, 'database.db', 'wide', 'col97', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col98', NULL, 'database.db', 'wide', 'col98', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'wide', 'col99', NULL, 'database.db', 'wide', 'col99', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'data', 'name', NULL, 'database.db', 'data', 'name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'data', 'age', NULL, 'database.db', 'data', 'age', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'data', 'city', NULL, 'database.db', 'data', 'city', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'queue_id', NULL, 'database.db', 'phase_queue', 'queue_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'parent_issue', NULL, 'database.db', 'phase_queue', 'parent_issue', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'phase_number', NULL, 'database.db', 'phase_queue', 'phase_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'issue_number', NULL, 'database.db', 'phase_queue', 'issue_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'status', NULL, 'database.db', 'phase_queue', 'status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'depends_on_phase', NULL, 'database.db', 'phase_queue', 'depends_on_phase', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'phase_data', NULL, 'database.db', 'phase_queue', 'phase_data', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'created_at', NULL, 'database.db', 'phase_queue', 'created_at', 'TIMESTAMP', 'NUMERIC', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'phase_queue', 'updated_at', NULL, 'database.db', 'phase_queue', 'updated_at', 'TIMESTAMP', 'NUMERIC', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'phase_queue', 'error_message', NULL, 'database.db', 'phase_queue', 'error_message', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'adw_id', NULL, 'database.db', 'phase_queue', 'adw_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'pr_number', NULL, 'database.db', 'phase_queue', 'pr_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'priority', NULL, 'database.db', 'phase_queue', 'priority', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'queue_position', NULL, 'database.db', 'phase_queue', 'queue_position', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'ready_timestamp', NULL, 'database.db', 'phase_queue', 'ready_timestamp', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'phase_queue', 'started_timestamp', NULL, 'database.db', 'phase_queue', 'started_timestamp', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'id', NULL, 'database.db', 'tool_calls', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'tool_call_id', NULL, 'database.db', 'tool_calls', 'tool_call_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'workflow_id', NULL, 'database.db', 'tool_calls', 'workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'tool_name', NULL, 'database.db', 'tool_calls', 'tool_name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'tool_params', NULL, 'database.db', 'tool_calls', 'tool_params', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'called_at', NULL, 'database.db', 'tool_calls', 'called_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'tool_calls', 'completed_at', NULL, 'database.db', 'tool_calls', 'completed_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DDTHH:MM:SS[.ffffff]', 'the schema file made it', false),
('public', 'tool_calls', 'duration_seconds', NULL, 'database.db', 'tool_calls', 'duration_seconds', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'success', NULL, 'database.db', 'tool_calls', 'success', 'INTEGER', 'INTEGER', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'result_data', NULL, 'database.db', 'tool_calls', 'result_data', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'error_message', NULL, 'database.db', 'tool_calls', 'error_message', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'tokens_saved', NULL, 'database.db', 'tool_calls', 'tokens_saved', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'cost_saved_usd', NULL, 'database.db', 'tool_calls', 'cost_saved_usd', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'pre_tool_snapshot', NULL, 'database.db', 'tool_calls', 'pre_tool_snapshot', 'TEXT', 'TEXT', 'BINARY', 'json', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'post_tool_snapshot', NULL, 'database.db', 'tool_calls', 'post_tool_snapshot', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'tool_calls', 'created_at', NULL, 'database.db', 'tool_calls', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'id', NULL, 'database.db', 'operation_patterns', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'pattern_signature', NULL, 'database.db', 'operation_patterns', 'pattern_signature', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'pattern_type', NULL, 'database.db', 'operation_patterns', 'pattern_type', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'first_detected', NULL, 'database.db', 'operation_patterns', 'first_detected', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'operation_patterns', 'last_seen', NULL, 'database.db', 'operation_patterns', 'last_seen', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'operation_patterns', 'occurrence_count', NULL, 'database.db', 'operation_patterns', 'occurrence_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'typical_input_pattern', NULL, 'database.db', 'operation_patterns', 'typical_input_pattern', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'typical_operations', NULL, 'database.db', 'operation_patterns', 'typical_operations', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'typical_files_accessed', NULL, 'database.db', 'operation_patterns', 'typical_files_accessed', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'avg_tokens_with_llm', NULL, 'database.db', 'operation_patterns', 'avg_tokens_with_llm', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'avg_cost_with_llm', NULL, 'database.db', 'operation_patterns', 'avg_cost_with_llm', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'avg_tokens_with_tool', NULL, 'database.db', 'operation_patterns', 'avg_tokens_with_tool', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'avg_cost_with_tool', NULL, 'database.db', 'operation_patterns', 'avg_cost_with_tool', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'potential_monthly_savings', NULL, 'database.db', 'operation_patterns', 'potential_monthly_savings', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'automation_status', NULL, 'database.db', 'operation_patterns', 'automation_status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'confidence_score', NULL, 'database.db', 'operation_patterns', 'confidence_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'tool_name', NULL, 'database.db', 'operation_patterns', 'tool_name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'tool_script_path', NULL, 'database.db', 'operation_patterns', 'tool_script_path', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'reviewed_by', NULL, 'database.db', 'operation_patterns', 'reviewed_by', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'reviewed_at', NULL, 'database.db', 'operation_patterns', 'reviewed_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'review_notes', NULL, 'database.db', 'operation_patterns', 'review_notes', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'created_at', NULL, 'database.db', 'operation_patterns', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'operation_patterns', 'updated_at', NULL, 'database.db', 'operation_patterns', 'updated_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'pattern_occurrences', 'id', NULL, 'database.db', 'pattern_occurrences', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'pattern_occurrences', 'pattern_id', NULL, 'database.db', 'pattern_occurrences', 'pattern_id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'pattern_occurrences', 'workflow_id', NULL, 'database.db', 'pattern_occurrences', 'workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'pattern_occurrences', 'similarity_score', NULL, 'database.db', 'pattern_occurrences', 'similarity_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'pattern_occurrences', 'matched_characteristics', NULL, 'database.db', 'pattern_occurrences', 'matched_characteristics', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'pattern_occurrences', 'detected_at', NULL, 'database.db', 'pattern_occurrences', 'detected_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'hook_events', 'id', NULL, 'database.db', 'hook_events', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'hook_events', 'event_id', NULL, 'database.db', 'hook_events', 'event_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'event_type', NULL, 'database.db', 'hook_events', 'event_type', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'source_app', NULL, 'database.db', 'hook_events', 'source_app', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'session_id', NULL, 'database.db', 'hook_events', 'session_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'workflow_id', NULL, 'database.db', 'hook_events', 'workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'timestamp', NULL, 'database.db', 'hook_events', 'timestamp', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'payload', NULL, 'database.db', 'hook_events', 'payload', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'tool_name', NULL, 'database.db', 'hook_events', 'tool_name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'chat_history', NULL, 'database.db', 'hook_events', 'chat_history', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'hook_events', 'processed', NULL, 'database.db', 'hook_events', 'processed', 'INTEGER', 'INTEGER', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'hook_events', 'processed_at', NULL, 'database.db', 'hook_events', 'processed_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'hook_events', 'created_at', NULL, 'database.db', 'hook_events', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'id', NULL, 'database.db', 'adw_tools', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'tool_name', NULL, 'database.db', 'adw_tools', 'tool_name', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'description', NULL, 'database.db', 'adw_tools', 'description', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'tool_schema', NULL, 'database.db', 'adw_tools', 'tool_schema', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'script_path', NULL, 'database.db', 'adw_tools', 'script_path', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'input_patterns', NULL, 'database.db', 'adw_tools', 'input_patterns', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'output_format', NULL, 'database.db', 'adw_tools', 'output_format', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'avg_duration_seconds', NULL, 'database.db', 'adw_tools', 'avg_duration_seconds', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'avg_tokens_consumed', NULL, 'database.db', 'adw_tools', 'avg_tokens_consumed', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'avg_cost_usd', NULL, 'database.db', 'adw_tools', 'avg_cost_usd', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'success_rate', NULL, 'database.db', 'adw_tools', 'success_rate', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'total_invocations', NULL, 'database.db', 'adw_tools', 'total_invocations', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'last_invoked', NULL, 'database.db', 'adw_tools', 'last_invoked', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'adw_tools', 'status', NULL, 'database.db', 'adw_tools', 'status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'created_at', NULL, 'database.db', 'adw_tools', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'adw_tools', 'updated_at', NULL, 'database.db', 'adw_tools', 'updated_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'cost_savings_log', 'id', NULL, 'database.db', 'cost_savings_log', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'optimization_type', NULL, 'database.db', 'cost_savings_log', 'optimization_type', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'workflow_id', NULL, 'database.db', 'cost_savings_log', 'workflow_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'tool_call_id', NULL, 'database.db', 'cost_savings_log', 'tool_call_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'pattern_id', NULL, 'database.db', 'cost_savings_log', 'pattern_id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'baseline_tokens', NULL, 'database.db', 'cost_savings_log', 'baseline_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'actual_tokens', NULL, 'database.db', 'cost_savings_log', 'actual_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'tokens_saved', NULL, 'database.db', 'cost_savings_log', 'tokens_saved', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'cost_saved_usd', NULL, 'database.db', 'cost_savings_log', 'cost_saved_usd', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'cost_savings_log', 'saved_at', NULL, 'database.db', 'cost_savings_log', 'saved_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'cost_savings_log', 'notes', NULL, 'database.db', 'cost_savings_log', 'notes', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'queue_config', 'config_key', NULL, 'database.db', 'queue_config', 'config_key', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'queue_config', 'config_value', NULL, 'database.db', 'queue_config', 'config_value', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'queue_config', 'updated_at', NULL, 'database.db', 'queue_config', 'updated_at', 'TIMESTAMP', 'NUMERIC', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'schema_migrations', 'id', NULL, 'workflow_history.db', 'schema_migrations', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'schema_migrations', 'migration_file', NULL, 'workflow_history.db', 'schema_migrations', 'migration_file', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'schema_migrations', 'applied_at', NULL, 'workflow_history.db', 'schema_migrations', 'applied_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'schema_migrations', 'checksum', NULL, 'workflow_history.db', 'schema_migrations', 'checksum', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'id', NULL, 'workflow_history.db', 'workflow_history_archive', 'id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'original_id', NULL, 'workflow_history.db', 'workflow_history_archive', 'original_id', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'adw_id', NULL, 'workflow_history.db', 'workflow_history_archive', 'adw_id', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'issue_number', NULL, 'workflow_history.db', 'workflow_history_archive', 'issue_number', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'nl_input', NULL, 'workflow_history.db', 'workflow_history_archive', 'nl_input', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'github_url', NULL, 'workflow_history.db', 'workflow_history_archive', 'github_url', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'workflow_template', NULL, 'workflow_history.db', 'workflow_history_archive', 'workflow_template', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'model_used', NULL, 'workflow_history.db', 'workflow_history_archive', 'model_used', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'status', NULL, 'workflow_history.db', 'workflow_history_archive', 'status', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'start_time', NULL, 'workflow_history.db', 'workflow_history_archive', 'start_time', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'end_time', NULL, 'workflow_history.db', 'workflow_history_archive', 'end_time', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'duration_seconds', NULL, 'workflow_history.db', 'workflow_history_archive', 'duration_seconds', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'error_message', NULL, 'workflow_history.db', 'workflow_history_archive', 'error_message', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'phase_count', NULL, 'workflow_history.db', 'workflow_history_archive', 'phase_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'current_phase', NULL, 'workflow_history.db', 'workflow_history_archive', 'current_phase', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'success_rate', NULL, 'workflow_history.db', 'workflow_history_archive', 'success_rate', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'retry_count', NULL, 'workflow_history.db', 'workflow_history_archive', 'retry_count', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'worktree_path', NULL, 'workflow_history.db', 'workflow_history_archive', 'worktree_path', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'backend_port', NULL, 'workflow_history.db', 'workflow_history_archive', 'backend_port', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'frontend_port', NULL, 'workflow_history.db', 'workflow_history_archive', 'frontend_port', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'concurrent_workflows', NULL, 'workflow_history.db', 'workflow_history_archive', 'concurrent_workflows', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'input_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'input_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'output_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'output_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cached_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'cached_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cache_hit_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'cache_hit_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cache_miss_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'cache_miss_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'total_tokens', NULL, 'workflow_history.db', 'workflow_history_archive', 'total_tokens', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cache_efficiency_percent', NULL, 'workflow_history.db', 'workflow_history_archive', 'cache_efficiency_percent', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'estimated_cost_total', NULL, 'workflow_history.db', 'workflow_history_archive', 'estimated_cost_total', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'actual_cost_total', NULL, 'workflow_history.db', 'workflow_history_archive', 'actual_cost_total', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'estimated_cost_per_step', NULL, 'workflow_history.db', 'workflow_history_archive', 'estimated_cost_per_step', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'actual_cost_per_step', NULL, 'workflow_history.db', 'workflow_history_archive', 'actual_cost_per_step', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cost_per_token', NULL, 'workflow_history.db', 'workflow_history_archive', 'cost_per_token', 'REAL', 'REAL', 'BINARY', 'numeric(14,8)', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'structured_input', NULL, 'workflow_history.db', 'workflow_history_archive', 'structured_input', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cost_breakdown', NULL, 'workflow_history.db', 'workflow_history_archive', 'cost_breakdown', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'token_breakdown', NULL, 'workflow_history.db', 'workflow_history_archive', 'token_breakdown', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'worktree_reused', NULL, 'workflow_history.db', 'workflow_history_archive', 'worktree_reused', 'INTEGER', 'INTEGER', 'BINARY', 'boolean', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'steps_completed', NULL, 'workflow_history.db', 'workflow_history_archive', 'steps_completed', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'steps_total', NULL, 'workflow_history.db', 'workflow_history_archive', 'steps_total', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'hour_of_day', NULL, 'workflow_history.db', 'workflow_history_archive', 'hour_of_day', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'day_of_week', NULL, 'workflow_history.db', 'workflow_history_archive', 'day_of_week', 'INTEGER', 'INTEGER', 'BINARY', 'bigint', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'nl_input_clarity_score', NULL, 'workflow_history.db', 'workflow_history_archive', 'nl_input_clarity_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'cost_efficiency_score', NULL, 'workflow_history.db', 'workflow_history_archive', 'cost_efficiency_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'performance_score', NULL, 'workflow_history.db', 'workflow_history_archive', 'performance_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'quality_score', NULL, 'workflow_history.db', 'workflow_history_archive', 'quality_score', 'REAL', 'REAL', 'BINARY', 'double precision', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'scoring_version', NULL, 'workflow_history.db', 'workflow_history_archive', 'scoring_version', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'anomaly_flags', NULL, 'workflow_history.db', 'workflow_history_archive', 'anomaly_flags', 'TEXT', 'TEXT', 'BINARY', 'json', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'optimization_recommendations', NULL, 'workflow_history.db', 'workflow_history_archive', 'optimization_recommendations', 'TEXT', 'TEXT', 'BINARY', 'jsonb', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'created_at', NULL, 'workflow_history.db', 'workflow_history_archive', 'created_at', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false),
('public', 'workflow_history_archive', 'updated_at', NULL, 'workflow_history.db', 'workflow_history_archive', 'updated_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'workflow_history_archive', 'archived_at', NULL, 'workflow_history.db', 'workflow_history_archive', 'archived_at', 'TEXT', 'TEXT', 'BINARY', 'timestamp without time zone', 'YYYY-MM-DD HH:MM:SS', 'the schema file made it', false),
('public', 'workflow_history_archive', 'archive_reason', NULL, 'workflow_history.db', 'workflow_history_archive', 'archive_reason', 'TEXT', 'TEXT', 'BINARY', 'text', NULL, 'the schema file made it', false)
ON CONFLICT (schema_name, table_name, column_name) DO UPDATE SET
    (run, file, source_table, source_column, declared, affinity, source_collation, type, shape, reason, mixed) =
    (EXCLUDED.run, EXCLUDED.file, EXCLUDED.source_table, EXCLUDED.source_column, EXCLUDED.declared, EXCLUDED.affinity, EXCLUDED.source_collation, EXCLUDED.type, EXCLUDED.shape, EXCLUDED.reason, EXCLUDED.mixed);

INSERT INTO outgrow.definitions
    (schema_name, kind, name, source_name, source_table, sql)
VALUES
('public', 'table', 'adw_locks', 'adw_locks', 'adw_locks', $sql$CREATE TABLE adw_locks (
    issue_number INTEGER PRIMARY KEY,
    adw_id TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN (
            'planning', 'building', 'testing', 'reviewing', 'documenting'
        )),
    github_url TEXT,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)$sql$),
('public', 'table', 'workflow_history', 'workflow_history', 'workflow_history', $sql$CREATE TABLE "workflow_history" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "adw_id" TEXT NOT NULL,
    "issue_number" INTEGER,
    "nl_input" TEXT,
    "github_url" TEXT,
    "gh_issue_state" TEXT,  -- GitHub issue state: 'open', 'closed', or NULL
    "workflow_template" TEXT,
    "model_used" TEXT,
    "status" TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')
),
    "start_time" TEXT,
    "end_time" TEXT,
    "duration_seconds" INTEGER,
    "error_message" TEXT,
    "phase_count" INTEGER,
    "current_phase" TEXT,
    "success_rate" REAL,
    "retry_count" INTEGER DEFAULT 0,
    "worktree_path" TEXT,
    "backend_port" INTEGER,
    "frontend_port" INTEGER,
    "concurrent_workflows" INTEGER DEFAULT 0,
    "input_tokens" INTEGER DEFAULT 0,
    "output_tokens" INTEGER DEFAULT 0,
    "cached_tokens" INTEGER DEFAULT 0,
    "cache_hit_tokens" INTEGER DEFAULT 0,
    "cache_miss_tokens" INTEGER DEFAULT 0,
    "total_tokens" INTEGER DEFAULT 0,
    "cache_efficiency_percent" REAL DEFAULT 0.0,
    "estimated_cost_total" REAL DEFAULT 0.0,
    "actual_cost_total" REAL DEFAULT 0.0,
    "estimated_cost_per_step" REAL DEFAULT 0.0,
    "actual_cost_per_step" REAL DEFAULT 0.0,
    "cost_per_token" REAL DEFAULT 0.0,
    "structured_input" TEXT,  -- JSON object
    "cost_breakdown" TEXT,  -- JSON object
    "token_breakdown" TEXT,  -- JSON object
    "worktree_reused" INTEGER DEFAULT 0,  -- Boolean (0 or 1)
    "steps_completed" INTEGER DEFAULT 0,
    "steps_total" INTEGER DEFAULT 0,
    "hour_of_day" INTEGER DEFAULT (-1),
    "day_of_week" INTEGER DEFAULT (-1),
    "nl_input_clarity_score" REAL DEFAULT 0.0,
    "cost_efficiency_score" REAL DEFAULT 0.0,
    "performance_score" REAL DEFAULT 0.0,
    "quality_score" REAL DEFAULT 0.0,
    "scoring_version" TEXT DEFAULT '1.0',
    "anomaly_flags" TEXT,  -- JSON array of anomaly objects
    "optimization_recommendations" TEXT,  -- JSON array of recommendation strings
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "workflow_id" TEXT,
    "workflow_type" TEXT DEFAULT 'planning',
    "parent_workflow_id" TEXT,
    "input_hash" TEXT,
    "output_summary" TEXT,
    "nl_input_word_count" INTEGER,
    "structured_input_completeness_percent" REAL,
    "submission_hour" INTEGER,
    "submission_day_of_week" INTEGER,
    "pr_merged" INTEGER DEFAULT 0,
    "time_to_merge_hours" REAL,
    "review_cycles" INTEGER,
    "ci_test_pass_rate" REAL,
    "similar_workflow_ids" TEXT,
    "idle_time_seconds" INTEGER,
    "bottleneck_phase" TEXT,
    "error_category" TEXT,
    "retry_reasons" TEXT,
    "error_phase_distribution" TEXT,
    "recovery_time_seconds" INTEGER,
    "complexity_estimated" TEXT,
    "complexity_actual" TEXT,
    "phase_number" INTEGER,
    "is_multi_phase" BOOLEAN DEFAULT 0,
    UNIQUE ("adw_id")
)$sql$),
('public', 'table', 'employees', 'employees', 'employees', $sql$CREATE TABLE employees (
    department TEXT,
    employee TEXT,
    salary INTEGER
)$sql$),
('public', 'table', 'users', 'users', 'users', $sql$CREATE TABLE users (
    name TEXT,
    age INTEGER,
    city TEXT
)$sql$),
('public', 'table', 'products', 'products', 'products', $sql$CREATE TABLE products (
    product TEXT,
    price REAL,
    stock INTEGER
)$sql$),
('public', 'table', 'staff', 'staff', 'staff', $sql$CREATE TABLE staff (
    department TEXT,
    employee TEXT,
    salary INTEGER
)$sql$),
('public', 'table', 'empty', 'empty', 'empty', $sql$CREATE TABLE empty (
    name TEXT,
    age TEXT,
    city TEXT
)$sql$),
('public', 'table', 'large', 'large', 'large', $sql$CREATE TABLE large (
    name TEXT,
    age INTEGER,
    city TEXT
)$sql$),
('public', 'table', 'special', 'special', 'special', $sql$CREATE TABLE special (
    name TEXT,
    description TEXT,
    price REAL
)$sql$),
('public', 'table', 'people', 'people', 'people', $sql$CREATE TABLE people (
    name TEXT,
    age INTEGER,
    city TEXT
)$sql$),
('public', 'table', 'file1', 'file1', 'file1', $sql$CREATE TABLE file1 (
    id INTEGER,
    value TEXT
)$sql$),
('public', 'table', 'file4', 'file4', 'file4', $sql$CREATE TABLE file4 (
    id INTEGER,
    value TEXT
)$sql$),
('public', 'table', 'file0', 'file0', 'file0', $sql$CREATE TABLE file0 (
    id INTEGER,
    value TEXT
)$sql$),
('public', 'table', 'file3', 'file3', 'file3', $sql$CREATE TABLE file3 (
    id INTEGER,
    value TEXT
)$sql$),
('public', 'table', 'file2', 'file2', 'file2', $sql$CREATE TABLE file2 (
    id INTEGER,
    value TEXT
)$sql$),
('public', 'table', 'wide', 'wide', 'wide', $sql$CREATE TABLE wide (
    col0 INTEGER, col1 INTEGER, col2 INTEGER, col3 INTEGER, col4 INTEGER,
    col5 INTEGER, col6 INTEGER, col7 INTEGER, col8 INTEGER, col9 INTEGER,
    col10 INTEGER, col11 INTEGER, col12 INTEGER, col13 INTEGER, col14 INTEGER,
    col15 INTEGER, col16 INTEGER, col17 INTEGER, col18 INTEGER, col19 INTEGER,
    col20 INTEGER, col21 INTEGER, col22 INTEGER, col23 INTEGER, col24 INTEGER,
    col25 INTEGER, col26 INTEGER, col27 INTEGER, col28 INTEGER, col29 INTEGER,
    col30 INTEGER, col31 INTEGER, col32 INTEGER, col33 INTEGER, col34 INTEGER,
    col35 INTEGER, col36 INTEGER, col37 INTEGER, col38 INTEGER, col39 INTEGER,
    col40 INTEGER, col41 INTEGER, col42 INTEGER, col43 INTEGER, col44 INTEGER,
    col45 INTEGER, col46 INTEGER, col47 INTEGER, col48 INTEGER, col49 INTEGER,
    col50 INTEGER, col51 INTEGER, col52 INTEGER, col53 INTEGER, col54 INTEGER,
    col55 INTEGER, col56 INTEGER, col57 INTEGER, col58 INTEGER, col59 INTEGER,
    col60 INTEGER, col61 INTEGER, col62 INTEGER, col63 INTEGER, col64 INTEGER,
    col65 INTEGER, col66 INTEGER, col67 INTEGER, col68 INTEGER, col69 INTEGER,
    col70 INTEGER, col71 INTEGER, col72 INTEGER, col73 INTEGER, col74 INTEGER,
    col75 INTEGER, col76 INTEGER, col77 INTEGER, col78 INTEGER, col79 INTEGER,
    col80 INTEGER, col81 INTEGER, col82 INTEGER, col83 INTEGER, col84 INTEGER,
    col85 INTEGER, col86 INTEGER, col87 INTEGER, col88 INTEGER, col89 INTEGER,
    col90 INTEGER, col91 INTEGER, col92 INTEGER, col93 INTEGER, col94 INTEGER,
    col95 INTEGER, col96 INTEGER, col97 INTEGER, col98 INTEGER, col99 INTEGER
)$sql$),
('public', 'table', 'data', 'data', 'data', $sql$CREATE TABLE data (
    name TEXT,
    age INTEGER,
    city TEXT
)$sql$),
('public', 'table', 'phase_queue', 'phase_queue', 'phase_queue', $sql$CREATE TABLE phase_queue (
    queue_id TEXT PRIMARY KEY,
    parent_issue INTEGER NOT NULL,
    phase_number INTEGER NOT NULL,
    issue_number INTEGER,  -- NULL until GitHub issue created
    status TEXT DEFAULT 'queued'
        CHECK (status IN (
            'queued', 'ready', 'running', 'completed', 'blocked', 'failed'
        )),
    depends_on_phase INTEGER,  -- Phase number that must complete first (NULL for Phase 1)
    phase_data TEXT,  -- JSON: {title, content, externalDocs}
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    error_message TEXT,
    adw_id TEXT,
    pr_number INTEGER,
    priority INTEGER DEFAULT 50,
    queue_position INTEGER,
    ready_timestamp TEXT,
    started_timestamp TEXT
)$sql$),
('public', 'table', 'tool_calls', 'tool_calls', 'tool_calls', $sql$CREATE TABLE tool_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_call_id TEXT NOT NULL UNIQUE,
    workflow_id TEXT NOT NULL,
    tool_name TEXT NOT NULL,
    tool_params TEXT,  -- JSON
    called_at TEXT DEFAULT (datetime('now')),
    completed_at TEXT,
    duration_seconds REAL,
    success INTEGER DEFAULT 0,  -- SQLite uses INTEGER for BOOLEAN
    result_data TEXT,  -- JSON
    error_message TEXT,
    tokens_saved INTEGER DEFAULT 0,
    cost_saved_usd REAL DEFAULT 0.0,
    pre_tool_snapshot TEXT,  -- JSON from PreToolUse hook
    post_tool_snapshot TEXT,  -- JSON from PostToolUse hook
    created_at TEXT DEFAULT (datetime('now')),
    FOREIGN KEY (workflow_id) REFERENCES workflow_history (workflow_id)
)$sql$),
('public', 'table', 'operation_patterns', 'operation_patterns', 'operation_patterns', $sql$CREATE TABLE operation_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_signature TEXT NOT NULL UNIQUE,
    pattern_type TEXT NOT NULL,
    first_detected TEXT DEFAULT (datetime('now')),
    last_seen TEXT DEFAULT (datetime('now')),
    occurrence_count INTEGER DEFAULT 1,
    typical_input_pattern TEXT,  -- Common input characteristics
    typical_operations TEXT,  -- JSON array of operations
    typical_files_accessed TEXT,  -- JSON array of file patterns
    avg_tokens_with_llm INTEGER DEFAULT 0,
    avg_cost_with_llm REAL DEFAULT 0.0,
    avg_tokens_with_tool INTEGER DEFAULT 0,
    avg_cost_with_tool REAL DEFAULT 0.0,
    potential_monthly_savings REAL DEFAULT 0.0,
    automation_status TEXT DEFAULT 'detected'
        CHECK (automation_status IN (
            'detected', 'candidate', 'approved', 'implemented', 'active', 'deprecated'
        )),
    confidence_score REAL DEFAULT 0.0,
    tool_name TEXT,
    tool_script_path TEXT,
    reviewed_by TEXT,
    reviewed_at TEXT,
    review_notes TEXT,
    created_at TEXT DEFAULT (datetime('now')),
    updated_at TEXT DEFAULT (datetime('now'))
)$sql$),
('public', 'table', 'pattern_occurrences', 'pattern_occurrences', 'pattern_occurrences', $sql$CREATE TABLE pattern_occurrences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_id INTEGER NOT NULL,
    workflow_id TEXT NOT NULL,
    similarity_score REAL DEFAULT 0.0,
    matched_characteristics TEXT,  -- JSON
    detected_at TEXT DEFAULT (datetime('now')),
    FOREIGN KEY (workflow_id) REFERENCES workflow_history (workflow_id),
    FOREIGN KEY (pattern_id) REFERENCES operation_patterns (id)
)$sql$),
('public', 'table', 'hook_events', 'hook_events', 'hook_events', $sql$CREATE TABLE hook_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL
        CHECK (event_type IN (
            'PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'Stop', 'SubagentStop',
            'PreCompact', 'SessionStart', 'SessionEnd', 'Notification'
        )),
    source_app TEXT,  -- 'main_adw', 'test_adw', 'build_adw', etc.
    session_id TEXT,
    workflow_id TEXT,
    timestamp TEXT DEFAULT (datetime('now')),
    payload TEXT NOT NULL,  -- JSON
    tool_name TEXT,
    chat_history TEXT,  -- JSON, optional
    processed INTEGER DEFAULT 0,  -- For pattern learning queue
    processed_at TEXT,
    created_at TEXT DEFAULT (datetime('now')),
    FOREIGN KEY (workflow_id) REFERENCES workflow_history (workflow_id)
)$sql$),
('public', 'table', 'adw_tools', 'adw_tools', 'adw_tools', $sql$CREATE TABLE adw_tools (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    tool_schema TEXT NOT NULL,  -- JSON schema for tool parameters
    script_path TEXT NOT NULL,
    input_patterns TEXT,  -- JSON array
    output_format TEXT,  -- JSON schema
    avg_duration_seconds REAL DEFAULT 0.0,
    avg_tokens_consumed INTEGER DEFAULT 0,
    avg_cost_usd REAL DEFAULT 0.0,
    success_rate REAL DEFAULT 1.0,  -- 0.0 to 1.0
    total_invocations INTEGER DEFAULT 0,
    last_invoked TEXT,
    status TEXT DEFAULT 'active' CHECK (status IN ('active', 'deprecated', 'experimental')),
    created_at TEXT DEFAULT (datetime('now')),
    updated_at TEXT DEFAULT (datetime('now'))
)$sql$),
('public', 'table', 'cost_savings_log', 'cost_savings_log', 'cost_savings_log', $sql$CREATE TABLE cost_savings_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    optimization_type TEXT NOT NULL
        CHECK (optimization_type IN (
            'tool_call', 'input_split', 'pattern_offload', 'inverted_flow'
        )),
    workflow_id TEXT NOT NULL,
    tool_call_id TEXT,
    pattern_id INTEGER,
    baseline_tokens INTEGER DEFAULT 0,
    actual_tokens INTEGER DEFAULT 0,
    tokens_saved INTEGER DEFAULT 0,
    cost_saved_usd REAL DEFAULT 0.0,
    saved_at TEXT DEFAULT (datetime('now')),
    notes TEXT,
    FOREIGN KEY (pattern_id) REFERENCES operation_patterns (id),
    FOREIGN KEY (tool_call_id) REFERENCES tool_calls (tool_call_id),
    FOREIGN KEY (workflow_id) REFERENCES workflow_history (workflow_id)
)$sql$),
('public', 'table', 'queue_config', 'queue_config', 'queue_config', $sql$CREATE TABLE queue_config (
    config_key TEXT PRIMARY KEY,
    config_value TEXT NOT NULL,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
)$sql$),
('public', 'table', 'schema_migrations', 'schema_migrations', 'schema_migrations', $sql$CREATE TABLE schema_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    migration_file TEXT NOT NULL UNIQUE,
    applied_at TEXT DEFAULT (datetime('now')),
    checksum TEXT
)$sql$),
('public', 'table', 'workflow_history_archive', 'workflow_history_archive', 'workflow_history_archive', $sql$CREATE TABLE workflow_history_archive (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    original_id INTEGER NOT NULL,
    adw_id TEXT NOT NULL,
    issue_number INTEGER,
    nl_input TEXT,
    github_url TEXT,
    workflow_template TEXT,
    model_used TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    start_time TEXT,
    end_time TEXT,
    duration_seconds INTEGER,
    error_message TEXT,
    phase_count INTEGER,
    current_phase TEXT,
    success_rate REAL,
    retry_count INTEGER DEFAULT 0,
    worktree_path TEXT,
    backend_port INTEGER,
    frontend_port INTEGER,
    concurrent_workflows INTEGER DEFAULT 0,
    input_tokens INTEGER DEFAULT 0,
    output_tokens INTEGER DEFAULT 0,
    cached_tokens INTEGER DEFAULT 0,
    cache_hit_tokens INTEGER DEFAULT 0,
    cache_miss_tokens INTEGER DEFAULT 0,
    total_tokens INTEGER DEFAULT 0,
    cache_efficiency_percent REAL DEFAULT 0.0,
    estimated_cost_total REAL DEFAULT 0.0,
    actual_cost_total REAL DEFAULT 0.0,
    estimated_cost_per_step REAL DEFAULT 0.0,
    actual_cost_per_step REAL DEFAULT 0.0,
    cost_per_token REAL DEFAULT 0.0,
    structured_input TEXT,
    cost_breakdown TEXT,
    token_breakdown TEXT,
    worktree_reused INTEGER DEFAULT 0,
    steps_completed INTEGER DEFAULT 0,
    steps_total INTEGER DEFAULT 0,
    hour_of_day INTEGER DEFAULT -1,
    day_of_week INTEGER DEFAULT -1,
    nl_input_clarity_score REAL DEFAULT 0.0,
    cost_efficiency_score REAL DEFAULT 0.0,
    performance_score REAL DEFAULT 0.0,
    quality_score REAL DEFAULT 0.0,
    scoring_version TEXT DEFAULT '1.0',
    anomaly_flags TEXT,
    optimization_recommendations TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    archive_reason TEXT
)$sql$),
('public', 'index', 'idx_adw_locks_status', 'idx_adw_locks_status', 'adw_locks', 'CREATE INDEX idx_adw_locks_status ON adw_locks (status)'),
('public', 'index', 'idx_adw_id', 'idx_adw_id', 'workflow_history', 'CREATE INDEX idx_adw_id ON workflow_history (adw_id)'),
('public', 'index', 'idx_created_at', 'idx_created_at', 'workflow_history', 'CREATE INDEX idx_created_at ON workflow_history (created_at DESC)'),
('public', 'index', 'idx_issue_number', 'idx_issue_number', 'workflow_history', 'CREATE INDEX idx_issue_number ON workflow_history (issue_number)'),
('public', 'index', 'idx_model_used', 'idx_model_used', 'workflow_history', 'CREATE INDEX idx_model_used ON workflow_history (model_used)'),
('public', 'index', 'idx_status', 'idx_status', 'workflow_history', 'CREATE INDEX idx_status ON workflow_history (status)'),
('public', 'index', 'idx_workflow_history_input_hash', 'idx_workflow_history_input_hash', 'workflow_history', 'CREATE INDEX idx_workflow_history_input_hash ON workflow_history (input_hash)'),
('public', 'index', 'idx_workflow_history_parent_id', 'idx_workflow_history_parent_id', 'workflow_history', 'CREATE INDEX idx_workflow_history_parent_id ON workflow_history (parent_workflow_id)'),
('public', 'index', 'idx_workflow_history_workflow_id', 'idx_workflow_history_workflow_id', 'workflow_history', 'CREATE INDEX idx_workflow_history_workflow_id ON workflow_history (workflow_id)'),
('public', 'index', 'idx_workflow_history_workflow_type', 'idx_workflow_history_workflow_type', 'workflow_history', 'CREATE INDEX idx_workflow_history_workflow_type ON workflow_history (workflow_type)'),
('public', 'index', 'idx_workflow_template', 'idx_workflow_template', 'workflow_history', 'CREATE INDEX idx_workflow_template ON workflow_history (workflow_template)'),
('public', 'index', 'idx_cost_efficiency_score', 'idx_cost_efficiency_score', 'workflow_history', 'CREATE INDEX idx_cost_efficiency_score ON workflow_history (cost_efficiency_score)'),
('public', 'index', 'idx_day_of_week', 'idx_day_of_week', 'workflow_history', 'CREATE INDEX idx_day_of_week ON workflow_history (day_of_week)'),
('public', 'index', 'idx_performance_score', 'idx_performance_score', 'workflow_history', 'CREATE INDEX idx_performance_score ON workflow_history (performance_score)'),
('public', 'index', 'idx_pr_merged', 'idx_pr_merged', 'workflow_history', 'CREATE INDEX idx_pr_merged ON workflow_history (pr_merged)'),
('public', 'index', 'idx_quality_score', 'idx_quality_score', 'workflow_history', 'CREATE INDEX idx_quality_score ON workflow_history (quality_score)'),
('public', 'index', 'idx_submission_hour', 'idx_submission_hour', 'workflow_history', 'CREATE INDEX idx_submission_hour ON workflow_history (submission_hour)'),
('public', 'index', 'idx_workflow_type', 'idx_workflow_type', 'workflow_history', 'CREATE INDEX idx_workflow_type ON workflow_history (workflow_type)'),
('public', 'index', 'idx_phase_queue_issue', 'idx_phase_queue_issue', 'phase_queue', 'CREATE INDEX idx_phase_queue_issue ON phase_queue (issue_number)'),
('public', 'index', 'idx_phase_queue_parent', 'idx_phase_queue_parent', 'phase_queue', 'CREATE INDEX idx_phase_queue_parent ON phase_queue (parent_issue)'),
('public', 'index', 'idx_phase_queue_priority', 'idx_phase_queue_priority', 'phase_queue', 'CREATE INDEX idx_phase_queue_priority ON phase_queue (priority, queue_position)'),
('public', 'index', 'idx_phase_queue_status', 'idx_phase_queue_status', 'phase_queue', 'CREATE INDEX idx_phase_queue_status ON phase_queue (status)'),
('public', 'index', 'idx_tool_calls_called_at', 'idx_tool_calls_called_at', 'tool_calls', 'CREATE INDEX idx_tool_calls_called_at ON tool_calls (called_at)'),
('public', 'index', 'idx_tool_calls_success', 'idx_tool_calls_success', 'tool_calls', 'CREATE INDEX idx_tool_calls_success ON tool_calls (success)'),
('public', 'index', 'idx_tool_calls_tool_name', 'idx_tool_calls_tool_name', 'tool_calls', 'CREATE INDEX idx_tool_calls_tool_name ON tool_calls (tool_name)'),
('public', 'index', 'idx_tool_calls_workflow', 'idx_tool_calls_workflow', 'tool_calls', 'CREATE INDEX idx_tool_calls_workflow ON tool_calls (workflow_id)'),
('public', 'index', 'idx_operation_patterns_confidence', 'idx_operation_patterns_confidence', 'operation_patterns', 'CREATE INDEX idx_operation_patterns_confidence ON operation_patterns (confidence_score)'),
('public', 'index', 'idx_operation_patterns_occurrence', 'idx_operation_patterns_occurrence', 'operation_patterns', 'CREATE INDEX idx_operation_patterns_occurrence ON operation_patterns (occurrence_count)'),
('public', 'index', 'idx_operation_patterns_status', 'idx_operation_patterns_status', 'operation_patterns', 'CREATE INDEX idx_operation_patterns_status ON operation_patterns (automation_status)'),
('public', 'index', 'idx_operation_patterns_type', 'idx_operation_patterns_type', 'operation_patterns', 'CREATE INDEX idx_operation_patterns_type ON operation_patterns (pattern_type)'),
('public', 'index', 'idx_pattern_occurrences_detected', 'idx_pattern_occurrences_detected', 'pattern_occurrences', 'CREATE INDEX idx_pattern_occurrences_detected ON pattern_occurrences (detected_at)'),
('public', 'index', 'idx_pattern_occurrences_pattern', 'idx_pattern_occurrences_pattern', 'pattern_occurrences', 'CREATE INDEX idx_pattern_occurrences_pattern ON pattern_occurrences (pattern_id)'),
('public', 'index', 'idx_pattern_occurrences_workflow', 'idx_pattern_occurrences_workflow', 'pattern_occurrences', 'CREATE INDEX idx_pattern_occurrences_workflow ON pattern_occurrences (workflow_id)'),
('public', 'index', 'idx_hook_events_processed', 'idx_hook_events_processed', 'hook_events', 'CREATE INDEX idx_hook_events_processed ON hook_events (processed)'),
('public', 'index', 'idx_hook_events_session', 'idx_hook_events_session', 'hook_events', 'CREATE INDEX idx_hook_events_session ON hook_events (session_id)'),
('public', 'index', 'idx_hook_events_source_app', 'idx_hook_events_source_app', 'hook_events', 'CREATE INDEX idx_hook_events_source_app ON hook_events (source_app)'),
('public', 'index', 'idx_hook_events_timestamp', 'idx_hook_events_timestamp', 'hook_events', 'CREATE INDEX idx_hook_events_timestamp ON hook_events (timestamp)'),
('public', 'index', 'idx_hook_events_type', 'idx_hook_events_type', 'hook_events', 'CREATE INDEX idx_hook_events_type ON hook_events (event_type)'),
('public', 'index', 'idx_hook_events_workflow', 'idx_hook_events_workflow', 'hook_events', 'CREATE INDEX idx_hook_events_workflow ON hook_events (workflow_id)'),
('public', 'index', 'idx_adw_tools_name', 'idx_adw_tools_name', 'adw_tools', 'CREATE INDEX idx_adw_tools_name ON adw_tools (tool_name)'),
('public', 'index', 'idx_adw_tools_status', 'idx_adw_tools_status', 'adw_tools', 'CREATE INDEX idx_adw_tools_status ON adw_tools (status)'),
('public', 'index', 'idx_cost_savings_saved_at', 'idx_cost_savings_saved_at', 'cost_savings_log', 'CREATE INDEX idx_cost_savings_saved_at ON cost_savings_log (saved_at)'),
('public', 'index', 'idx_cost_savings_type', 'idx_cost_savings_type', 'cost_savings_log', 'CREATE INDEX idx_cost_savings_type ON cost_savings_log (optimization_type)'),
('public', 'index', 'idx_cost_savings_workflow', 'idx_cost_savings_workflow', 'cost_savings_log', 'CREATE INDEX idx_cost_savings_workflow ON cost_savings_log (workflow_id)'),
('public', 'index', 'idx_archive_adw_id', 'idx_archive_adw_id', 'workflow_history_archive', 'CREATE INDEX idx_archive_adw_id ON workflow_history_archive (adw_id)'),
('public', 'index', 'idx_archive_archived_at', 'idx_archive_archived_at', 'workflow_history_archive', 'CREATE INDEX idx_archive_archived_at ON workflow_history_archive (archived_at DESC)'),
('public', 'index', 'idx_archive_issue_number', 'idx_archive_issue_number', 'workflow_history_archive', 'CREATE INDEX idx_archive_issue_number ON workflow_history_archive (issue_number)'),
('public', 'view', 'v_high_value_patterns', 'v_high_value_patterns', 'v_high_value_patterns', $sql$CREATE VIEW v_high_value_patterns AS
SELECT
    p.*,
    p.potential_monthly_savings * 12 AS yearly_savings_usd,
    (SELECT COUNT(*) FROM pattern_occurrences o WHERE o.pattern_id = p.id) AS times_seen
FROM operation_patterns p
WHERE p.automation_status IN ('detected', 'candidate')
  AND p.confidence_score >= 70
  AND p.potential_monthly_savings >= 0.50
ORDER BY p.potential_monthly_savings DESC$sql$),
('public', 'view', 'v_tool_performance', 'v_tool_performance', 'v_tool_performance', $sql$CREATE VIEW v_tool_performance AS
SELECT
    t.tool_name,
    t.total_invocations,
    t.success_rate * 100 AS success_percent,
    t.avg_duration_seconds,
    t.avg_cost_usd,
    (SELECT COUNT(*) FROM tool_calls c WHERE c.tool_name = t.tool_name AND c.success = 1)
        AS calls_succeeded,
    (SELECT COUNT(*) FROM tool_calls c WHERE c.tool_name = t.tool_name AND c.success = 0)
        AS calls_failed,
    (SELECT SUM(c.cost_saved_usd) FROM tool_calls c WHERE c.tool_name = t.tool_name)
        AS cost_saved_usd
FROM adw_tools t
WHERE t.status = 'active'
ORDER BY t.total_invocations DESC$sql$),
('public', 'view', 'v_cost_savings_summary', 'v_cost_savings_summary', 'v_cost_savings_summary', $sql$CREATE VIEW v_cost_savings_summary AS
SELECT
    optimization_type,
    COUNT(*) AS savings,
    SUM(tokens_saved) AS tokens_saved,
    SUM(cost_saved_usd) AS cost_saved_usd,
    AVG(cost_saved_usd) AS average_cost_saved_usd,
    MIN(saved_at) AS first_saved_at,
    MAX(saved_at) AS last_saved_at
FROM cost_savings_log
GROUP BY optimization_type
ORDER BY SUM(cost_saved_usd) DESC$sql$),
('public', 'view', 'v_hook_events_daily', 'v_hook_events_daily', 'v_hook_events_daily', $sql$CREATE VIEW v_hook_events_daily AS
SELECT
    DATE(timestamp) AS day,
    event_type,
    source_app,
    COUNT(*) AS events,
    SUM(CASE WHEN processed = 1 THEN 1 ELSE 0 END) AS events_processed,
    SUM(CASE WHEN processed = 0 THEN 1 ELSE 0 END) AS events_waiting
FROM hook_events
GROUP BY DATE(timestamp), event_type, source_app
ORDER BY day DESC, events DESC$sql$),
('public', 'trigger', 'trigger_update_pattern_timestamp', 'trigger_update_pattern_timestamp', 'operation_patterns', $sql$CREATE TRIGGER trigger_update_pattern_timestamp
AFTER UPDATE ON operation_patterns
BEGIN
    UPDATE operation_patterns SET updated_at = datetime('now') WHERE id = NEW.id;
END$sql$),
('public', 'trigger', 'trigger_update_tool_timestamp', 'trigger_update_tool_timestamp', 'adw_tools', $sql$CREATE TRIGGER trigger_update_tool_timestamp
AFTER UPDATE ON adw_tools
BEGIN
    UPDATE adw_tools SET updated_at = datetime('now') WHERE id = NEW.id;
END$sql$),
('public', 'trigger', 'trigger_increment_tool_invocations', 'trigger_increment_tool_invocations', 'tool_calls', $sql$CREATE TRIGGER trigger_increment_tool_invocations
AFTER INSERT ON tool_calls
BEGIN
    UPDATE adw_tools
    SET total_invocations = total_invocations + 1, last_invoked = datetime('now')
    WHERE tool_name = NEW.tool_name;
END$sql$),
('public', 'trigger', 'trigger_update_tool_success_rate', 'trigger_update_tool_success_rate', 'tool_calls', $sql$CREATE TRIGGER trigger_update_tool_success_rate
AFTER UPDATE OF success ON tool_calls
WHEN NEW.success IS NOT NULL
BEGIN
    UPDATE adw_tools
    SET success_rate = (
        SELECT CAST(SUM(CASE WHEN success = 1 THEN 1 ELSE 0 END) AS REAL) / COUNT(*)
        FROM tool_calls
        WHERE tool_name = NEW.tool_name
    )
    WHERE tool_name = NEW.tool_name;
END$sql$),
('public', 'internal', 'sqlite_sequence', 'sqlite_sequence', 'sqlite_sequence', '')
ON CONFLICT (schema_name, kind, name) DO UPDATE SET
    (source_name, source_table, sql, place) =
    (EXCLUDED.source_name, EXCLUDED.source_table, EXCLUDED.sql, EXCLUDED.place);

INSERT INTO outgrow.pragmas (schema_name, name, value)
VALUES ('public', 'user_version', 0)
ON CONFLICT (schema_name, name) DO UPDATE SET value = EXCLUDED.value;


-- -----------------------------------------------------------------------------
-- 7. The marker: from here on this file is skipped
-- -----------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION outgrow.schema_state(schema_name text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
WITH object (kind, on_table, name, definition) AS (
WITH relation AS (
    SELECT oid, relname, relkind, relpersistence FROM pg_catalog.pg_class
    WHERE relnamespace = pg_catalog.to_regnamespace(quote_ident($1))
)
SELECT 'table', '', relname, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END
FROM relation WHERE relkind = 'r'
UNION ALL
SELECT 'column', relname, attname, concat_ws(' ',
    format_type(atttypid, atttypmod),
    CASE WHEN attcollation <> 0 THEN 'COLLATE ' || attcollation::regcollation::text END,
    CASE WHEN attnotnull THEN 'NOT NULL' END,
    CASE WHEN attidentity <> '' THEN 'IDENTITY ' || attidentity::text END,
    CASE WHEN attgenerated <> '' THEN 'GENERATED ' || attgenerated::text END,
    CASE WHEN adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(adbin, adrelid) END)
FROM relation JOIN pg_catalog.pg_attribute a ON attrelid = relation.oid
LEFT JOIN pg_catalog.pg_attrdef ON adrelid = relation.oid AND adnum = attnum
WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', relname, conname, concat_ws(' ', pg_get_constraintdef(c.oid),
    CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger
        WHERE tgconstraint = c.oid AND tgenabled NOT IN ('O', 'A')) THEN 'TRIGGERS DISABLED' END)
FROM relation JOIN pg_catalog.pg_constraint c ON conrelid = relation.oid AND contype <> 'n'
UNION ALL
SELECT 'index', t.relname, relation.relname, pg_get_indexdef(relation.oid)
FROM relation JOIN pg_catalog.pg_index ON indexrelid = relation.oid
JOIN relation t ON t.oid = indrelid
UNION ALL
SELECT 'view', '', relname, pg_get_viewdef(oid) FROM relation WHERE relkind = 'v'
UNION ALL
SELECT 'trigger', relname, tgname, pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
FROM relation JOIN pg_catalog.pg_trigger t ON tgrelid = relation.oid AND NOT tgisinternal
UNION ALL
SELECT 'function', '', proname, concat_ws(' ', prosrc, array_to_string(proconfig, ', '))
FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.to_regnamespace(quote_ident($1))
UNION ALL
SELECT 'sequence', '', relname,
    concat_ws(' ', seqtypid::regtype, seqincrement, seqmin, seqmax, seqcycle)
FROM relation JOIN pg_catalog.pg_sequence ON seqrelid = relation.oid
UNION ALL
SELECT 'relation', '', relname, concat_ws(' ', c.relkind, c.relowner::regrole,
    coalesce(c.relacl,
        acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner)),
    c.reloptions, c.relrowsecurity, c.relpersistence, c.relreplident, c.relispartition)
FROM relation JOIN pg_class c USING (oid, relname)
UNION ALL
SELECT 'rule', relname, rulename, pg_get_ruledef(r.oid)
FROM relation JOIN pg_rewrite r ON ev_class = relation.oid
UNION ALL
SELECT 'policy', relname, polname, '' FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL
SELECT 'child', relname, inhrelid::regclass::text, ''
FROM relation JOIN pg_inherits ON inhparent = relation.oid
UNION ALL
SELECT 'right', relname, attname, attacl::text
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attacl IS NOT NULL
UNION ALL
SELECT 'right', proname, proowner::regrole::text,
    coalesce(proacl, acldefault('f', proowner))::text
FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident($1))
UNION ALL
SELECT 'statistics', relname, stxname, ''
FROM relation JOIN pg_statistic_ext ON stxrelid = relation.oid
UNION ALL
SELECT 'comment', relname, objsubid::text, description
FROM relation JOIN pg_description ON objoid = relation.oid AND classoid = 'pg_class'::regclass
)
SELECT md5(string_agg(concat_ws(E'\x1f', kind, on_table, name, definition), E'\x1e'
    ORDER BY kind COLLATE "C", on_table, name COLLATE "C", definition COLLATE "C"))
FROM object
$$;
COMMENT ON FUNCTION outgrow.schema_state(text) IS
    'A checksum of what a schema holds but for the rows, by which outgrow sees changes';

CREATE TABLE IF NOT EXISTS outgrow.schema_loaded (
    schema_name text NOT NULL,
    sources text[] NOT NULL,
    loaded timestamptz NOT NULL DEFAULT statement_timestamp(),
    outgrow_version text NOT NULL,
    checksum text NOT NULL,
    run bigint,
    state text,
    PRIMARY KEY (schema_name, sources)
);
COMMENT ON TABLE outgrow.schema_loaded IS
    'The schemas that are here, whole: what a health check asks for';
COMMENT ON COLUMN outgrow.schema_loaded.run IS
    'The migration that brought it; NULL where the schema file did';
COMMENT ON COLUMN outgrow.schema_loaded.state IS
    'outgrow.schema_state() at the end of the schema file';

INSERT INTO outgrow.schema_loaded
    (schema_name, sources, outgrow_version, checksum, state)
VALUES
    ('public', ARRAY['database.db', 'workflow_history.db'], '0.1.0',
    '1d8b2739dc9b568c762b497b8e7a03539acc53d4b2efb0c24d172dd0353d6ef4',
    outgrow.schema_state('public'));

COMMIT;

\endif
