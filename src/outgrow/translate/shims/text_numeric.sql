-- needs: text_number
-- CAST of a text to NUMERIC: a real becomes an integer where it is integral and between -2^51 and
-- 2^51. https://www.sqlite.org/lang_expr.html#castexpr
CREATE OR REPLACE FUNCTION outgrow.text_numeric(x text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  value numeric := outgrow.text_number(x);
BEGIN
  IF scale(value) > 0 AND value >= -2251799813685248 AND value < 2251799813685248
    AND value = trunc(value)
  THEN
    RETURN trunc(value);
  END IF;
  RETURN value;
END
$$;
