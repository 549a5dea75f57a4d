-- Whether a text is JSON as RFC 8259 says, at most 1000 levels deep, as SQLite reads it.
-- No error is caught: PostgreSQL before 17 can't do that in a parallel query.
-- https://www.sqlite.org/json1.html#the_json_valid_function
CREATE OR REPLACE FUNCTION outgrow.json_valid(x text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $$
DECLARE
  -- S stands for a string, V for any other value: neither letter is one of JSON's own.
  rest text := regexp_replace(
    x, '"(?:[^"\\\u0001-\u001f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"', '""', 'g');
  shorter text;
BEGIN
  IF rest ~ '[^]["{}:,0-9.+trufalsneE \t\n\r-]' THEN RETURN false; END IF;
  rest := replace(rest, '""', 'S');
  rest := regexp_replace(rest,
    '-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null', 'V', 'g');
  rest := translate(rest, E' \t\n\r', '');
  FOR level IN 0..1000 LOOP
    IF rest IN ('S', 'V') THEN RETURN true; END IF;
    shorter := regexp_replace(rest,
      '\[(?:[SV](?:,[SV])*)?\]|\{(?:S:[SV](?:,S:[SV])*)?\}', 'V', 'g');
    IF shorter = rest THEN RETURN false; END IF;
    rest := shorter;
  END LOOP;
  RETURN false;
END
$$;
