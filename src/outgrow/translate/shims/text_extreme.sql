-- The least or greatest of several texts by NOCASE or RTRIM; NULL where one is NULL. Of equal
-- ones the first is the greatest and the last the least. https://www.sqlite.org/lang_corefunc.html#max_scalar
CREATE OR REPLACE FUNCTION outgrow.text_extreme(given text[], rule text, largest boolean)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  best text := given[1];
  each text;
  a text COLLATE "C";
  b text COLLATE "C";
BEGIN
  FOREACH each IN ARRAY given LOOP
    IF each IS NULL THEN RETURN NULL; END IF;
    a := CASE WHEN rule = 'NOCASE' THEN lower(best COLLATE "C") ELSE rtrim(best, ' ') END;
    b := CASE WHEN rule = 'NOCASE' THEN lower(each COLLATE "C") ELSE rtrim(each, ' ') END;
    IF (a < b) = largest THEN best := each; END IF;
  END LOOP;
  RETURN best;
END
$$;
