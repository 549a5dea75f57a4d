-- The bytes of a text of hexadecimal digits, between whose pairs the ignored characters may stand;
-- NULL for any other text. https://www.sqlite.org/lang_corefunc.html#unhex
CREATE OR REPLACE FUNCTION outgrow.unhex(x text, ignored text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  pairs text := '';
  rest text := x;
BEGIN
  IF x ~ '^([0-9A-Fa-f]{2})*$' THEN RETURN decode(x, 'hex'); END IF;
  WHILE rest <> '' LOOP
    IF rest ~ '^[0-9A-Fa-f]{2}' THEN
      pairs := pairs || left(rest, 2);
      rest := substr(rest, 3);
    ELSIF rest ~ '^[^0-9A-Fa-f]' AND strpos(ignored, left(rest, 1)) > 0 THEN
      rest := substr(rest, 2);
    ELSE
      RETURN NULL;
    END IF;
  END LOOP;
  RETURN decode(pairs, 'hex');
END
$$;
