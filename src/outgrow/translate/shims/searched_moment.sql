-- needs: moment_plain, shape_unit, time_text
-- The first moment of the years 1 to 9999 whose text in this shape is above x, or not below it;
-- infinity where there is none. A date tells it, or else the letter after the date; in any other
-- text halving finds it, first the day, then the time of the day.
CREATE OR REPLACE FUNCTION outgrow.searched_moment(x text, shape text, above boolean)
RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  unit interval := outgrow.shape_unit(shape);
  in_a_day bigint := extract(epoch FROM interval '1 day') / extract(epoch FROM unit);
  days constant bigint := 3652059;
  day timestamp := outgrow.moment_plain(left(x, 10));
  low bigint := 0;
  high bigint := days;
  middle bigint;
  text_there text COLLATE "C";
BEGIN
  IF day IS NOT NULL AND length(shape) > 10 AND substr(x, 11, 1) <> substr(shape, 11, 1) THEN
    day := CASE WHEN substr(x, 11, 1) < substr(shape, 11, 1) COLLATE "C" THEN day
                ELSE day + interval '1 day' END;
    RETURN CASE WHEN day < '10000-01-01' THEN day ELSE 'infinity' END;
  END IF;
  day := '0001-01-01';
  WHILE low < high LOOP
    middle := (low + high) / 2;
    -- The last moment of that day.
    text_there := outgrow.time_text(day + middle * interval '1 day' + (in_a_day - 1) * unit, shape);
    IF text_there > x OR NOT above AND text_there = x THEN
      high := middle;
    ELSE
      low := middle + 1;
    END IF;
  END LOOP;
  IF low = days THEN RETURN 'infinity'; END IF;
  day := day + low * interval '1 day';
  low := 0;
  high := in_a_day - 1;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    text_there := outgrow.time_text(day + middle * unit, shape);
    IF text_there > x OR NOT above AND text_there = x THEN
      high := middle;
    ELSE
      low := middle + 1;
    END IF;
  END LOOP;
  RETURN day + low * unit;
END
$$;
