-- x LIKE pattern ESCAPE letter, with letter or pattern only known when it runs. A pattern that ends
-- after the letter matches nothing. https://www.sqlite.org/lang_expr.html#like
CREATE OR REPLACE FUNCTION outgrow.like(pattern text, x text, letter text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(letter) <> 1 THEN
    RAISE EXCEPTION 'ESCAPE expression must be a single character'
      USING ERRCODE = 'invalid_escape_character';
  END IF;
  IF (length(pattern) - length(rtrim(pattern, letter))) % 2 = 1 THEN RETURN false; END IF;
  RETURN lower(x COLLATE "C") LIKE lower(like_escape(pattern, letter) COLLATE "C");
END
$$;
