-- needs: text_whole
-- A number compared with a text to which numeric affinity applies: -1, 0 or 1. A text that is a
-- number as a whole is compared as one, any other comes after every number.
-- https://www.sqlite.org/datatype3.html#comparison_expressions
CREATE OR REPLACE FUNCTION outgrow.number_text_order(x numeric, t text) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y numeric := outgrow.text_whole(t);
BEGIN
  RETURN CASE WHEN y IS NULL OR x < y THEN -1 WHEN x = y THEN 0 ELSE 1 END;
END
$$;
