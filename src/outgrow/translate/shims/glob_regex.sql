-- A pattern of GLOB as a regular expression for the whole text; one with an open bracket matches
-- nothing. https://www.sqlite.org/lang_expr.html#glob
CREATE OR REPLACE FUNCTION outgrow.glob_regex(pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  written text := '^';
  rest text := pattern;
  letter text;
  before text;
BEGIN
  IF strpos(pattern, '[') = 0 THEN
    RETURN '^' || replace(replace(regexp_replace(pattern, '([][\\^$.|+(){}])', '\\\1', 'g'),
      '*', '.*'), '?', '.') || '$';
  END IF;
  WHILE rest <> '' LOOP
    letter := left(rest, 1);
    rest := substr(rest, 2);
    IF letter <> '[' THEN
      written := written || CASE letter
        WHEN '*' THEN '.*'
        WHEN '?' THEN '.'
        ELSE regexp_replace(letter, '([][\\^$.|+(){}])', '\\\1')
      END;
      CONTINUE;
    END IF;
    written := written || '[';
    IF left(rest, 1) = '^' THEN
      written := written || '^';
      rest := substr(rest, 2);
    END IF;
    before := '';
    IF left(rest, 1) = ']' THEN
      written := written || '\]';
      rest := substr(rest, 2);
    END IF;
    LOOP
      letter := left(rest, 1);
      -- A bracket that stays open: what follows nothing is never there.
      IF letter = '' THEN RETURN '^(?!)'; END IF;
      rest := substr(rest, 2);
      EXIT WHEN letter = ']';
      IF letter = '-' AND before <> '' AND left(rest, 1) NOT IN ('', ']') THEN
        letter := left(rest, 1);
        rest := substr(rest, 2);
        -- A range that runs backwards holds nothing.
        IF before COLLATE "C" <= letter THEN
          written := written || regexp_replace(before, '([][\\^:.=-])', '\\\1') || '-'
            || regexp_replace(letter, '([][\\^:.=-])', '\\\1');
        END IF;
        before := '';
      ELSE
        written := written || regexp_replace(letter, '([][\\^:.=-])', '\\\1');
        before := letter;
      END IF;
    END LOOP;
    written := written || ']';
  END LOOP;
  RETURN written || '$';
END
$$;
