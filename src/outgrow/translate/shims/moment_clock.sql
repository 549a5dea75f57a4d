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
