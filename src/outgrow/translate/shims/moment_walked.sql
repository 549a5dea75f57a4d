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
