-- needs: text_number
-- A text that is a number as a whole; NULL for any other. For functions that take numbers only,
-- https://www.sqlite.org/lang_mathfunc.html
CREATE OR REPLACE FUNCTION outgrow.text_whole(x text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ '^[ \t\n\v\f\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\n\v\f\r]*$' THEN
    RETURN outgrow.text_number(x);
  END IF;
  RETURN NULL;
END
$$;
